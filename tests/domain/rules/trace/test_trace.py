import json
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.result import calculate
from domain.rules.sets.options import OPTIONS
from domain.values.rounding import largest_remainder, round_half_up
from tests.domain.rules.recomputed import recomputed
from tests.golden_cases import CASES, Case, promised
from tests.histories import histories
from tests.options import NEWER_TOML, rules_with
from tests.scenario import BODO, Json, full_time, judged, lines_of, track


def traced(case: Case) -> dict[str, Any]:
    """The result with its trace, as a program gets it: as JSON."""
    at = datetime.fromisoformat(case.known_at) if case.known_at else None
    doctors = [(hpr, as_known(facts, at)) for hpr, facts in judged(lines_of(case.facts)).items()]
    rules = choose_rule_set(case.rules, case.round)
    found = calculate(doctors, case.municipality, rules, at, traced=True)
    result: dict[str, Any] = json.loads(json.dumps(found.as_json()))
    assert promised(result) == case.expected
    return result


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_kroner_follow_from_the_tree_alone(case: Case) -> None:
    for line in traced(case)["lines"]:
        exact = recomputed(line["trace"])
        total = round_half_up(sum(exact.values(), Fraction(0)))
        assert total == line["total"] == line["trace"]["total"]["kroner"]
        assert largest_remainder(exact, total) == line["elements"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_full_months_follow_from_the_parameters(case: Case) -> None:
    for line in traced(case)["lines"]:
        found = recomputed(line["trace"])
        for element in line["trace"]["elements"]:
            told = sum(
                (Fraction(each["full_month"]) * Fraction(each["share"]) for each in element["months"]), Fraction(0)
            )
            assert told == found[element["element"]]


def test_of_a_category_with_a_rate_of_its_own_the_tree_tells_which(tmp_path: Path) -> None:
    own = tmp_path / "mitt.toml"
    rate = 'value = "120000"\nunit = "kroner per år"\nbasis = "assumed"\nsource = "x"\nnote = "y."\n'
    names = "[values.standard_elements_introductory]\n", "[values.standard_elements_other_municipal]\n"
    own.write_text(
        f'extends = "nasjonal-alis-2022"\nid = "mitt"\n{names[0]}{rate}{names[1]}{rate}{NEWER_TOML}', "utf-8"
    )
    told = track("2022-01-01").position("p1", BODO, category="introductory").agreement("a1", BODO)
    doctors = [(hpr, as_known(each)) for hpr, each in judged(lines_of(told.facts)).items()]
    [line] = calculate(doctors, BODO, choose_rule_set(str(own), "2022"), traced=True).lines
    assert line.trace is not None
    assert recomputed(line.trace)["standard_elements"] == line.amounts.exact["standard_elements"] == 90_000
    assert line.trace["elements"][0]["factors_for"]["introductory"] == ["standard_elements_introductory"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_day_of_the_round_is_told_once_and_fails_what_its_month_fails(case: Case) -> None:
    for line in traced(case)["lines"]:
        for month in line["trace"]["months"]:
            failing = {code for days in month["days"] for code in days["failing"]}
            assert failing == set(month["reasons"]) - {"duration_exhausted"}
            assert sum(_length(days) for days in month["days"]) == _length_of_month(month["month"])


@settings(max_examples=10, deadline=None)
@given(histories(), st.sampled_from([{name: value} for name, option in OPTIONS.items() for value in option.values[1:]]))
def test_the_kroner_follow_from_the_tree_whatever_the_choices(facts: list[Json], choice: dict[str, str | bool]) -> None:
    for hpr, each in judged(lines_of(facts)).items():
        for line in calculate([(hpr, as_known(each))], BODO, rules_with(**choice), traced=True).lines:
            assert line.trace is not None
            assert {name: kroner for name, kroner in recomputed(line.trace).items() if kroner} == {
                name: kroner for name, kroner in line.amounts.exact.items() if kroner
            }


def test_costs_that_cap_an_element_are_told_with_their_fact() -> None:
    costs = {"municipality": BODO, "round": "2026", "element": "supervision", "kroner": 45_000}
    told = full_time("2025-03-01").add("costs_reported", **costs)
    doctors = [(hpr, as_known(each)) for hpr, each in judged(lines_of(told.facts)).items()]
    found = calculate(doctors, BODO, rules_with(payment_basis="actual_costs_capped"), traced=True)
    [tree] = [line.trace for line in found.lines]
    assert tree is not None
    caps = {each["element"]: each.get("cap") for each in tree["elements"]}
    assert (caps["supervision"]["kroner"], caps["supervision"]["facts"]) == (45_000, ["4"])
    assert (caps["productivity"]["kroner"], caps["productivity"]["facts"]) == (0, [])
    assert caps["centrality"] is None
    assert round_half_up(sum(recomputed(tree).values(), Fraction(0))) == found.total == 45_000


def test_a_leave_is_told_with_the_fact_that_it_stands_in() -> None:
    told = full_time("2025-03-01").leave("l1", "2025-09-10", "2025-09-20")
    september = _one_line(told.facts)["trace"]["months"][3]
    on_leave = [days for days in september["days"] if "on_leave" in days["failing"]]
    assert [(days["first_day"], days["last_day"]) for days in on_leave] == [("2025-09-10", "2025-09-20")]
    assert told.facts[-1]["id"] in on_leave[0]["facts"]


def test_each_condition_that_fails_is_told_with_its_sentence_and_its_source() -> None:
    told = full_time("2025-09-01").leave("l1", "2025-09-10", "2025-09-20")
    conditions = _one_line(told.facts)["trace"]["conditions"]
    assert list(conditions) == ["track_not_active", "no_position", "on_leave", "no_agreement"]
    assert conditions["on_leave"] == {
        "sentence": "Dager med fullt fravær: fraværsprosenter som til sammen er 100.",
        "basis": "inferred",
        "source": "alis-avtale-mal.txt, 1.2",
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_condition_fails_that_is_not_told_and_none_is_told_that_holds(case: Case) -> None:
    for line in traced(case)["lines"]:
        failing = {code for month in line["trace"]["months"] for code in month["reasons"]}
        assert line["trace"]["conditions"].keys() == failing


def test_a_parameter_is_told_with_its_source() -> None:
    practice = _one_line(full_time("2025-03-01").facts)["trace"]["elements"][0]
    rate = next(each for each in practice["factors"] if each["parameter"] == "hourly_rate")
    assert (rate["value"], rate["basis"]) == ("1367", "inferred")
    assert rate["source"].startswith("regelverksendring-2025-06-01.txt")


def test_of_a_post_elsewhere_only_its_percent_is_told() -> None:
    told = full_time("2025-03-01").position("p2", "1839", first_day="2025-03-01", percent=50)
    tree = _one_line(told.facts)["trace"]
    assert tree["months"][0]["days"][0]["percent_elsewhere"] == "50"
    assert "1839" not in json.dumps(tree)


def _one_line(facts: Any) -> dict[str, Any]:  # noqa: ANN401 - as the scenario has them
    doctors = [(hpr, as_known(each)) for hpr, each in judged(lines_of(facts)).items()]
    found = calculate(doctors, BODO, choose_rule_set(None, "2026"), traced=True)
    line: dict[str, Any] = json.loads(json.dumps(found.as_json()))["lines"][0]
    return line


def _length(days: dict[str, str]) -> int:
    first, last = (datetime.fromisoformat(days[name]) for name in ("first_day", "last_day"))
    return (last - first).days + 1


def _length_of_month(month: str) -> int:
    first = datetime.fromisoformat(f"{month}-01")
    following = datetime(first.year + first.month // 12, first.month % 12 + 1, 1, tzinfo=first.tzinfo)
    return (following - first).days
