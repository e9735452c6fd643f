"""When each step is possible, for whom, and what is said where it is not: one by one."""

from dataclasses import dataclass
from typing import Final

import pytest

from domain.claim.rights.rights import check_step, hindrance
from domain.claim.steps.registry import STEPS
from domain.claim.stream.made import Assessment, Proposal
from domain.claim.stream.state import GrantClaim, Status
from tests.desk import refusal

NAME: Final = "1804-2026"
LETTERS: Final = {
    "o": "already-opened", "S": "already-submitted", "R": "already-reopened", "A": "already-assessed",
    "P": "already-proposed", "D": "already-decided", "€": "already-paid", "T": "already-attested",
    "G": "report-already-accepted", "C": "claim-closed", "W": "claim-withdrawn", "s": "not-submitted",
    "a": "not-assessed", "p": "nothing-proposed", "d": "not-decided", "u": "not-paid", "t": "not-attested",
    "g": "report-not-accepted", ".": None,
}  # fmt: skip
"""What a letter in the table stands for: a refusal, or nothing where the step is possible."""
TABLE: Final = {
    "open":                  "ooSRAPD€TGC.",
    "propose_lines":         "..S.APD€TGCW",
    "confirm_line":          "..S.APD€TGCW",
    "add_line":              "..S.APD€TGCW",
    "remove_line":           "..S.APD€TGCW",
    "report_costs":          "..SRAP....CW",
    "attach_document":       "..........CW",
    "remove_document":       "..SRAPD€TGCW",
    "allow_late_submission": "..SRAPD€TGCW",
    "submit":                "..SRAPD€TGCW",
    "return":                "ss.R.PD€TGCW",
    "withdraw":              "...R.PD€TGCW",
    "assess":                "ss...PD€TGCW",
    "propose":               "aaaa.PD€TGCW",
    "send_back":             "ppppp.D€TGCW",
    "approve":               "ppppp.D€TGCW",
    "pay":                   "dddddd.€TGCW",
    "reclaim":               "dddddd.€TGCW",
    "request_attestation":   "uuuuuuu..GCW",
    "attest":                "uuuuuuu..GCW",
    "accept_report":         "tttttttt.GCW",
    "close":                 "ggggggggg.CW",
    "reopen":                "dddddd.....W",
}  # fmt: skip
"""In the order of `Status`: opened, returned, submitted, reopened, assessed, proposed, decided, paid, attested, report
accepted, closed, withdrawn."""
CASES: Final = [
    (step, status, LETTERS[letter])
    for step, letters in TABLE.items()
    for status, letter in zip(Status, letters, strict=True)
]
MINE: Final = {"municipality": "1804", "revisor": "1804"}
ROLES: Final = ("municipality", "caseworker", "approver", "revisor", "auditor", "rules", "operator", "doctor", None)


@dataclass(frozen=True)
class Somebody:
    subject: str
    role: str | None
    organisation: str | None = None
    called: tuple[str, ...] = ()


def test_every_step_that_can_be_asked_for_has_its_row() -> None:
    assert list(STEPS) == list(TABLE)


@pytest.mark.parametrize(("step", "status", "code"), CASES)
def test_a_step_is_possible_or_refused_by_where_the_claim_is(step: str, status: Status, code: str | None) -> None:
    found = hindrance(GrantClaim(NAME, status=status), STEPS[step], NAME)
    assert (found.code if found else None) == code
    assert found is None or str(found).endswith(".")


@pytest.mark.parametrize("step", STEPS)
def test_of_a_claim_that_is_not_opened_only_opening_is_possible(step: str) -> None:
    found = hindrance(GrantClaim(), STEPS[step], NAME)
    assert (found.code if found else None) == (None if step == "open" else "unknown-claim")


@pytest.mark.parametrize("status", [Status.REOPENED, Status.ASSESSED, Status.PROPOSED])
@pytest.mark.parametrize("step", ["pay", "reclaim", "reopen", "request_attestation", "attest", "accept_report"])
def test_of_a_claim_decided_before_it_is_not_said_that_nothing_was_decided(step: str, status: Status) -> None:
    before = Assessment(1, 1, 1, "", {}, {}, {})
    claim = GrantClaim(NAME, status=status, decisions=(Proposal(1, 1, before, "saksbehandler:ab", {}),))
    found = hindrance(claim, STEPS[step], NAME)
    assert found
    assert found.code == "new-decision-first"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_for_its_roles_alone(step: str, role: str | None) -> None:
    who = Somebody("x:y", role, MINE.get(role or ""))
    [status] = sorted(STEPS[step].statuses)[:1]
    claim = GrantClaim(NAME, "1804", "2026", status)
    if role in STEPS[step].roles:
        check_step(claim, STEPS[step], who, NAME)
    else:
        assert refusal(lambda: check_step(claim, STEPS[step], who, NAME)) == "wrong-role"


@pytest.mark.parametrize("role", ["municipality", "revisor"])
@pytest.mark.parametrize("of", ["1839", None])
def test_a_municipality_and_its_revisor_act_on_their_own_claims_alone(role: str, of: str | None) -> None:
    claim = GrantClaim(NAME, "1804", "2026", Status.PAID)
    step = "attest" if role == "revisor" else "request_attestation"
    assert refusal(lambda: check_step(claim, STEPS[step], Somebody("x:y", role, of), NAME)) == "other-municipality"
