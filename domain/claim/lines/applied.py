"""All that is computed of a line, within what a person limited it to, per month and element (docs/decisions/0006).

- A month outside the limits gives nothing.
- Where a line is limited to guidance alone, a month pays what it would as guidance only, or what was computed,
  whichever is less in all.
- Where it is limited to no supplement, no month pays it.

The kroner are exact until the line is rounded, once, as every line is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Final

from domain.claim.parts.limits import EVERYTHING, Limits, limits_of
from domain.claim.parts.parts import Applied, AppliedBasis
from domain.rules.line.amounts import Amounts, amounts
from domain.rules.line.basis import Basis
from domain.rules.line.costs import Costs
from domain.rules.line.months import Month, MonthOutcome
from domain.rules.result import Line
from domain.rules.sets.rule_set import RuleSet, Terms
from domain.values.days.calendar import text_of
from domain.values.refusals.refusal import refused

Paid = Mapping[Terms, Fraction]
"""The share of full time on each of the terms."""
_NOTHING: Final[Paid] = {}


def limited(line: Line, limits: Limits, municipality: str, rules: RuleSet, costs: Costs) -> Amounts:
    """The amounts of a line that can be granted: all that is computed, within its limits."""
    months = limited_months(line, limits, rules)
    if all(less.outcome is month.outcome for less, month in zip(months, line.months, strict=True)):
        return line.amounts
    return amounts(months, municipality, rules, costs)


def limited_months(line: Line, limits: Limits, rules: RuleSet) -> list[Month]:
    """The months of a line with no more paid than its limits let; one that is not made less is the same."""
    outcomes = {month.outcome for month in line.months}
    less = {outcome: _paid(outcome, _less(outcome.paid, limits, rules)) for outcome in outcomes}
    nothing = {outcome: _paid(outcome, _NOTHING) for outcome in outcomes}
    return [
        Month(number, (less if _within(text_of(number), limits) else nothing)[outcome])
        for number, outcome in line.months
    ]


def _within(month: str, limits: Limits) -> bool:
    return (limits.first_month or month) <= month <= (limits.last_month or month)


def _paid(outcome: MonthOutcome, paid: Paid) -> MonthOutcome:
    return outcome if paid == outcome.paid else replace(outcome, paid=paid)


def _less(paid: Paid, limits: Limits, rules: RuleSet) -> Paid:
    if limits.basis is AppliedBasis.GUIDANCE_ONLY:
        paid = min(paid, _as_guidance(paid), key=partial(_worth, rules=rules))
    if limits.supplement is False and any(terms.central for terms in paid):
        paid = _together({terms: terms._replace(central=False) for terms in paid}, paid)
    return paid


def _as_guidance(paid: Paid) -> Paid:
    return _together({terms: terms._replace(agreed=False) for terms in paid}, paid)


def _together(becomes: Mapping[Terms, Terms], paid: Paid) -> Paid:
    """The shares on other terms; those that meet on the same terms are added."""
    found: dict[Terms, Fraction] = {}
    for terms, share in paid.items():
        found[becomes[terms]] = found.get(becomes[terms], Fraction(0)) + share
    return found


def _worth(paid: Paid, rules: RuleSet) -> Fraction:
    """What some shares of a month are paid in all, in parts of a krone."""
    return sum((share * rules.rates.total[terms] for terms, share in paid.items()), Fraction(0))


def everything(line: Line, municipality: str, rules: RuleSet) -> Applied:
    """All that is computed of a line, as one would apply for it: from the first month that counts to the last."""
    counting = [month for month in line.months if month.basis is not Basis.NONE] or list(line.months)
    agreed = any(month.basis is Basis.AGREEMENT for month in counting)
    guided = any(month.basis is Basis.GUIDANCE_ONLY for month in counting)
    return Applied(
        basis=AppliedBasis.GUIDANCE_ONLY if guided and not agreed else AppliedBasis.AGREEMENT,
        first_month=text_of(counting[0].number),
        last_month=text_of(counting[-1].number),
        supplement=municipality in rules.central,
    )


def whole_round(rules: RuleSet) -> Applied:
    """Every month of a round, with all that can be had in it."""
    first, last = text_of(rules.months[0]), text_of(rules.months[-1])
    return Applied(basis=AppliedBasis.AGREEMENT, first_month=first, last_month=last, supplement=True)


def limits_stated(
    stated: Limits | None, rules: RuleSet, shown: Iterable[Applied | None], standing: Limits = EVERYTHING
) -> Limits:
    """What a person limits a line to: what is stated and is not what the program shows as all that there is."""
    if stated is None:
        return EVERYTHING
    check_limits(stated, rules)
    return limits_of(stated, filter(None, (whole_round(rules), *shown)), standing)


def check_limits(limits: Limits, rules: RuleSet) -> None:
    """Raise `Refused` (months-outside-round) where months are named that the round does not have."""
    first, last = text_of(rules.months[0]), text_of(rules.months[-1])
    if any(month is not None and not first <= month <= last for month in (limits.first_month, limits.last_month)):
        raise refused("months-outside-round", first=first, last=last)
