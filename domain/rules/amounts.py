"""Kroner: annual amount x share / 12, exact; rounded once, on the line (rules.md section 4)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from domain.rules.months import Basis, Month
from domain.rules.rule_set import RuleSet
from domain.values import Category

_HALF: Final = Fraction(1, 2)
Kind = tuple[Basis, tuple[tuple[Category, Fraction], ...], bool]
"""What decides a month's amount: months of one kind have the same."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """A line's exact amount per element, in kroner; `missing` names elements without a rate."""

    exact: Mapping[str, Fraction]
    missing: tuple[str, ...]

    @property
    def total(self) -> int:
        """The line: the exact sum rounded half up to a whole krone, the only rounding there is."""
        return round_half_up(sum(self.exact.values(), Fraction(0)))

    @property
    def elements(self) -> dict[str, int]:
        """The elements in whole kroner that sum to the line."""
        return largest_remainder(self.exact, self.total)


def round_half_up(kroner: Fraction) -> int:
    """A whole krone; exactly half goes up."""
    return (kroner + _HALF).__floor__()


def largest_remainder(exact: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Whole kroner that sum to a total: the largest remainders get one more, ties in order."""
    whole = {name: kroner.__floor__() for name, kroner in exact.items()}
    left = total - sum(whole.values())
    by_remainder = sorted(exact, key=lambda name: whole[name] - exact[name])
    return {name: whole[name] + (name in by_remainder[:left]) for name in exact}


def amounts(months: Sequence[Month], municipality: str, rules: RuleSet) -> Amounts:
    """The exact amounts of a line."""
    supplement = rules.municipalities.centrality_class(municipality) == rules.whole("centrality_class")
    kinds = Counter((m.basis, tuple(m.shares.items()), m.productivity) for m in months)
    exact = dict.fromkeys((element.id for element in rules.content.elements), Fraction(0))
    missing: set[str] = set()
    for kind, count in kinds.items():
        for name, amount in month_amounts(kind, rules, supplement=supplement).items():
            if amount is None:
                missing.add(name)
            else:
                exact[name] += amount * count
    return Amounts(exact, tuple(name for name in exact if name in missing))


def month_amounts(kind: Kind, rules: RuleSet, *, supplement: bool) -> dict[str, Fraction | None]:
    """The exact kroner of each element in a month of a kind; None where the rate is unknown."""
    basis, shares, productivity = kind
    found: dict[str, Fraction | None] = {}
    if basis is Basis.NONE:
        return found
    year = rules.numbers["months_per_year"]
    for element in rules.content.elements:
        if basis is Basis.GUIDANCE_ONLY and not element.guidance_only:
            continue
        if (element.window and not productivity) or (element.centrality and not supplement):
            continue
        share = sum((s for category, s in shares if category in element.categories), Fraction(0))
        if not share:
            continue
        if element.of:
            found[element.id] = _part_of(element.id, found, rules)
        else:
            annual = rules.annual[element.id]
            found[element.id] = None if annual is None else annual * share / year
    return found


def _part_of(element: str, found: Mapping[str, Fraction | None], rules: RuleSet) -> Fraction | None:
    """An element that is a share of others in the same month."""
    part, others = rules.facilitation[element]
    amounts = [found[name] for name in others if name in found]
    if part is None or None in amounts:
        return None
    return part * sum((amount for amount in amounts if amount is not None), Fraction(0))
