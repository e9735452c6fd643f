"""Reported costs beside the grant: divided on the categories of a line, so that both sum to it to the krone."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.line.coverage import Covered, covered
from domain.rules.line.months import municipalities_of, record_of
from domain.rules.result import Line, line_of
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import Category
from tests.histories import HPR, histories
from tests.scenario import BODO, Told, full_time, judged, lines_of, track

RULES: Final = choose_rule_set(None, "2026")
COSTS: Final = {"supervision": 100_001, "practice_compensation": 90_000}


def of_line(story: Told | list[Any], where: str = BODO, rules: RuleSet = RULES) -> Line:
    facts = story.facts if isinstance(story, Told) else story
    record = record_of(as_known(judged(lines_of(facts))[HPR]), rules)
    return line_of(HPR, record, where, rules)


def parts(line: Line, costs: Mapping[str, int], rules: RuleSet = RULES) -> list[Covered]:
    return list(covered(line.months, line.amounts, costs, rules))


def test_all_of_a_line_in_one_category_stands_there() -> None:
    found = parts(of_line(full_time()), COSTS)
    assert [each for each in found if each.element == "supervision"] == [("supervision", "gp", 90_393, 100_001)]
    assert [each for each in found if each.element == "learning_activities"] == [
        ("learning_activities", "gp", 14_000, None)
    ]


def test_a_change_of_category_divides_costs_by_the_full_time_months_of_each() -> None:
    line = of_line(full_time().changed("p1", "2025-09-01", category="introductory"))
    found = [(each.category, each.net) for each in parts(line, {"supervision": 1_000}) if each.element == "supervision"]
    assert found == [("gp", 250), ("introductory", 750)]


def test_costs_of_an_element_fall_on_the_categories_that_it_is_given_for() -> None:
    line = of_line(full_time().changed("p1", "2025-09-01", category="other_municipal"))
    found = [each for each in parts(line, COSTS) if each.element == "practice_compensation"]
    assert found == [("practice_compensation", "gp", 32_808, 90_000)]


def test_costs_of_an_element_that_is_given_for_nothing_are_divided_by_all_full_time_months() -> None:
    story = track("2024-10-01").position("p1").changed("p1", "2025-12-01", category="introductory")
    found = [each for each in parts(of_line(story), {"learning_activities": 101}) if each.net is not None]
    assert found == [("learning_activities", "gp", 0, 51), ("learning_activities", "introductory", 0, 50)]


def test_costs_of_a_line_without_a_share_stand_under_no_category() -> None:
    story = track("2024-10-01").position("p1").leave("l1", "2024-10-01", "2027-01-31")
    assert parts(of_line(story), {"supervision": 5}) == [("supervision", "none", 0, 5)]
    assert parts(of_line(story), {}) == []


def test_a_grant_without_a_rate_is_unknown_and_never_nothing() -> None:
    rules = choose_rule_set(None, "2023")
    line = of_line(full_time("2022-10-01"), rules=rules)
    assert line.amounts.missing
    found = parts(line, {"supervision": 80_000}, rules)
    assert {each.kroner for each in found} == {None}
    assert [each.net for each in found if each.element == "supervision"] == [80_000]


@pytest.mark.parametrize("seed", range(4))
@settings(max_examples=25, deadline=None)
@given(facts=histories(), costs=st.dictionaries(st.sampled_from(sorted(COSTS)), st.integers(0, 10**6)))
def test_whatever_the_history_both_sum_to_the_line_to_the_krone(
    seed: int, facts: list[Any], costs: dict[str, int]
) -> None:
    del seed
    doctor = as_known(judged(lines_of(facts))[HPR])
    record = record_of(doctor, RULES)
    for where in municipalities_of(record, RULES):
        line = line_of(HPR, record, where, RULES)
        found = parts(line, costs)
        net, kroner = Counter[str](), Counter[str]()
        for each in found:
            net[each.element] += each.net or 0
            kroner[each.element] += each.kroner or 0
        assert +net == +Counter(costs)
        assert +kroner == +Counter({name: each for name, each in line.amounts.elements.items() if name != "centrality"})
        assert {each.category for each in found} <= {*Category, "none"}
