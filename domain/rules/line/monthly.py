"""A line's kroner month by month: whole kroner that sum to the line, so that a later month never moves an earlier one.

A line is rounded once (rules.md section 4), so a month has no whole kroner of its own. Here a month's are what the sum
up to it is rounded to, less what the sum before it is rounded to. Therefore they sum to the line, and a month's kroner
depend on it and the months before it alone. What is capped by reported costs is capped in every month alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from domain.rules.days.shares import NOTHING
from domain.rules.line.amounts import Amounts
from domain.rules.line.months import Month, MonthOutcome
from domain.rules.sets.rule_set import RuleSet
from domain.values.rounding import round_half_up

MONTHLY: Final = (
    "Linjen avrundes én gang; en måned vises med det summen til og med den avrundes til, minus det summen før den "
    "avrundes til, så månedene summerer til linjen."
)


class MonthKroner(NamedTuple):
    """What a month adds to a line: exactly, and in whole kroner."""

    exact: Fraction
    whole: int


def kroner_by_month(months: Sequence[Month], found: Amounts, rules: RuleSet) -> Mapping[int, MonthKroner] | None:
    """What each month adds to a line of these amounts, by its number; None where a rate that it needs is unknown."""
    if found.missing:
        return None
    told, before = {}, NOTHING
    for number, exact in _exact_by_month(months, found, rules).items():
        now = before + exact
        told[number] = MonthKroner(exact, round_half_up(now) - round_half_up(before))
        before = now
    return told


def _exact_by_month(months: Sequence[Month], found: Amounts, rules: RuleSet) -> dict[int, Fraction]:
    """The exact kroner of each month; they sum to the exact kroner of the line."""
    worth = {outcome: _worth(outcome, rules) for outcome in {month.outcome for month in months}}
    left = _left(found, [worth[month.outcome] for month in months])
    of_kind = {
        outcome: sum((kroner * left[name] for name, kroner in each.items()), NOTHING) for outcome, each in worth.items()
    }
    return {month.number: of_kind[month.outcome] for month in months}


def _worth(outcome: MonthOutcome, rules: RuleSet) -> dict[str, Fraction]:
    """The exact kroner per element of a month, before reported costs cap them."""
    rates, found = rules.rates, dict[str, Fraction]()
    for terms, share in outcome.paid.items():
        for name, rate in rates.monthly[terms].items():
            found[name] = found.get(name, NOTHING) + Fraction(rate or 0, rates.parts) * share
    return found


def _left(found: Amounts, months: Iterable[Mapping[str, Fraction]]) -> dict[str, Fraction]:
    """The part of each element that is paid."""
    whole: dict[str, Fraction] = {}
    for month in months:
        for name, kroner in month.items():
            whole[name] = whole.get(name, NOTHING) + kroner
    return {name: found.exact[name] / kroner if kroner else NOTHING for name, kroner in whole.items()}
