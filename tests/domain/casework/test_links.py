"""Two ids of one person: linked by two operators, and then one person in everything that compares persons."""

from dataclasses import replace
from typing import Final

import pytest

from api.identity.tokens import Believed
from deploy.clock import new_person, now
from domain.casework.commands.commands import Actor, Command
from domain.casework.service import Casework
from domain.persons.events import LinkReason
from domain.persons.links import Pair
from tests.api.identity.test_examples import BODO as BODO_NUMBER
from tests.api.identity.test_examples import ISSUERS, details, number, resource
from tests.claiming import Claiming, claiming
from tests.desk import Desk, command, ordered_by, refusal
from tests.scenario import BEIARN, BODO, full_time
from workers.access.identity import identity_of

HERE: Final = ISSUERS["Helsedirektoratet"]
THERE: Final = HERE.model_copy(update={"issuer": "https://there.example"})
KARI, OLA = "operator:kari", "operator:ola"


def signed_in(at: Desk, role: str, sub: str, *, there: bool = False) -> Actor:
    """Somebody who signs in at one of two issuers, neither of which gives an identity number."""
    issuer = THERE if there else HERE
    identity = identity_of(at.casework, [HERE, THERE])
    assert identity
    claims = {"sub": sub, "name": f"Noen {sub}", "roles": [f"Alis.{role}"]}
    somebody = identity.somebody(Believed(issuer, claims))
    [capacity] = somebody.capacities
    return somebody.acting(capacity)


def two_of_ada(at: Desk) -> Pair:
    """The two ids of somebody who has signed in at both issuers."""
    here, there = signed_in(at, "Saksbehandler", "ada"), signed_in(at, "Saksbehandler", "al", there=True)
    assert here.subject != there.subject
    return id_of(here), id_of(there)


def id_of(actor: Actor) -> str:
    return actor.subject.partition(":")[2]


def linked(at: Desk) -> Pair:
    """The two ids, once two operators have said that they are one person."""
    pair = two_of_ada(at)
    at.casework.links.declare(pair, LinkReason.SEVERAL_ISSUERS, now(), ordered_by(KARI))
    at.casework.links.approve(pair, now(), ordered_by(OLA))
    return pair


def as_one_of(at: Desk, person: str, kind: str, role: str, organisation: str | None = None) -> Actor:
    """Somebody with this id, as sign-in makes them act."""
    first, *others = at.casework.links.ids_of(person)
    return Actor(f"{kind}:{first}", role, organisation, other_ids=tuple(others))


def opened(at: Desk) -> Claiming:
    at.imports(full_time().facts)
    return claiming(at)


# ---------------------------------------------------------------- one person


def test_who_has_two_ids_acts_under_the_first_wherever_they_sign_in(at: Desk) -> None:
    first, second = linked(at)
    for there in (False, True):
        actor = signed_in(at, "Godkjenner", "al" if there else "ada", there=there)
        assert (actor.subject, actor.other_ids) == (f"godkjenner:{first}", (second,))


def test_who_proposed_at_one_issuer_cannot_approve_at_the_other(at: Desk) -> None:
    claim = opened(at).assessed()
    claim.do("propose", by=signed_in(at, "Saksbehandler", "al", there=True))
    linked(at)
    assert refusal(lambda: claim.do("approve", by=signed_in(at, "Godkjenner", "ada"))) == "same-person"
    assert refusal(lambda: claim.do("approve", by=signed_in(at, "Godkjenner", "al", there=True))) == "same-person"
    claim.do("approve", by=signed_in(at, "Godkjenner", "bo"))


def test_nobody_attests_what_they_registered_under_another_id(at: Desk) -> None:
    first, second = two_of_ada(at)
    claim = opened(at).opened().confirmed()
    claim.do("submit", by=Actor(f"kommune-{BODO}:{second}", "municipality", BODO))
    for step in ("assess", "propose", "approve", "pay"):
        claim.do(step)
    linked(at)
    claim.documented()
    revisor = as_one_of(at, first, "revisor-1804", "revisor", BODO)
    assert refusal(lambda: claim.do("attest", by=revisor)) == "revisor-involved"


