"""What the knowledge of now makes of a line: whatever the history, causes sum and earlier months are the same."""

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.claim.lines.effect import Knowledge, LineSubject, affected, known_line
from domain.claim.parts.limits import Limits
from domain.doctor.facts.fact import Fact
from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.values.days.calendar import text_of
from tests.histories import HPR, histories
from tests.options import rules_with
from tests.scenario import BODO, MONTHS, Json, full_time, judged, lines_of

RULES: Final = choose_rule_set(None, "2026")
ALL: Final = {"basis": "agreement", "first_month": MONTHS[0], "last_month": MONTHS[-1], "supplement": True}
APPLIED: Final = st.fixed_dictionaries(
    {
        "basis": st.sampled_from(["agreement", "guidance_only"]),
        "first_month": st.sampled_from(MONTHS[:6]),
        "last_month": st.sampled_from(MONTHS[6:]),
        "supplement": st.booleans(),
    }
)


def facts_of(told: list[Json] | tuple[Json, ...]) -> list[Fact]:
    return judged(lines_of(told)).get(HPR, [])


def subject(applied: Json) -> LineSubject:
    return LineSubject(HPR, BODO, Limits.model_validate(applied, strict=False))


@settings(max_examples=60, deadline=None)
@given(histories(), st.data(), APPLIED)
def test_causes_sum_to_the_difference_and_earlier_months_are_the_same(
    told: list[Json], data: st.DataObject, applied: Json
) -> None:
    facts = facts_of(told)
    before = facts[: data.draw(st.integers(1, len(facts)))]
    who = subject(applied)
    found = affected(who, Knowledge(before, RULES), Knowledge(facts, RULES))
    was, now = (known_line(who, as_known(each), RULES) for each in (before, facts))
    assert (found is None) == (was.worth == now.worth)
    if found is None:
        return
    shown = found.as_json()
    assert sum(cause["kroner"] for cause in shown["causes"]) == (now.amount or 0) - (was.amount or 0)
    assert shown["kroner"]["difference"] == (now.amount or 0) - (was.amount or 0)
    assert shown["causes"]
    assert {fact["id"] for cause in shown["causes"] for fact in cause["facts"]} <= {
        fact.id for fact in facts[len(before) :]
    }
    assert shown["unchanged"]["identical"]
    changed = [month["month"] for month in shown["months"]]
    assert shown["first_month"] == (min(changed) if changed else None)
    assert all(month < (shown["first_month"] or "9999") for month in shown["unchanged"]["months"])


@settings(max_examples=20, deadline=None)
@given(histories(), st.booleans())
def test_other_rules_are_told_parameter_by_parameter_and_sum(told: list[Json], repaid: bool) -> None:  # noqa: FBT001
    facts = facts_of(told)
    other = rules_with(hospital_service="guidance", full_leave="days" if repaid else "month")
    found = affected(subject(ALL), Knowledge(facts, RULES), Knowledge(facts, other))
    if found is not None:
        shown = found.as_json()
        assert sum(cause["kroner"] for cause in shown["causes"]) == shown["kroner"]["difference"]
        assert all(cause["parameters"] and not cause["facts"] for cause in shown["causes"])
        assert found.finding(whole=True) is None


def test_a_month_that_is_not_applied_for_can_be_affected_without_kroner() -> None:
    leave = full_time().known("2026-08-20").leave("l1", "2026-01-01", "2026-01-31")
    facts = facts_of(leave.facts)
    who = subject({**ALL, "last_month": "2025-12"})
    found = affected(who, Knowledge(facts[:3], RULES), Knowledge(facts, RULES))
    assert found is not None
    assert (found.change.difference, text_of(found.first_month or 0)) == (0, "2026-01")
    told = found.finding(whole=True)
    assert told is not None
    assert told.text.endswith("endrer linjen fra januar 2026, men ikke beløpet.")
