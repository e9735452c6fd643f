"""The reasons as a person reads them say what the tree says: every krone, parameter, source and fact."""

import json
import re
from collections.abc import Iterable
from fractions import Fraction

import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.result import Result, calculate
from domain.values.words import parameter
from tests.golden_cases import CASES, Case
from tests.options import rules_with
from tests.scenario import BODO, Json, full_time, judged, lines_of, track
from workers.calculating.trace_table import trace_table

TOLD = full_time("2024-09-01").leave("l1", "2025-08-10", "2025-09-12").changed("p1", "2026-01-16", percent=50)


def traced(facts: Iterable[Json], **options: str | bool) -> Result:
    doctors = [(hpr, as_known(each)) for hpr, each in judged(lines_of(facts)).items()]
    return calculate(doctors, BODO, rules_with(**options), traced=True)


def shown(facts: Iterable[Json], **options: str | bool) -> str:
    return trace_table(traced(facts, **options)).replace("\u2009", " ")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_parameter_source_and_fact_of_what_is_paid_is_told(case: Case) -> None:
    doctors = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(case.facts)).items()]
    found = calculate(doctors, case.municipality, choose_rule_set(case.rules, case.round), traced=True)
    told = trace_table(found)
    for line in found.lines:
        tree = json.loads(json.dumps(line.trace))
        paid = [element for element in tree["elements"] if element["months"]]
        parameters = [each for element in paid for each in element["factors"]]
        assert all(f"{parameter(each['parameter'])}: " in told and each["source"] in told for each in parameters)
        facts = {fact for month in tree["months"] for days in month["days"] for fact in days["facts"]}
        assert all(f"«{fact}»" in told for fact in facts)


def test_months_are_told_together_only_where_none_is_between() -> None:
    told = shown(TOLD.facts)
    assert "juni–juli 2025: fastlege, 10 936 × 1 hver måned" in told
    assert "okt.–des. 2025: fastlege, 10 936 × 1 hver måned" in told
    assert "jan. 2026: fastlege, 10 936 × 23/31\n" in told


def test_the_days_of_a_month_are_told_with_what_fails_and_their_facts() -> None:
    told = shown(TOLD.facts)
    assert "aug. 2025: ingen tilskuddsmåned: fullt fravær" in told
    assert "10.–31. august 2025: fastlege 100 %, 100 % fravær, med ALIS-avtale, fullt fravær ← «1», «2»" in told
    assert "16.–31. januar 2026: fastlege 50 %, med ALIS-avtale, andel 1/2 som fastlege" in told


def test_the_months_told_make_the_element() -> None:
    rows = re.findall(r"fastlege, ([\d ]+) × (\S+)( hver måned)?$", shown(TOLD.facts), re.MULTILINE)
    assert rows[0] == ("10 936", "1", " hver måned")
    first_element = [Fraction(rate.replace(" ", "")) * Fraction(share) for rate, share, _ in rows[:4]]
    times = [2, 3, 1, 4]
    [line] = traced(TOLD.facts).lines
    assert sum(a * b for a, b in zip(first_element, times, strict=True)) == line.amounts.exact["practice_compensation"]


def test_costs_that_cap_an_element_are_told() -> None:
    costs = {"municipality": BODO, "round": "2026", "element": "supervision", "kroner": 45_000}
    told = shown(full_time("2025-03-01").add("costs_reported", **costs).facts, payment_basis="actual_costs_capped")
    assert "Elementet er høyst de rapporterte kostnadene; er ingen rapportert, er det null. Rapportert: 45 000" in told
    assert "kroner ← «4»" in told


def test_a_rate_that_is_unknown_is_told_as_that() -> None:
    told = track("2022-01-01").position("p1", BODO, category="introductory").agreement("a1", BODO)
    doctors = [(hpr, as_known(each)) for hpr, each in judged(lines_of(told.facts)).items()]
    text = trace_table(calculate(doctors, BODO, choose_rule_set(None, "2022"), traced=True))
    assert "BEGRUNNELSE FOR 9000001: ukjent sats" in text
    assert "Linjen har ikke noe beløp: det mangler sats for standardelementer." in text
    assert "Eksakt sum" not in text
    assert "«standard_elements_introductory»: ikke kjent" in text
