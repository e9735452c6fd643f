"""Rule sets that decide a doctor's days alike have the spans in common; the others do not."""

from typing import Final

from hypothesis import given, settings

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.days.timeline import FOREVER, Span, decided_by, spans
from domain.rules.line.months import record_of
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.rule_set import RuleSet, with_options
from domain.values.days.calendar import last_of
from tests.histories import HPR, histories
from tests.scenario import Json, judged, lines_of

ROUNDS: Final = [choose_rule_set(None, year) for year in ("2022", "2023", "2024", "2025", "2026")]
OTHERS: Final[list[RuleSet]] = [
    with_options(ROUNDS[-1], **{name: value}) for name, option in OPTIONS.items() for value in option.values[1:]
]


@settings(max_examples=40, deadline=None)
@given(histories())
def test_what_is_decided_alike_is_laid_out_alike_under_every_choice(facts: list[Json]) -> None:
    doctor = as_known(judged(lines_of(facts))[HPR])
    laid: dict[tuple[object, ...], list[Span]] = {}
    for rules in (*ROUNDS, *OTHERS):
        known = laid.setdefault(decided_by(rules), spans(doctor, rules, FOREVER))
        assert spans(doctor, rules, FOREVER) == known
        assert record_of(doctor, rules, known) == record_of(doctor, rules)
        assert record_of(doctor, rules, known).spans[-1].last == last_of(rules.months[-1])


def test_the_rounds_differ_in_what_decides_the_days_only_where_their_rules_do() -> None:
    assert [len({decided_by(rules) for rules in some}) for some in (ROUNDS[:2], ROUNDS[2:], ROUNDS)] == [1, 1, 2]
    assert {decided_by(rules) for rules in OTHERS} > {decided_by(ROUNDS[-1])}
