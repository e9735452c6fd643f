"""Calculations under other choices than those of the published rules (rules.md 5)."""

from functools import cache

from domain.casework.library import choose_rule_set
from domain.history import as_known
from domain.rules.result import calculate
from domain.rules.rule_set import RuleSet, with_options
from tests.scenario import BODO, ROUND, Months, Told, judged, lines_of


@cache
def rules_with(**values: str | bool) -> RuleSet:
    """The rules of the round with some choices made otherwise."""
    return with_options(choose_rule_set(None, ROUND), **values)


def under(told: Told, municipality: str = BODO, /, **values: str | bool) -> Months:
    """The months of a doctor's line under some choices."""
    doctors = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(told.facts)).items()]
    [line] = calculate(doctors, municipality, rules_with(**values)).as_json()["lines"]
    return Months(line)
