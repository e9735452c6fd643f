"""A line applies for everything that is computed unless a person limited it; what the program proposes is no limit."""

from typing import Final

import pytest

from domain.claim.parts.limits import EVERYTHING, Limits
from tests.claiming import NAME, Claiming, claiming
from tests.desk import Desk, desk, refusal
from tests.domain.casework.test_recorded_decisions import loaded
from tests.scenario import BEIARN, Json, Told, full_time, track

LEAVES: Final = full_time("2025-06-01").known("2025-11-01").ended("p1", "2025-11-14")
"""Everybody thinks that the doctor leaves in November."""
STAYED: Final = LEAVES.known("2026-08-20").withdrawn("4").facts[-1]
FIVE_MONTHS: Final = 157_773
WHOLE_YEAR: Final = 378_656
AS_COMPUTED: Final = {"basis": "agreement", "first_month": "2025-06", "last_month": "2025-10", "supplement": False}


def opened(at: Desk, told: Told = LEAVES) -> Claiming:
    at.imports(told.facts)
    return claiming(at).opened()


def decided(claim: Claiming) -> Claiming:
    for step in ("submit", "assess", "propose", "approve"):
        claim.do(step)
    return claim


def limits(claim: Claiming) -> Limits:
    [line] = claim.state.lines.values()
    return line.limits


def effect(claim: Claiming) -> Json:
    found = claim.at.casework.claims.effect(claim.name)
    assert found
    return found.as_json()


def decided_anew(claim: Claiming) -> int:
    for step in ("reopen", "assess", "propose", "approve"):
        claim.do(step)
    assert claim.state.decided
    return claim.state.decided.total


# ---------------------------------------------------------------- what is a limit, and what is not


@pytest.mark.parametrize("applied", [None, {}, AS_COMPUTED, {"last_month": "2025-10"}, {"supplement": True}])
def test_whoever_confirms_what_the_program_shows_limits_nothing(at: Desk, applied: Json | None) -> None:
    claim = opened(at)
    claim.do("confirm_line", applied=applied)
    assert limits(claim) == EVERYTHING
    assert decided(claim).state.granted["9000001"].kroner == FIVE_MONTHS
    at.imports([STAYED])
    assert effect(claim)["difference"] == WHOLE_YEAR - FIVE_MONTHS
    assert decided_anew(claim) == WHOLE_YEAR


def test_a_person_limits_the_fields_alone_that_differ_from_all_that_there_is(at: Desk) -> None:
    claim = opened(at)
    claim.do("confirm_line", applied={**AS_COMPUTED, "first_month": "2025-08"})
    assert limits(claim) == Limits(first_month="2025-08")
    decided(claim)
    at.imports([STAYED])
    # ten months of twelve: 315 546.765625
    assert decided_anew(claim) == 315_547


def test_a_limit_says_who_made_it_and_when_and_its_reason_is_sealed(at: Desk) -> None:
    claim = opened(at)
    claim.do("confirm_line", applied={"basis": "guidance_only"}, reason="avtalen er ikke funnet")
    limit = claim.state.lines["9000001"].limit
    event = at.casework.claims.events(NAME)[-1].event
    assert limit
    assert (limit.by, limit.at) == ("kommune:1804", event.recorded_at)
    assert event.model_dump()["reason"] == "avtalen er ikke funnet"
    at.erases("9000001")
    assert at.casework.claims.events(NAME)[-1].event.model_dump()["reason"] == "(slettet)"


def test_a_limit_that_is_repeated_stays_and_one_that_is_not_named_again_is_lifted(at: Desk) -> None:
    claim = opened(at, full_time("2025-06-01"))
    claim.do("confirm_line", applied={"first_month": "2025-09"})
    at.imports([full_time("2025-06-01").known("2026-08-10").leave("l1", "2025-06-01", "2025-08-31").facts[-1]])
    claim.do("confirm_line", applied={"first_month": "2025-09"})
    assert limits(claim) == Limits(first_month="2025-09")
    claim.do("confirm_line", applied=None)
    assert limits(claim) == EVERYTHING


def test_a_municipality_that_has_no_supplement_limits_nothing_by_saying_so_and_one_that_has_it_does(at: Desk) -> None:
    claim = opened(at)
    claim.do("confirm_line", applied={"supplement": False})
    assert limits(claim) == EVERYTHING
    at.imports(fact | {"hpr": "9000002"} for fact in full_time("2025-06-01", BEIARN).facts)
    other = claiming(at).of(BEIARN).opened()
    other.do("confirm_line", hpr="9000002", applied={"supplement": False})
    assert limits(other) == Limits(supplement=False)


def test_an_agreement_registered_late_gives_a_line_of_guidance_alone_the_rest(at: Desk) -> None:
    without = track("2025-06-01").position("p1")
    claim = opened(at, without).confirmed()
    decided(claim)
    late = without.known("2026-08-20").agreement("a1", signed_on="2025-06-01").facts[-1]
    at.imports([late])
    assert effect(claim)["would_grant"] == WHOLE_YEAR


def test_months_that_the_round_does_not_have_are_no_limit(at: Desk) -> None:
    claim = opened(at)
    assert refusal(lambda: claim.do("confirm_line", applied={"last_month": "2026-06"})) == "months-outside-round"


# ---------------------------------------------------------------- what was stored before


def test_an_assessment_stored_before_was_limited_by_what_the_program_had_proposed(database_url: str) -> None:
    loaded(database_url, "leaves-in-november-as-first-stored")
    with desk(database_url) as at:
        made = claiming(at).state.decided
        assert made
        [within] = made.assessment.computed_within.values()
        assert within == Limits.model_validate(AS_COMPUTED, strict=False)
        assert list(made.assessment.limits.values()) == [EVERYTHING]


def test_of_a_decision_stored_before_the_effect_is_against_what_no_person_limited(database_url: str) -> None:
    loaded(database_url, "leaves-in-november-as-first-stored")
    with desk(database_url) as at:
        claim = claiming(at)
        assert effect(claim)["lines"] == []
        at.imports([STAYED])
        found = effect(claim)
        [line] = found["lines"]
        assert found["difference"] == sum(cause["kroner"] for cause in line["causes"]) == WHOLE_YEAR - FIVE_MONTHS
        assert decided_anew(claim) == WHOLE_YEAR
        assert at.casework.claims.repeat(claim.name).identical


def test_a_stored_confirmation_limits_the_fields_alone_that_differ_from_what_was_proposed(database_url: str) -> None:
    loaded(database_url, "some-months-applied-for")
    with desk(database_url) as at:
        line = claiming(at).state.lines["9000001"]
        assert line.limit
        assert (line.limit.to, line.limit.by) == (Limits(first_month="2025-09", last_month="2026-01"), "kommune:1804")
