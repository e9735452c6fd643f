"""Reported costs beside the grant, by element and category of post: both sum to the line's, to the krone.

The grant of an element is divided in proportion to what each category would get alone, and costs in proportion to the
full-time months that the element is given for in each; if it is given for none, in proportion to all full-time months.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from domain.rules.days.shares import ALL, NOTHING
from domain.rules.line.amounts import Amounts
from domain.rules.line.by_category import categories_of
from domain.rules.line.costs import Reported
from domain.rules.line.months import Month
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import Category
from domain.values.rounding import largest_remainder

NO_CATEGORY: Final = "none"
"""Stands for the category of a line that has no share in any."""
ByCategory = Mapping[str, Fraction]
"""What something is divided in proportion to."""


class Covered(NamedTuple):
    """What is granted and what was spent; a grant of None is unknown, and costs of None are not reported."""

    element: str
    category: str
    kroner: int | None
    net: int | None


def covered(months: Sequence[Month], found: Amounts, spent: Reported, rules: RuleSet) -> Iterator[Covered]:
    """Each element that a line is given or has costs of, by category; the supplement is not a cost."""
    categories = categories_of(months)
    for element in rules.content.elements:
        if not element.centrality:
            given, worth = _given(element.id, months, categories, rules)
            by: ByCategory = {category: part for category, part in given.items() if part}
            if by or element.id in spent:
                kroner = None if found.missing else found.elements.get(element.id, 0)
                by = by or _held(months, categories)
                granted = _divided(kroner, {category: worth[category] for category in by})
                costs = _divided(spent.get(element.id), by)
                yield from (Covered(element.id, category, granted[category], costs[category]) for category in by)


def _given(
    element: str, months: Sequence[Month], categories: Sequence[Category], rules: RuleSet
) -> tuple[ByCategory, ByCategory]:
    """The full-time months that an element is given for in each category, and those times the rate."""
    given, worth = _nothing(categories), _nothing(categories)
    for outcome, count in Counter([month.outcome for month in months]).items():
        for terms, share in outcome.paid.items():
            rates = rules.rates.monthly[terms]
            if element in rates:
                given[terms.category.value] += count * share
                worth[terms.category.value] += count * share * (rates[element] or 0)
    return given, worth


def _held(months: Sequence[Month], categories: Sequence[Category]) -> ByCategory:
    """All full-time months in each category."""
    held = _nothing(categories)
    for month in months:
        for category, share in month.shares.items():
            held[category.value] += share
    return held


def _nothing(categories: Sequence[Category]) -> dict[str, Fraction]:
    return dict.fromkeys([category.value for category in categories] or [NO_CATEGORY], NOTHING)


def _divided(kroner: int | None, by: ByCategory) -> dict[str, int | None]:
    """Kroner divided in proportion, or equally where there is nothing to divide by; None is not divided."""
    if kroner is None or len(by) == 1:
        return dict.fromkeys(by, kroner)
    parts = by if any(by.values()) else dict.fromkeys(by, ALL)
    whole = sum(parts.values(), NOTHING)
    return dict(largest_remainder({name: kroner * part / whole for name, part in parts.items()}, kroner))
