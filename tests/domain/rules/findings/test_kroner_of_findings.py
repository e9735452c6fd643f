"""No finding names kroner that a computed alternative does not give."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.result import calculate
from domain.rules.sets.rule_set import RuleSet
from tests.domain.rules.findings.recounted import ALTERNATIVES, Case, named, with_values
from tests.histories import HPR, MUNICIPALITIES, histories
from tests.options import rules_with
from tests.scenario import Json, judged, lines_of

CHOICES: Final[Sequence[dict[str, Any]]] = (
    *[{}] * 6,
    {"months": "days"},
    {"full_leave": "days", "graded_leave": "ignored"},
    {"partly_agreed_month": "none", "change_in_month": "lowest"},
    {"over_100": "own_municipality"},
    {"over_100": "none", "duration_counts": "all"},
    {"agreement_counts_from": "first_day"},
    {"window_anchor": "first_agreement"},
    {"window_anchor": "first_gp_day", "window_paused_by_leave": True},
    {"after_duration": "guidance", "hospital_service": "guidance"},
    {"payment_basis": "actual_costs_capped"},
    {"unused_funds": "repaid"},
)
NUMBERS: Final[Sequence[dict[str, int]]] = (
    *[{}] * 3,
    {"duration_months": 12},
    {"duration_months": 30, "window_months": 6},
    {"window_months": 12},
)
"""Windows and years that end within the few years that histories speak of."""
ELEMENTS: Final = ("practice_compensation", "learning_activities", "supervision", "productivity", "facilitation")
NAMES: Final = {"position_started": "position", "agreement_signed": "agreement", "leave_registered": "leave"}
LATER: Final = st.sampled_from([0, 0, 20, 45, 300, 900])


@st.composite
def costly(draw: st.DrawFn, most: int = 10) -> list[Json]:
    """A history that costs something now and then: signed late, registered twice, with reported costs."""
    facts = draw(histories(most))
    agreement = facts[2]
    signed = date.fromisoformat(agreement["signed_on"]) + timedelta(days=draw(LATER))
    facts[2] = agreement | {"signed_on": signed.isoformat()}
    again = draw(st.lists(st.sampled_from([fact for fact in facts if fact["type"] in NAMES]), max_size=2))
    told = [{**fact, NAMES[fact["type"]]: f"again{at}"} for at, fact in enumerate(again)]
    spent = st.tuples(st.sampled_from(MUNICIPALITIES), st.sampled_from(ELEMENTS), st.integers(0, 200_000))
    for where, element, kroner in draw(st.lists(spent, max_size=6)) if draw(st.booleans()) else ():
        cost = {"type": "costs_reported", "municipality": where, "round": "2026", "element": element, "kroner": kroner}
        told.append({"hpr": HPR, "recorded_by": "caseworker:ab", **cost})
    moment = "2026-10-01T09:00:0{}+00:00"
    return [*facts, *({**fact, "id": f"t{at}", "recorded_at": moment.format(at)} for at, fact in enumerate(told))]


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    """The rules of the round, at times with another choice or another number."""
    choices, numbers = draw(st.sampled_from(CHOICES)), draw(st.sampled_from(NUMBERS))
    rules = rules_with(**choices) if choices else choose_rule_set(None, "2026")
    return with_values(rules, numbers) if numbers else rules


def cases(facts: list[Json], rules: RuleSet) -> list[Case]:
    doctor = as_known(judged(lines_of(facts))[HPR])
    found = []
    for where in MUNICIPALITIES:
        result = calculate([(HPR, doctor)], where, rules)
        told = result.as_json(assumptions=True)["lines"]
        found += [
            Case(facts, doctor, where, rules, line, each["findings"])
            for line, each in zip(result.lines, told, strict=True)
        ]
    return found


def kroner_are_those_of_the_alternative(facts: list[Json], rules: RuleSet) -> None:
    for case in cases(facts, rules):
        for finding in case.findings:
            if kroner := named(finding):
                assert kroner == [*ALTERNATIVES[finding["code"]](case, finding)], finding


@settings(max_examples=150)
@given(costly(), rule_sets())
@pytest.mark.long
def test_no_finding_names_kroner_that_a_computed_alternative_does_not_give(facts: list[Json], rules: RuleSet) -> None:
    kroner_are_those_of_the_alternative(facts, rules)


@pytest.mark.long
@settings(max_examples=1_000)
@given(costly(most=16), rule_sets())
def test_no_finding_of_longer_histories_names_kroner_that_no_alternative_gives(
    facts: list[Json], rules: RuleSet
) -> None:
    kroner_are_those_of_the_alternative(facts, rules)