@pytest.mark.parametrize("declared_on", [0, 1])
def test_a_tie_of_one_id_keeps_the_person_from_the_case_under_both_and_is_found_afterwards(
    at: Desk, declared_on: int
) -> None:
    claim = opened(at).assessed()
    pair = two_of_ada(at)
    claim.do("propose", by=signed_in(at, "Saksbehandler", "al", there=True))
    claim.do("approve", by=signed_in(at, "Godkjenner", "bo"))
    said = {"type": "tie_declared", "person": f"person:{pair[declared_on]}", "hpr": "9000001", "kind": "family"}
    order = replace(command(), actor=Actor.named("saksbehandler:cd"))
    at.casework.ties.register({**said, "first_day": "2026-01-01"}, now(), order)
    linked(at)
    for ada in (signed_in(at, "Saksbehandler", "ada"), signed_in(at, "Saksbehandler", "al", there=True)):
        assert refusal(lambda: claim.do("reopen", by=ada)) == "disqualified"  # noqa: B023
    for person in pair:
        [found] = at.casework.tie_search.decisions(f"saksbehandler:{person}")
        assert [each.event.recorded_by for each in found.took_part] == [f"saksbehandler:{pair[1]}"]


def test_nobody_ends_their_own_tie_under_another_id(at: Desk) -> None:
    _, second = linked(at)
    ties = at.casework.ties
    said = {"type": "tie_declared", "tie": "t1", "person": f"person:{second}", "hpr": "9000001", "kind": "family"}
    ties.register({**said, "first_day": "2026-01-01"}, now(), by(signed_in(at, "Saksbehandler", "bo")))
    ends = {"type": "tie_ended", "tie": "t1", "last_day": "2026-02-01"}
    assert refusal(lambda: ties.register(ends, now(), by(signed_in(at, "Saksbehandler", "ada")))) == "own-tie"


def by(actor: Actor) -> Command:
    return replace(command(), actor=actor)


def test_who_is_linked_to_two_has_three_ids_whatever_the_order(at: Desk) -> None:
    first, second = linked(at)
    third = id_of(signed_in(at, "Saksbehandler", "a.lie", there=True))
    at.casework.links.declare((third, second), LinkReason.NEW_IDENTITY_NUMBER, now(), ordered_by(OLA))
    at.casework.links.approve((third, second), now(), ordered_by(KARI))
    assert {at.casework.links.ids_of(each) for each in (first, second, third)} == {(third, first, second)}


def municipalities_of(at: Desk, sub: str, issuer: str) -> tuple[str, set[str | None]]:
    """The id of somebody who works for Bodø, and whom they may act for."""
    ansattporten = ISSUERS["Ansattporten"].model_copy(update={"issuer": issuer})
    identity = identity_of(at.casework, [ansattporten])
    assert identity
    claims = {"sub": sub, **details(resource("alis-soknad", number(BODO_NUMBER)))}
    somebody = identity.somebody(Believed(ansattporten, claims))
    return somebody.person, {each.organisation for each in somebody.capacities}


def test_who_was_appointed_coordinator_by_one_id_is_so_wherever_they_sign_in(at: Desk) -> None:
    here, there = ("kn", "https://here.example"), ("nes", "https://there.example")
    (first, _), (second, _) = municipalities_of(at, *here), municipalities_of(at, *there)
    entry = {"type": "coordinator_appointed", "person": f"person:{second}", "first_day": "2026-01-01"}
    appoints = by(Actor(f"kommune:{BEIARN}", "municipality", BEIARN))
    at.casework.municipalities.register(BEIARN, entry, now(), appoints)
    assert municipalities_of(at, *here) == (first, {BODO})
    assert municipalities_of(at, *there) == (second, {BODO, BEIARN})
    at.casework.links.declare((first, second), LinkReason.SEVERAL_ISSUERS, now(), ordered_by(KARI))
    at.casework.links.approve((first, second), now(), ordered_by(OLA))
    for where in (here, there):
        assert municipalities_of(at, *where) == (first, {BODO, BEIARN})


