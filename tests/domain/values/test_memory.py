"""What is remembered under a rule set makes nothing else of any line."""

import json

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set, shipped_contents
from domain.rulebook.release import make_rule_set as fresh
from domain.rules.result import calculate
from domain.rules.sets.rule_set import RuleSet
from domain.values.memory import Memory
from tests.golden_cases import CASES, Case
from tests.scenario import judged, lines_of

CURRENT = choose_rule_set(None, "2026")


def result(case: Case, rules: RuleSet) -> str:
    doctors = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(case.facts)).items()]
    return json.dumps(calculate(doctors, case.municipality, rules, traced=True).as_json())


def test_a_line_is_the_same_whatever_was_computed_before_it() -> None:
    content = next(each for each in shipped_contents() if each["id"] == CURRENT.id)
    shared = fresh(content)
    forwards = [result(case, shared) for case in CASES]
    backwards = [result(case, shared) for case in reversed(CASES)]
    assert forwards == backwards[::-1] == [result(case, fresh(content)) for case in CASES]


def test_what_is_remembered_is_let_go_when_it_is_too_much() -> None:
    memory = Memory[str](limit=2)
    for kind in ("a", "b", "c"):
        assert memory.keep(kind, kind.upper()) == kind.upper()
    assert [memory.get(kind) for kind in ("a", "b", "c")] == [None, None, "C"]
