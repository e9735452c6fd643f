"""Kroner: annual amount x share / 12, exact; rounded once, on the line (rules.md section 4).

Exact amounts are counted in whole parts of a krone, as many as all shares and rates of a line need.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from types import MappingProxyType
from typing import Final

from domain.rules.line.costs import Costs, Reported, paid, reclaimed, reported
from domain.rules.line.months import Month, MonthOutcome
from domain.rules.sets.rule_set import RuleSet, Terms
from domain.values.rounding import largest_remainder, round_half_up

_NO_COSTS: Final[Costs] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Amounts:
    """A line's amount per element: exact, in parts of a krone, and in whole kroner that sum to the line.

    `missing` names the elements without a rate; `reclaimed` is there where unused funds are repaid.
    """

    parts: int
    in_parts: Mapping[str, int]
    missing: tuple[str, ...]
    total: int
    elements: Mapping[str, int]
    reclaimed: Mapping[str, int] | None

    @property
    def sum(self) -> Fraction:
        """The exact kroner of the line."""
        return Fraction(sum(self.in_parts.values()), self.parts)

    @property
    def exact(self) -> dict[str, Fraction]:
        """The exact kroner of each element."""
        return {name: Fraction(amount, self.parts) for name, amount in self.in_parts.items()}


def amounts(months: Sequence[Month], municipality: str, rules: RuleSet, costs: Costs = _NO_COSTS) -> Amounts:
    """The amounts of a line: exact over months and elements, then rounded half up to a whole krone."""
    kinds = Counter([month.outcome for month in months])
    spent = reported(costs, municipality)
    if spent:
        return _amounts(kinds, spent, rules)
    alike = frozenset(kinds.items())
    found: Amounts | None = rules.sums.get(alike)
    return found or rules.sums.keep(alike, _amounts(kinds, spent, rules))


def _amounts(kinds: Mapping[MonthOutcome, int], spent: Reported, rules: RuleSet) -> Amounts:
    """What a number of months of each kind is paid."""
    held, scale = _held(kinds)
    exact, missing = _exact(held, rules)
    parts = rules.rates.parts * scale
    in_parts = paid(exact, parts, spent, rules)
    total = round_half_up(sum(in_parts.values()), parts)
    elements = largest_remainder(in_parts, total, parts)
    unused = None if missing else reclaimed(elements, spent, rules)
    return Amounts(parts, in_parts, missing, total, elements, unused)


def _held(kinds: Mapping[MonthOutcome, int]) -> tuple[Mapping[Terms, int], int]:
    """Full-time months on each of the terms, and the parts of a month that they are counted in."""
    scale = lcm(*(share.denominator for outcome in kinds for share in outcome.paid.values()))
    held: dict[Terms, int] = {}
    for outcome, count in kinds.items():
        for terms, share in outcome.paid.items():
            held[terms] = held.get(terms, 0) + count * share.numerator * (scale // share.denominator)
    return held, scale


def _exact(held: Mapping[Terms, int], rules: RuleSet) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """What is paid per element for so much of full time, and the elements without a rate."""
    exact = dict.fromkeys(rules.shown, 0)
    missing: set[str] = set()
    for terms, months in held.items():
        for name, rate in rules.rates.monthly[terms].items():
            if rate is None:
                missing.add(name)
            else:
                exact[name] += rate * months
    return exact, tuple(each.id for each in rules.content.elements if each.id in missing) if missing else ()