# ---------------------------------------------------------------- two operators


def test_nothing_follows_from_what_one_operator_says_alone(at: Desk) -> None:
    pair, links = two_of_ada(at), at.casework.links
    links.declare(pair, LinkReason.SEVERAL_ISSUERS, now(), ordered_by(KARI))
    assert links.ids_of(pair[1]) == (pair[1],)
    for same in (KARI, "operator:KARI", f"operator:{pair[0]}", f"operator:{pair[1]}"):
        assert refusal(lambda: links.approve(pair, now(), ordered_by(same))) == "own-link"  # noqa: B023
    assert links.ids_of(pair[1]) == (pair[1],)
    links.approve(pair, now(), ordered_by(OLA))
    assert Casework(at.store).links.ids_of(pair[1]) == pair, "in every process"


def test_an_operator_with_two_ids_is_one_operator(at: Desk) -> None:
    first, second = linked(at)
    pair = id_of(signed_in(at, "Saksbehandler", "bo")), id_of(signed_in(at, "Saksbehandler", "bd", there=True))
    at.casework.links.declare(pair, LinkReason.SEVERAL_ISSUERS, now(), ordered_by(f"operator:{second}"))
    order = by(as_one_of(at, first, "operator", "operator"))
    assert refusal(lambda: at.casework.links.approve(pair, now(), order)) == "own-link"


@pytest.mark.parametrize("who", ["saksbehandler:ab", "godkjenner:cd", f"kommune:{BODO}", "kontrollør:ef"])
def test_only_operators_link_persons(at: Desk, who: str) -> None:
    pair, links = two_of_ada(at), at.casework.links
    reason = LinkReason.SEVERAL_ISSUERS
    assert refusal(lambda: links.declare(pair, reason, now(), ordered_by(who))) == "wrong-role"
    links.declare(pair, reason, now(), ordered_by(KARI))
    assert refusal(lambda: links.approve(pair, now(), ordered_by(who))) == "wrong-role"
    assert refusal(lambda: links.withdraw(pair, now(), ordered_by(who))) == "wrong-role"


def test_a_link_is_declared_once_settled_once_and_of_persons_that_there_are(at: Desk) -> None:
    pair, links = two_of_ada(at), at.casework.links
    other_way = pair[1], pair[0]

    def declare(two: Pair) -> None:
        links.declare(two, LinkReason.SEVERAL_ISSUERS, now(), ordered_by(KARI))

    assert refusal(lambda: links.approve(pair, now(), ordered_by(OLA))) == "unknown-link"
    assert refusal(lambda: declare((pair[0], new_person()))) == "unknown-person"
    assert refusal(lambda: declare((pair[0], pair[0]))) == "already-linked"
    declare(pair)
    assert refusal(lambda: declare(pair)) == "link-declared"
    assert refusal(lambda: declare(other_way)) == "link-declared"
    assert refusal(lambda: links.approve(other_way, now(), ordered_by(OLA))) == "unknown-link"
    links.withdraw(pair, now(), ordered_by(KARI))
    assert refusal(lambda: links.approve(pair, now(), ordered_by(OLA))) == "link-settled"
    declare(pair)
    links.approve(pair, now(), ordered_by(OLA))
    assert refusal(lambda: links.approve(pair, now(), ordered_by(OLA))) == "link-settled"
    assert refusal(lambda: links.withdraw(pair, now(), ordered_by(OLA))) == "link-settled"
    assert refusal(lambda: declare(other_way)) == "already-linked"
