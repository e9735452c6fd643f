"""Calculations under other choices than those of the published rules (rules.md 5)."""

import json
from functools import cache
from typing import Final

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.result import calculate
from domain.rules.sets.options import OPTIONS
from domain.rules.sets.rule_set import RuleSet, with_options
from tests.scenario import BODO, ROUND, Months, Told, judged, lines_of

NEWER: Final = {
    name: {"value": OPTIONS[name].first, "basis": "assumed", "source": "prøven", "note": "Slik prøven velger."}
    for name in OPTIONS.keys() - choose_rule_set(None, ROUND).content.options.keys()
}
"""The choices that are newer than the published rules, as a draft that extends those must make them."""
NEWER_NUMBERS: Final = {
    name: {"value": each.value, "unit": each.unit, "basis": "assumed", "source": "prøven", "note": "Slik prøven sier."}
    for name, each in choose_rule_set(None, ROUND).newer_values.items()
}
"""The numbers and days that are newer, as a draft must write them."""
NEWER_TOML: Final = "".join(
    f"\n[{table}.{name}]\n" + "".join(f"{key} = {json.dumps(each)}\n" for key, each in made.items())
    for table, newer in (("values", NEWER_NUMBERS), ("options", NEWER))
    for name, made in newer.items()
)
"""The same as a rule set file says it, at its end."""


@cache
def rules_with(**values: str | bool) -> RuleSet:
    """The rules of the round with some choices made otherwise."""
    return with_options(choose_rule_set(None, ROUND), **values)


def under(told: Told, municipality: str = BODO, /, **values: str | bool) -> Months:
    """The months of a doctor's line under some choices."""
    doctors = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(told.facts)).items()]
    [line] = calculate(doctors, municipality, rules_with(**values)).as_json()["lines"]
    return Months(line)
