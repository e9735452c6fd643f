import json
from datetime import datetime

import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.result import calculate
from domain.rules.sets.rule_set import digest_of
from tests.golden_cases import ALL, CASES, Case, promised
from tests.scenario import judged, lines_of


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_the_golden_case_is_computed_from_its_file_to_the_krone(case: Case) -> None:
    at = datetime.fromisoformat(case.known_at) if case.known_at else None
    doctors = [(hpr, as_known(facts, at)) for hpr, facts in judged(lines_of(case.facts)).items()]
    found = calculate(doctors, case.municipality, choose_rule_set(case.rules, case.round), at)
    assert promised(found.as_json()) == case.expected
    assert found.digest() == digest_of(found.canonical())


def test_a_file_that_is_one_json_array_gives_the_same_as_one_of_lines() -> None:
    case = CASES[0]
    assert judged(json.dumps(case.facts).encode()) == judged(lines_of(case.facts))


def test_there_are_golden_cases() -> None:
    assert len(CASES) > 50
