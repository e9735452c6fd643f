"""Ties of a person to a doctor or a municipality: declared, ended, and whose cases they keep somebody from."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

import pytest

from domain.claim.rights.known import Known
from domain.claim.rights.rights import check_step
from domain.claim.steps.registry import STEPS
from domain.doctor.intake.typed import read_typed
from domain.ties.events import TIE_TYPES
from domain.ties.ties import Disqualification, Ties, decide
from tests.claiming import NAME
from tests.desk import refusal
from tests.domain.claim.given import submitted
from tests.domain.claim.test_parts import Acting

IDA: Final = "saksbehandler:ida"
MAY: Final = date(2026, 5, 1)
TO_DOCTOR: Final = {"type": "tie_declared", "person": IDA, "hpr": "9000001", "kind": "family"}


def taken(ties: Ties, by: str = "saksbehandler:ada", role: str = "caseworker", **said: Any) -> Ties:  # noqa: ANN401
    ours = {"recorded_at": datetime(2026, 1, 10, tzinfo=UTC), "recorded_by": by}
    days = {} if said["type"] == "tie_ended" else {"first_day": "2026-01-01"}
    for event in decide(ties, read_typed({**days, **said}, TIE_TYPES, ours, {"tie": "t1"}), role):
        ties = ties.and_then(event)
    return ties


def codes(code: str) -> list[str]:
    return [code, "1508"] if code == "1507" else [code]


def test_a_tie_is_in_force_from_its_first_day_to_its_end_for_the_person_in_every_role() -> None:
    ties = taken(Ties(), **TO_DOCTOR)
    assert ties.in_force(["godkjenner:Ida"], MAY, codes) == Disqualification(frozenset({"9000001"}))
    assert ties.in_force([IDA], date(2025, 12, 31), codes) == Disqualification()
    assert ties.in_force(["saksbehandler:ada"], MAY, codes) == Disqualification()
    ended = taken(ties, type="tie_ended", last_day="2026-04-30")
    assert ended.in_force([IDA], MAY, codes) == Disqualification()
    assert ended.in_force([IDA], date(2026, 4, 30), codes).doctors == {"9000001"}


def test_a_tie_to_a_municipality_is_one_to_it_under_all_its_codes() -> None:
    ties = taken(Ties(), type="tie_declared", person=IDA, municipality="1507", kind="employment")
    assert ties.in_force([IDA], MAY, codes).municipalities == {"1507", "1508"}


def test_whoever_has_the_tie_cannot_end_it() -> None:
    ties = taken(Ties(), by=IDA, **TO_DOCTOR)
    assert refusal(lambda: taken(ties, by="godkjenner:ida", type="tie_ended", last_day="2026-04-30")) == "own-tie"
    assert refusal(lambda: taken(ties, type="tie_ended", last_day="2025-04-30")) == "ends-before-it-begins"
    assert refusal(lambda: taken(ties, type="tie_ended", tie="t2", last_day="2026-04-30")) == "unknown-tie"


def test_ties_are_declared_by_those_who_handle_cases_alone_and_each_once() -> None:
    assert refusal(lambda: taken(Ties(), role="municipality", **TO_DOCTOR)) == "wrong-role"
    ties = taken(Ties(), **TO_DOCTOR)
    assert taken(ties, **TO_DOCTOR) == ties
    assert refusal(lambda: taken(ties, **{**TO_DOCTOR, "kind": "financial"})) == "tie-id-used"


@pytest.mark.parametrize(
    "tied", [Disqualification(doctors=frozenset({"9000001"})), Disqualification(municipalities=frozenset({"1804"}))]
)
def test_whoever_has_a_tie_can_take_no_step_as_caseworker_or_approver(tied: Disqualification) -> None:
    claim = submitted().claim
    known: Known = {Disqualification: tied}
    for step in STEPS.values():
        for role in {"caseworker", "approver"} & {*step.roles}:
            assert refusal(partial(check_step, claim, step, Acting(role), NAME, known)) == "disqualified"


def test_the_refusal_names_the_rule_and_not_the_tie() -> None:
    with pytest.raises(Exception, match="forvaltningsloven § 6") as refused:
        Disqualification(doctors=frozenset({"9000001"})).check("caseworker", ["9000001"], [])
    assert "9000001" not in str(refused.value)


def test_a_tie_to_somebody_else_keeps_nobody_from_a_claim() -> None:
    Disqualification(frozenset({"9999999"}), frozenset({"1875"})).check("caseworker", submitted().claim.lines, ["1804"])
