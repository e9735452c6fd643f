"""Which choices decide an amount, and by how many kroner against each alternative."""

from typing import Any, Final

import pytest
from hypothesis import given, settings

from domain.doctor.history import Doctor, as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.findings.assumptions import touches
from domain.rules.findings.views.view import View
from domain.rules.result import Line, Result, calculate, line_for
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.rule_set import RuleSet
from tests.golden_cases import CASES
from tests.histories import MUNICIPALITIES, histories
from tests.options import rules_with
from tests.scenario import BODO, Json, Told, full_time, judged, lines_of

RULES: Final = choose_rule_set(None, "2026")
FEW: Final = settings(max_examples=20, deadline=None)
MANY: Final = settings(max_examples=60, deadline=None)
STARTS: Final = tuple(
    {name: option.values[-1]} for name, option in OPTIONS.items() if name in {"months", "payment_basis", "over_100"}
)


def doctors(facts: Any) -> list[tuple[str, Doctor]]:  # noqa: ANN401 - as the scenario has them
    return [(hpr, as_known(each)) for hpr, each in judged(lines_of(facts)).items()]


def result(told: Told, rules: RuleSet = RULES) -> Result:
    return calculate(doctors(told.facts), BODO, rules)


def net(line: Line | None) -> int | None:
    """What a line leaves the municipality with; None where a rate is unknown."""
    if line is None or line.amounts.missing:
        return None
    return line.amounts.total - sum((line.amounts.reclaimed or {}).values())


def as_if_all_were_computed_again(facts: list[Json], rules: RuleSet) -> None:
    """Whatever is left out of computing again has no effect."""
    for hpr, doctor in doctors(facts):
        for where in MUNICIPALITIES:
            line = line_for(hpr, doctor, where, rules)
            if line is None or line.known is None:
                continue
            view = View(doctor, line.known[1], line.months, where, rules)
            found = {(each.option, effect.value): effect.kroner for each in touches(view) for effect in each.effects}
            expected = {}
            for option, others in rules.alternatives.items():
                for value, other in others:
                    then = net(line_for(hpr, doctor, where, other))
                    if then is not None and then != net(line):
                        expected[option, value] = then - (net(line) or 0)
            assert found == expected


@FEW
@given(histories())
def test_each_choice_is_told_with_what_the_whole_calculation_would_give(facts: list[Json]) -> None:
    as_if_all_were_computed_again(facts, RULES)


@pytest.mark.long
@MANY
@given(histories(most=16))
def test_so_it_is_for_many_more_histories_and_other_rules(facts: list[Json]) -> None:
    for start in ({}, *STARTS):
        as_if_all_were_computed_again(facts, rules_with(**start))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_so_it_is_for_every_golden_case(case: Any) -> None:  # noqa: ANN401 - a case
    as_if_all_were_computed_again(list(case.facts), choose_rule_set(case.rules, case.round))


def test_reported_costs_make_what_is_unused_a_question() -> None:
    told = full_time().add("costs_reported", municipality=BODO, round="2026", element="supervision", kroner=45_000)
    [line] = result(told).as_json(assumptions=True)["lines"]
    assert [(each["option"], [other["kroner"] for other in each["alternatives"]]) for each in line["assumptions"]] == [
        ("payment_basis", [45_000 - 378_656]),
        ("unused_funds", [45_000 - 90_393]),
    ]
    as_if_all_were_computed_again(list(told.facts), RULES)
    as_if_all_were_computed_again(list(told.facts), rules_with(unused_funds="repaid"))


def test_a_result_tells_each_deciding_choice_with_its_words_authority_and_the_kroner_of_all_lines() -> None:
    told = full_time().leave("l1", "2025-09-01", "2025-09-15")
    other = [fact | {"hpr": "9000002"} for fact in told.facts]
    found = calculate(doctors([*told.facts, *other]), BODO, RULES).as_json(assumptions=True)
    leave = next(each for each in found["assumptions"] if each["option"] == "full_leave")
    assert (leave["value"], leave["basis"], leave["lines"]) == ("month", "assumed", 2)
    assert leave["words"] == "én dag med fullt fravær koster hele måneden"
    # 15 of 30 days of a month of 31 554.67
    assert [(each["value"], each["kroner"]) for each in leave["alternatives"]] == [("days", 2 * 15_778)]
    of_line = found["lines"][0]["assumptions"]
    assert {"option": "full_leave", "value": "month"}.items() <= next(
        each for each in of_line if each["option"] == "full_leave"
    ).items()
    assert [each["months"] for each in of_line if each["option"] == "full_leave" for each in each["alternatives"]] == [
        ["2025-09"]
    ]


def test_a_line_without_a_rate_has_no_deciding_choice() -> None:
    partial = choose_rule_set("nasjonal-alis-2025", "2025")
    [line] = calculate(doctors(full_time().facts), BODO, partial).as_json(assumptions=True)["lines"]
    assert (line["total"], line["assumptions"]) == (None, [])


def test_a_result_that_is_not_asked_for_them_has_none() -> None:
    found = result(full_time()).as_json()
    assert "assumptions" not in found
    assert "assumptions" not in found["lines"][0]


@FEW
@given(histories(most=5))
def test_they_change_nothing_else_of_the_result(facts: list[Json]) -> None:
    plain = calculate(doctors(facts), BODO, RULES).as_json()
    whole = calculate(doctors(facts), BODO, RULES).as_json(assumptions=True)
    for line in whole["lines"]:
        del line["assumptions"]
        line["findings"] = [each for each in line["findings"] if each["code"] != "assumption_decides"]
    del whole["assumptions"]
    assert whole == plain


def test_a_choice_that_decides_no_kroner_is_never_computed_again_and_changes_no_line() -> None:
    other = rules_with(complaint="three_weeks")
    assert "complaint" not in RULES.alternatives
    for case in CASES[:10]:
        found = [calculate(doctors(case.facts), case.municipality, rules) for rules in (RULES, other)]
        assert [each.canonical() for each in found[0].lines] == [each.canonical() for each in found[1].lines]
        assert "complaint" not in {each["option"] for each in found[1].decided_by()}
