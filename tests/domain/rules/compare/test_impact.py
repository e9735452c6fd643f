"""What a draft would do to every line of its round, beside the published rule set."""

from collections.abc import Iterable
from typing import Any, Final

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set, make_rule_set, read_rule_set
from domain.rules.compare.impact.impact import CENTRALITY, FIVE_YEARS, WINDOW, Impact, impact
from domain.rules.compare.impact.remarks import Compared
from domain.rules.sets.rule_set import RuleSet
from tests.golden_cases import CASES
from tests.options import NEWER_TOML
from tests.scenario import BEIARN, BODO, Told, full_time, judged, lines_of, track

PUBLISHED: Final = choose_rule_set(None, "2026")
FINAL: Final = choose_rule_set("nasjonal-alis-2026-final", "2026")
DOVRE: Final = "3431"
"""In centrality class 6, a point from the limit."""


def draft(text: str) -> RuleSet:
    return make_rule_set(
        read_rule_set("u.toml", f'extends = "nasjonal-alis-2026-provisional"\nid = "utkast"\n{text}{NEWER_TOML}')
    )


def of(rules: RuleSet, *doctors: Told) -> Impact:
    known = ((each.hpr, as_known(judged(lines_of(each.facts))[each.hpr])) for each in doctors)
    return impact(known, Compared(rules, PUBLISHED))


def at(found: Impact, edge: str) -> list[str]:
    """The doctors whose lines are at an edge."""
    return [line.hpr for group, lines in found.edges if group.key == edge for line in lines]


def keyed(groups: Iterable[Any]) -> dict[str, int]:
    return {group.key: group.difference for group in groups}


def test_the_final_rate_gives_a_fastlege_in_the_window_the_difference_of_hours_times_eight_kroner() -> None:
    """8 kr x (0.60 x 160 h + 1.15 x 57.5 h) x 1.05 = 1 361.85, and 378 656.12 becomes 380 017.97."""
    found = of(FINAL, full_time("2024-10-01"))
    [line] = found.lines
    assert (line.before.total, line.after.total, line.difference) == (378_656, 380_018, 1_362)
    assert (found.total.difference, found.total.gain, found.total.lose) == (1_362, 1, 0)
    assert keyed(found.categories) == {"gp": 1_362}
    assert keyed(found.municipalities) == {BODO: 1_362}


def test_whoever_loses_is_told_apart_from_whoever_gains() -> None:
    dearer = draft('[values.centrality]\nvalue = "100000"\n[values.learning_activities]\nvalue = "20000"\n')
    found = of(
        dearer,
        full_time("2024-10-01"),
        track("2024-10-01", hpr="9000002").position("p1", BEIARN).agreement("a1", BEIARN),
    )
    assert keyed(found.municipalities) == {BODO: 6_300, BEIARN: 6_300 - 100_000}
    told = found.as_json()
    assert (told["gain"], told["lose"]) == ([BODO], [BEIARN])
    assert keyed(found.classes) == {"3": 6_300, "6": -93_700}


def test_the_parts_by_category_class_and_municipality_each_sum_to_the_whole() -> None:
    cases = [case.of(str(9_100_000 + number)) for number, case in enumerate(CASES) if case.known_at is None]
    facts = [(case.facts[0]["hpr"], judged(lines_of(case.facts))) for case in cases]
    found = impact(((hpr, as_known(each[hpr])) for hpr, each in facts), Compared(FINAL, PUBLISHED))
    assert found.total.lines == len(found.lines) > 50
    for groups in (found.elements, found.categories, found.classes, found.municipalities):
        assert sum(group.before or 0 for group in groups) == found.total.before
        assert sum(group.after or 0 for group in groups) == found.total.after
    assert sum(line.difference or 0 for line in found.lines) == found.total.difference


def test_a_line_whose_window_ends_in_the_round_is_at_that_edge() -> None:
    inside = track("2023-11-01", hpr="9000001").position("p1").agreement("a1")
    after = track("2022-01-01", hpr="9000002").position("p1").agreement("a1")
    assert at(of(FINAL, inside, after), WINDOW) == ["9000001"]


def test_a_line_whose_five_years_end_in_the_round_is_at_that_edge() -> None:
    ends = track("2020-12-01", hpr="9000001").position("p1").agreement("a1")
    long_over = track("2019-01-01", hpr="9000002").position("p1").agreement("a1")
    assert at(of(FINAL, ends, long_over), FIVE_YEARS) == ["9000001"]


def test_a_draft_that_moves_an_edge_shows_the_lines_at_it_under_either_rule_set() -> None:
    shorter = draft('[values.window_months]\nvalue = "12"\n')
    found = of(shorter, track("2024-12-01", hpr="9000001").position("p1").agreement("a1"))
    assert at(found, WINDOW) == ["9000001"]
    assert (found.total.difference, found.total.lose) == (-round(125_000 * 6 * 1.05 / 12), 1)


def test_a_municipality_near_the_limit_of_the_centrality_class_is_at_that_edge() -> None:
    near = track("2024-10-01", hpr="9000001").position("p1", DOVRE).agreement("a1", DOVRE)
    far = full_time("2024-10-01")
    assert at(of(FINAL, near), CENTRALITY) == ["9000001"]
    assert at(of(FINAL, far), CENTRALITY) == []


def test_a_municipality_that_a_draft_takes_into_the_supplement_is_at_that_edge() -> None:
    fifth = draft('[values.centrality_class]\nvalue = "3"\n')
    found = of(fifth, full_time("2024-10-01"))
    assert at(found, CENTRALITY) == ["9000001"]
    assert found.total.difference == 200_000


def test_a_line_without_a_rate_is_counted_and_left_out_of_the_kroner() -> None:
    unknown = draft("")
    without = {name: value for name, value in unknown.written.items() if name != "values"}
    values = {name: value for name, value in unknown.written["values"].items() if name != "supervision_hours"}  # type: ignore[union-attr]
    partial = make_rule_set({**without, "values": values, "completeness": "partial"})
    found = of(partial, full_time("2024-10-01"))
    assert (found.total.lines, found.total.unknown, found.total.before, found.total.after) == (1, 1, None, None)
    assert found.lines[0].as_json()["difference"] is None


def test_the_same_rules_change_nothing() -> None:
    found = of(draft(""), full_time("2024-10-01"))
    assert found.total.difference == 0
    assert found.as_json()["gain"] == found.as_json()["lose"] == []
