"""Nobody who had a part in a claim acts in it in another role: every pair that would defeat control, one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import pytest

from domain.claim.rights.known import Known, Registrants
from domain.claim.rights.rights import check_step
from domain.claim.rights.step import Step
from domain.claim.steps.registry import STEPS
from domain.claim.stream.state import GrantClaim
from tests.claiming import NAME
from tests.desk import refusal
from tests.domain.claim.given import Given, assessed, attested, confirmed, decided, paid, refused, submitted

IDA: Final = "person:Ida Lie"


@dataclass(frozen=True)
class Acting:
    """Ida, in one of the roles."""

    role: str
    subject: str = IDA
    organisation: str | None = "1804"
    called: tuple[str, ...] = ()


MUNICIPALITY, CASEWORKER, APPROVER, REVISOR = map(Acting, ("municipality", "caseworker", "approver", "revisor"))
THEIRS: Final = {
    "opened": Given().after("open", MUNICIPALITY),
    "confirmed a line": Given().after("open").after("confirm_line", MUNICIPALITY).after("confirm_line", hpr="9000002"),
    "removed a line": confirmed().after("remove_line", MUNICIPALITY, hpr="9000002"),
    "attached a document": confirmed().after("attach_document", MUNICIPALITY),
    "submitted": confirmed().after("submit", MUNICIPALITY),
    "withdrew": confirmed().after("withdraw", MUNICIPALITY).after("open"),
    "allowed it late": confirmed().after("allow_late_submission", CASEWORKER),
    "returned it": submitted().after("return", CASEWORKER),
    "assessed": submitted().after("assess", CASEWORKER),
    "proposed": assessed().after("propose", CASEWORKER),
    "sent back": assessed().after("propose").after("send_back", APPROVER),
    "approved": assessed().after("propose", lines=[refused("9000002")]).after("approve", APPROVER),
    "paid": decided().after("pay", CASEWORKER, kroner=1_000),
    "attested": paid().after("attest", REVISOR, lines=[attested()]),
}
"""What Ida did, in the role that it takes."""
ROLES: Final = {
    **dict.fromkeys(list(THEIRS)[:6], "municipality"),
    **dict.fromkeys(("allowed it late", "returned it", "assessed", "proposed", "paid"), "caseworker"),
    **dict.fromkeys(("sent back", "approved"), "approver"),
    "attested": "revisor",
}
KINDS: Final = ("municipality", "caseworker", "approver", "revisor")
PAIRS: Final = [(did, role) for did in THEIRS for role in KINDS if role != ROLES[did]]
HAD_A_PART: Final = {"part-in-another-role", "revisor-involved", "same-person"}


def steps_of(role: str, claim: GrantClaim) -> Iterator[tuple[Step, GrantClaim]]:
    """Every step of a role, with the claim where it is possible."""
    for step in STEPS.values():
        if role in step.roles:
            yield step, replace(claim, status=min(step.statuses), decisions=())


@pytest.mark.parametrize(("did", "role"), PAIRS)
def test_whoever_had_a_part_in_a_claim_takes_no_step_of_it_in_another_role(did: str, role: str) -> None:
    claim = THEIRS[did].claim
    assert claim.parts[IDA] == {ROLES[did]}
    for subject in (IDA, "saksbehandler:IDA  LIE", "revisor:ida-lie"):
        found = {
            refusal(partial(check_step, at, step, Acting(role, subject), NAME)) for step, at in steps_of(role, claim)
        }
        assert found <= HAD_A_PART, (did, role)
        assert found, (did, role)


@pytest.mark.parametrize("did", THEIRS)
def test_whoever_had_a_part_in_a_claim_goes_on_in_the_same_role(did: str) -> None:
    proposed = THEIRS[did].claim.proposal
    for step, at in steps_of(ROLES[did], THEIRS[did].claim):
        if not proposed or step.name not in {"approve", "send_back"}:
            check_step(at, step, Acting(ROLES[did]), NAME)


@pytest.mark.parametrize("role", KINDS)
def test_somebody_else_is_kept_from_nothing(role: str) -> None:
    for did in THEIRS:
        for step, at in steps_of(role, THEIRS[did].claim):
            check_step(at, step, Acting(role, f"person:{role} Ås"), NAME)


@pytest.mark.parametrize("role", ["caseworker", "approver", "revisor"])
def test_whoever_recorded_a_fact_of_its_doctors_for_the_municipality_decides_nothing_in_the_claim(role: str) -> None:
    recorded: Known = {Registrants: {"kommune:ida lie": frozenset({"municipality"})}}
    for step, at in steps_of(role, paid().claim):
        assert refusal(partial(check_step, at, step, Acting(role), NAME, recorded)) in HAD_A_PART, step.name


def test_a_caseworker_who_recorded_a_fact_still_works_on_the_claim_but_does_not_approve_it() -> None:
    recorded: Known = {Registrants: {"saksbehandler:Ida Lie": frozenset({"caseworker"})}}
    for step, at in steps_of("caseworker", paid().claim):
        check_step(at, step, Acting("caseworker"), NAME, recorded)
    for step, at in steps_of("approver", paid().claim):
        assert refusal(partial(check_step, at, step, Acting("approver"), NAME, recorded)) in HAD_A_PART
