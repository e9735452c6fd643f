"""What fails in a month, and what the month is paid as (rules.md section 3, 2 and 3)."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Final, NamedTuple, Self

from domain.rules.days.conditions import DURATION_EXHAUSTED, INSTITUTIONAL_SERVICE, NO_AGREEMENT, ON_LEAVE
from domain.rules.days.leave import fails_month
from domain.rules.days.shares import NOTHING, Shares, by_days, of_month
from domain.rules.sets.rule_set import RuleSet, Terms
from domain.values.fields import Category


class Basis(StrEnum):
    """What a month is paid as, the best first."""

    AGREEMENT = "agreement"
    GUIDANCE_ONLY = "guidance_only"
    NONE = "none"


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Days on which nothing changes, as one municipality sees them: what fails on each, and the shares."""

    failing: frozenset[str]
    shares: Shares
    kind: Hashable
    """The same as a key."""

    @classmethod
    def of(cls, failing: frozenset[str], shares: Shares) -> Self:
        """Days with these failing conditions and shares."""
        alike = tuple([(category, share.numerator, share.denominator) for category, share in shares.items()])
        return cls(failing, shares, (failing, alike))


Stretches = Sequence[tuple[int, Stretch]]
"""A calendar month in order: the number of days of each stretch."""
Paid = Mapping[Basis, Shares]
"""The shares of a month by what they are paid as."""
Codes = frozenset[str]


class Circumstances(NamedTuple):
    """What else a month's worth depends on: the window, whether the five years are over, the supplement."""

    in_window: bool
    exhausted: bool
    central: bool

    def terms(self, basis: Basis) -> Callable[..., Terms]:
        """The terms on which a category's share is paid on a basis."""
        return partial(Terms, agreed=basis is Basis.AGREEMENT, in_window=self.in_window, central=self.central)


def judged(parts: Stretches, case: Circumstances, rules: RuleSet) -> tuple[Paid, Codes]:
    """What of a month is paid, and the codes of what failed on any day."""
    return _TESTED[rules.options["months"]](parts, case, rules)


def _by_month(parts: Stretches, case: Circumstances, rules: RuleSet) -> tuple[Paid, Codes]:
    """A condition holds for the month only if it holds on every day of it."""
    failing = _failing(parts, rules)
    reasons = failing | {DURATION_EXHAUSTED} if case.exhausted and failing <= _NO_AGREEMENT_ALONE else failing
    basis = _basis_of_month(failing, parts, case, rules)
    if basis is Basis.NONE:
        return {}, reasons
    worth = partial(_worth, terms=case.terms(basis), rules=rules)
    return {basis: of_month([(days, stretch.shares) for days, stretch in parts], worth, rules)}, reasons


def _basis_of_month(failing: Codes, parts: Stretches, case: Circumstances, rules: RuleSet) -> Basis:
    """By what fails in the month; then whether it is agreed only in part, and whether the five years are over."""
    basis = _basis(failing, _GUIDED_BESIDE[rules.options["hospital_service"]])
    if basis is Basis.GUIDANCE_ONLY and INSTITUTIONAL_SERVICE not in failing and _is_partly_agreed(parts):
        basis = _PARTLY_AGREED[rules.options["partly_agreed_month"]]
    if case.exhausted and basis is not Basis.NONE:
        basis = _AFTER_DURATION[rules.options["after_duration"]]
    return basis


def _by_day(parts: Stretches, case: Circumstances, rules: RuleSet) -> tuple[Paid, Codes]:
    """Each day that passes is paid by its own basis."""
    failing = _union(parts)
    bases = _SERVING[rules.options["hospital_days"]](parts, _GUIDED_BESIDE[rules.options["hospital_service"]])
    if case.exhausted and any(basis is not Basis.NONE for basis in bases):
        failing |= {DURATION_EXHAUSTED}
        after = _AFTER_DURATION[rules.options["after_duration"]]
        bases = [basis if basis is Basis.NONE else after for basis in bases]
    paid_as = [basis for basis in Basis if basis in bases and basis is not Basis.NONE]
    return {basis: _on_days(parts, bases, basis) for basis in paid_as}, failing


def _service_by_month(parts: Stretches, guided_beside: Codes) -> list[Basis]:
    """All days of a month with service that is guidance are guidance only; else no day of service is paid."""
    failing = _union(parts)
    if INSTITUTIONAL_SERVICE in failing and failing <= guided_beside:
        return [Basis.GUIDANCE_ONLY for _ in parts]
    return _each_day(parts, _NO_AGREEMENT_ALONE)


def _each_day(parts: Stretches, guided_beside: Codes) -> list[Basis]:
    return [_basis(stretch.failing, guided_beside) for _, stretch in parts]


def _on_days(parts: Stretches, bases: Sequence[Basis], wanted: Basis) -> Shares:
    """The shares of the days of one basis, as parts of the whole month."""
    of_parts = zip(parts, bases, strict=True)
    return by_days([(days, stretch.shares if basis is wanted else {}) for (days, stretch), basis in of_parts])


def _basis(failing: Codes, guided_beside: Codes) -> Basis:
    if not failing:
        return Basis.AGREEMENT
    return Basis.GUIDANCE_ONLY if failing <= guided_beside else Basis.NONE


def _union(parts: Stretches) -> Codes:
    """Every code that fails on any day."""
    return parts[0][1].failing.union(*(stretch.failing for _, stretch in parts))


def _failing(parts: Stretches, rules: RuleSet) -> Codes:
    """The codes of a month: of full leave by choice only if every day is leave."""
    failing = _union(parts)
    days = (ON_LEAVE in stretch.failing for _, stretch in parts)
    if ON_LEAVE in failing and not fails_month(days, rules):
        return failing - {ON_LEAVE}
    return failing


def _is_partly_agreed(parts: Stretches) -> bool:
    return any(NO_AGREEMENT not in stretch.failing for _, stretch in parts)


def _worth(shares: Shares, terms: Callable[[Category], Terms], rules: RuleSet) -> Fraction:
    """What a full month of some shares is paid, in parts of a krone."""
    return sum((share * rules.rates.total[terms(category)] for category, share in shares.items()), NOTHING)


_NO_AGREEMENT_ALONE: Final = frozenset({NO_AGREEMENT})
_TESTED: Final[Mapping[str | bool, Callable[[Stretches, Circumstances, RuleSet], tuple[Paid, Codes]]]] = {
    "calendar": _by_month,
    "days": _by_day,
}
"""Whether conditions are tested, and paid, by the month or by the day."""
_PARTLY_AGREED: Final[Mapping[str | bool, Basis]] = {
    "guidance_only": Basis.GUIDANCE_ONLY,
    "none": Basis.NONE,
}
"""What a month is paid as that is agreed only in part."""
_AFTER_DURATION: Final[Mapping[str | bool, Basis]] = {"none": Basis.NONE, "guidance": Basis.GUIDANCE_ONLY}
"""What a month is paid as outside the five years, where it would else be paid."""
_GUIDED_BESIDE: Final[Mapping[str | bool, Codes]] = {
    "none": _NO_AGREEMENT_ALONE,
    "guidance": _NO_AGREEMENT_ALONE | {INSTITUTIONAL_SERVICE},
}
"""The codes beside which guidance is still paid."""
_SERVING: Final[Mapping[str | bool, Callable[[Stretches, Codes], list[Basis]]]] = {
    "month": _service_by_month,
    "each_day": _each_day,
}
"""What each stretch of a month is paid as, where days are paid by themselves and some may be in hospital service."""
