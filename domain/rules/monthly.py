"""A line's kroner month by month: whole kroner that sum to the line, so that a later month never moves an earlier one.

A line is rounded once (rules.md section 4), so a month has no whole kroner of its own. Here a month's are what the line
is rounded to with the months up to it, less what it is rounded to without the month. Therefore they sum to the line,
and a month's kroner depend on it and the months before it alone.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from domain.rules.amounts import amounts
from domain.rules.costs import Costs
from domain.rules.months import Month
from domain.rules.rule_set import RuleSet
from domain.rules.shares import NOTHING


class MonthKroner(NamedTuple):
    """What a month adds to a line: exactly, and in whole kroner."""

    exact: Fraction
    whole: int


def kroner_by_month(
    months: Sequence[Month], municipality: str, rules: RuleSet, costs: Costs
) -> Mapping[int, MonthKroner] | None:
    """What each month adds, by its number; None where a rate that the line needs is unknown."""
    if amounts(months, municipality, rules, costs).missing:
        return None
    found, before = {}, MonthKroner(NOTHING, 0)
    for count, month in enumerate(months, start=1):
        up_to = amounts(months[:count], municipality, rules, costs)
        now = MonthKroner(sum(up_to.exact.values(), NOTHING), up_to.total)
        found[month.number] = MonthKroner(now.exact - before.exact, now.whole - before.whole)
        before = now
    return found
