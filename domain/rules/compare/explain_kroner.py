"""What a line comes to in whole kroner, by month and by element, so that two of them can be compared.

The line is rounded once (rules.md section 4); its months are shown in whole kroner that sum to it, as
`domain.rules.line.monthly` has it, and so are its elements.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from domain.rules.line.monthly import kroner_by_month
from domain.rules.result import Line
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import text_of

By = Mapping[str, int]
"""Whole kroner by month (`2025-06`) or by element."""


@dataclass(frozen=True, slots=True)
class Kroner:
    """The kroner of a line, or of what it changed by: months sum to the total with their rounding, so do elements.

    `missing` names the elements without a rate: then there is no amount, and the claim's total has nothing of it.
    `exact` are months and elements before they were rounded.
    """

    total: int = 0
    months: By = field(default_factory=dict)
    elements: By = field(default_factory=dict)
    reclaimed: By = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    rounding: int = 0
    elements_rounding: int = 0
    exact: Mapping[str, Fraction] = field(default_factory=dict, compare=False, repr=False)

    def since(self, before: "Kroner") -> "Kroner":
        """What has changed since before; of months and elements those alone that changed.

        What changed by its rounding alone is summed up.
        """
        months, rounding = _split(_changed(before.months, self.months), before.exact, self.exact)
        elements, of_elements = _split(_changed(before.elements, self.elements), before.exact, self.exact)
        return Kroner(
            self.total - before.total,
            months,
            elements,
            _changed(before.reclaimed, self.reclaimed),
            () if self.missing == before.missing else self.missing,
            rounding,
            of_elements,
        )

    @property
    def is_nothing(self) -> bool:
        """Whether there are no kroner anywhere, neither in the line nor within it, and nothing is unknown."""
        return not (self.total or self.months or self.elements or self.reclaimed or self.missing or self.rounding)

    def as_json(self) -> dict[str, Any]:
        """Kroner, with what they are of; what is not there stays away."""
        return {
            "kroner": self.total,
            "months": [{"month": month, "kroner": kroner} for month, kroner in self.months.items()],
            **({"rounding": self.rounding} if self.rounding else {}),
            "elements": dict(self.elements),
            **({"elements_rounding": self.elements_rounding} if self.elements_rounding else {}),
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
    by_month = kroner_by_month(line.months, found, rules) or {}
    months = {text_of(number): kroner.whole for number, kroner in by_month.items()}
    exact = {text_of(number): kroner.exact for number, kroner in by_month.items()} | found.exact
    return Kroner(found.total, months, found.elements, found.reclaimed or {}, exact=exact)


def _split(changed: By, before: Mapping[str, Fraction], after: Mapping[str, Fraction]) -> tuple[By, int]:
    """What really changed, and the sum of what only was rounded otherwise."""
    real = {name: kroner for name, kroner in changed.items() if before.get(name, 0) != after.get(name, 0)}
    return real, sum(changed.values()) - sum(real.values())


def _changed(before: By, after: By) -> By:
    names = sorted(before.keys() | after.keys(), key=[*after, *before].index)
    found = {name: after.get(name, 0) - before.get(name, 0) for name in names}
    return {name: kroner for name, kroner in found.items() if kroner}
