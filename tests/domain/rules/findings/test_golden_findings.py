import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.result import calculate
from tests.golden_cases import OF_FINDINGS, Case, promised
from tests.scenario import Json, judged, lines_of


def computed(case: Case) -> Json:
    doctors = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(case.facts)).items()]
    return calculate(doctors, case.municipality, choose_rule_set(case.rules, case.round)).as_json()


@pytest.mark.parametrize("case", OF_FINDINGS, ids=lambda case: case.name)
def test_the_golden_case_has_these_findings_and_no_others(case: Case) -> None:
    result = computed(case)
    assert promised(result) == promised(case.expected)
    assert [line["findings"] for line in result["lines"]] == [line["findings"] for line in case.expected["lines"]]
