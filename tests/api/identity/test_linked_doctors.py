"""A doctor signs in at ID-porten, which knows no HPR numbers, once HelseID has stated both numbers of theirs."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from api.access.session import Session
from api.identity.acting import Capacity, Somebody
from api.identity.code_flow import SignedIn
from api.identity.issuers import RoleRule
from api.identity.tokens import Believed
from api.sign_in.pages import which_role
from domain.casework.service import Casework
from tests.api.identity.test_examples import ISSUERS
from workers.access.identity import identity_of

PID, OTHER = "01810000042", "01810000043"
_IDENTITY_NUMBER: Final = "helseid://claims/identity/pid"
_HPR: Final = "helseid://claims/hpr/hpr_number"
HERE: Final = (Capacity("doctor", hpr="9000001"),)
SignIn = Callable[..., Somebody]


@pytest.fixture
def sign_in(casework: Casework) -> SignIn:
    """Signs somebody in at an issuer of the example."""
    identity = identity_of(casework, [*ISSUERS.values()])
    assert identity

    def signing_in(issuer: str, **claims: Any) -> Somebody:  # noqa: ANN401 - as in a token
        return identity.somebody(Believed(ISSUERS[issuer], {"name": "Anne", **claims}))

    return signing_in


def of_helseid(pid: str | None, hpr: str, sub: str = "h") -> dict[str, str]:
    return {"sub": sub, _HPR: hpr, **({_IDENTITY_NUMBER: pid} if pid else {})}


def test_who_has_signed_in_with_helseid_is_the_same_doctor_and_person_with_id_porten(sign_in: SignIn) -> None:
    assert sign_in("ID-porten", pid=PID, sub="i").capacities == (), "nobody has said that it is a doctor"
    there = sign_in("HelseID", **of_helseid(PID, "9000001"))
    here = sign_in("ID-porten", pid=PID, sub="i")
    assert there.capacities == here.capacities == HERE
    assert there.person == here.person
    assert sign_in("ID-porten", pid=OTHER, sub="o").capacities == (), "another person is not"


def test_without_the_identity_number_helseid_links_nobody(sign_in: SignIn) -> None:
    assert sign_in("HelseID", **of_helseid(None, "9000001")).capacities == HERE
    assert sign_in("ID-porten", pid=PID, sub="h").capacities == ()
    assert sign_in("ID-porten", sub="h").capacities == (), "nor is anybody linked without one"


def test_who_signed_in_with_helseid_before_it_stated_the_number_stays_the_same_person(sign_in: SignIn) -> None:
    before = sign_in("HelseID", **of_helseid(None, "9000001"))
    assert sign_in("HelseID", **of_helseid(PID, "9000001")).person == before.person
    assert sign_in("ID-porten", pid=PID, sub="i").person == before.person


def test_an_issuer_that_knows_no_hpr_numbers_states_none(sign_in: SignIn) -> None:
    """A claim of that name in a token of ID-porten is not what its settings say that it tells."""
    assert sign_in("ID-porten", **of_helseid(PID, "9000001")).capacities == ()
    assert sign_in("ID-porten", pid=PID, sub="i").capacities == ()


def test_helseid_states_the_number_anew(sign_in: SignIn) -> None:
    sign_in("HelseID", **of_helseid(PID, "9000001"))
    sign_in("HelseID", **of_helseid(PID, "9000002"))
    assert sign_in("ID-porten", pid=PID, sub="i").capacities == (Capacity("doctor", hpr="9000002"),)


@pytest.mark.parametrize("role", ["caseworker", "municipality", "operator"])
def test_who_is_linked_to_a_number_is_a_doctor_and_nothing_else(role: str) -> None:
    assert RoleRule(role="doctor", shape="linked_hpr").is_whole()
    assert not RoleRule(role=role, shape="linked_hpr").is_whole()
    assert not RoleRule(role="doctor", shape="linked_hpr", name="pid").is_whole()


def test_a_doctor_without_a_role_is_told_where_to_sign_in_first(sign_in: SignIn) -> None:
    def told(issuer: str) -> str:
        session = Session("secret", SignedIn(Believed(ISSUERS[issuer], {}), ""))
        somebody = sign_in(issuer, pid=PID, sub="i")
        return bytes(which_role(session, somebody, None, "/", [*ISSUERS.values()]).body).decode()

    assert "må du logge inn med HelseID én gang først" in told("ID-porten")
    assert "Du har ingen rolle her" in told("Helsedirektoratet")
    assert "HelseID" not in told("Helsedirektoratet")
