"""Kroner: annual amount x share / 12, exact; rounded once, on the line (rules.md section 4).

Exact amounts are counted in whole parts of a krone, as many as all shares and rates of a line need.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from types import MappingProxyType
from typing import Final, TypeVar

from domain.rules.costs import Costs, paid, reclaimed
from domain.rules.months import Month
from domain.rules.rule_set import RuleSet, Terms

Number = TypeVar("Number", int, Fraction)
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
    def exact(self) -> dict[str, Fraction]:
        """The exact kroner of each element."""
        return {name: Fraction(amount, self.parts) for name, amount in self.in_parts.items()}


def amounts(months: Sequence[Month], municipality: str, rules: RuleSet, costs: Costs = _NO_COSTS) -> Amounts:
    """The amounts of a line: exact over months and elements, then rounded half up to a whole krone."""
    held = _held(months)
    scale = lcm(*(share.denominator for share in held.values()))
    exact = dict.fromkeys(rules.shown, 0)
    missing: set[str] = set()
    for terms, share in held.items():
        weight = share.numerator * (scale // share.denominator)
        for name, rate in rules.rates.monthly[terms].items():
            if rate is None:
                missing.add(name)
            else:
                exact[name] += rate * weight
    parts = rules.rates.parts * scale
    in_parts = paid(exact, parts, municipality, costs, rules)
    total = round_half_up(sum(in_parts.values()), parts)
    elements = largest_remainder(in_parts, total, parts)
    unused = None if missing else reclaimed(elements, municipality, costs, rules)
    return Amounts(parts, in_parts, _in_order(missing, rules), total, elements, unused)


def _in_order(names: Collection[str], rules: RuleSet) -> tuple[str, ...]:
    return tuple(element.id for element in rules.content.elements if element.id in names) if names else ()


def _held(months: Sequence[Month]) -> Mapping[Terms, Fraction]:
    """Full-time months on each of the terms; months of one kind are counted."""
    held: dict[Terms, Fraction] = {}
    for outcome, count in Counter(month.outcome for month in months).items():
        for terms, share in outcome.paid.items():
            held[terms] = held[terms] + share * count if terms in held else share * count
    return held


def round_half_up(amount: Number, parts: int = 1) -> int:
    """An amount in parts of a krone as a whole krone; exactly half goes up."""
    return int((2 * amount + parts) // (2 * parts))


def largest_remainder(exact: Mapping[str, Number], total: int, parts: int = 1) -> dict[str, int]:
    """Whole kroner that sum to a total: the largest remainders get one more, ties in order."""
    whole = {name: int(amount // parts) for name, amount in exact.items()}
    left = total - sum(whole.values())
    if left:
        by_remainder = sorted(exact, key=lambda name: whole[name] * parts - exact[name])
        for name in by_remainder[:left]:
            whole[name] += 1
    return whole
