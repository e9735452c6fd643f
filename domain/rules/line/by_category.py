"""A line's whole kroner by category of post, so that they sum to the line."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from domain.rules.days.shares import NOTHING
from domain.rules.line.amounts import Amounts, amounts
from domain.rules.line.costs import Costs
from domain.rules.line.months import Month, MonthOutcome
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import Category
from domain.values.rounding import largest_remainder


def categories_of(months: Sequence[Month]) -> list[Category]:
    """The categories that have a share in any month."""
    return sorted({category for outcome in {month.outcome for month in months} for category in outcome.shares})


def by_category(
    months: Sequence[Month], found: Amounts, municipality: str, rules: RuleSet, costs: Costs
) -> dict[str, int]:
    """The line's kroner divided in proportion to what each category would get alone; nothing without an amount."""
    if found.missing:
        return {}
    return dict(largest_remainder(exact_by_category(months, found, municipality, rules, costs), found.total))


def exact_by_category(
    months: Sequence[Month], found: Amounts, municipality: str, rules: RuleSet, costs: Costs
) -> dict[str, Fraction]:
    """The same before rounding; it sums to the exact kroner of the line."""
    categories = categories_of(months)
    if len(categories) == 1:
        return {categories[0].value: found.sum}
    alone = {
        category.value: amounts(_only(months, category), municipality, rules, costs).sum for category in categories
    }
    whole, of = found.sum, sum(alone.values(), NOTHING)
    return {name: part * whole / of if of else NOTHING for name, part in alone.items()}


def _only(months: Sequence[Month], category: Category) -> list[Month]:
    """The months as if they had the shares of one category alone."""
    narrowed = {outcome: _narrowed(outcome, category) for outcome in {month.outcome for month in months}}
    return [Month(month.number, narrowed[month.outcome]) for month in months]


def _narrowed(outcome: MonthOutcome, category: Category) -> MonthOutcome:
    paid = {terms: share for terms, share in outcome.paid.items() if terms.category is category}
    shares = {category: outcome.shares[category]} if category in outcome.shares else {}
    return replace(outcome, paid=paid, shares=shares)
