"""What a line comes to in whole kroner, by month and by element, so that two of them can be compared.

The line is rounded once (rules.md section 4); its months are shown in whole kroner that sum to it, by the
largest remainder, as its elements are. What is capped by reported costs is capped in every month alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from domain.rules.amounts import Amounts, largest_remainder
from domain.rules.calendar import text_of
from domain.rules.months import Outcome
from domain.rules.result import Line
from domain.rules.rule_set import RuleSet
from domain.rules.shares import NOTHING

By = Mapping[str, int]
"""Whole kroner by month (`2025-06`) or by element."""


@dataclass(frozen=True, slots=True)
class Kroner:
    """The kroner of a line, or of what it changed by: months sum to the total, and so do elements.

    `missing` names the elements without a rate: then there is no amount, and the claim's total has nothing of it.
    """

    total: int = 0
    months: By = field(default_factory=dict)
    elements: By = field(default_factory=dict)
    reclaimed: By = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def since(self, before: "Kroner") -> "Kroner":
        """What has changed since before; of months and elements those alone that changed."""
        return Kroner(
            self.total - before.total,
            _changed(before.months, self.months),
            _changed(before.elements, self.elements),
            _changed(before.reclaimed, self.reclaimed),
            () if self.missing == before.missing else self.missing,
        )

    @property
    def is_nothing(self) -> bool:
        """Whether there are no kroner anywhere, neither in the line nor within it, and nothing is unknown."""
        return not (self.total or self.months or self.elements or self.reclaimed or self.missing)

    def as_json(self) -> dict[str, Any]:
        """Kroner, with what they are of; what is not there stays away."""
        return {
            "kroner": self.total,
            "months": [{"month": month, "kroner": kroner} for month, kroner in self.months.items()],
            "elements": dict(self.elements),
            **({"reclaimed": dict(self.reclaimed)} if self.reclaimed else {}),
            **({"missing": list(self.missing)} if self.missing else {}),
        }


NO_LINE: Final = Kroner()
"""Of a doctor who has no line."""


def kroner_of(line: Line | None, rules: RuleSet) -> Kroner:
    """The kroner of a line; nothing where there is none."""
    if line is None:
        return NO_LINE
    found = line.amounts
    if found.missing:
        return Kroner(missing=found.missing)
    months = largest_remainder(_exact_by_month(line, rules), found.total)
    return Kroner(found.total, months, found.elements, found.reclaimed or {})


def _exact_by_month(line: Line, rules: RuleSet) -> dict[str, Fraction]:
    """The exact kroner of each month; they sum to the exact kroner of the line."""
    worth = {outcome: _worth(outcome, rules) for outcome in {month.outcome for month in line.months}}
    left = _left(line.amounts, [worth[month.outcome] for month in line.months])
    of_kind = {
        outcome: sum((kroner * left[name] for name, kroner in each.items()), NOTHING) for outcome, each in worth.items()
    }
    return {text_of(month.number): of_kind[month.outcome] for month in line.months}


def _worth(outcome: Outcome, rules: RuleSet) -> dict[str, Fraction]:
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


def _changed(before: By, after: By) -> By:
    names = sorted(before.keys() | after.keys(), key=[*after, *before].index)
    found = {name: after.get(name, 0) - before.get(name, 0) for name in names}
    return {name: kroner for name, kroner in found.items() if kroner}
