"""Which months count, on what basis, and with which shares (rules.md section 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from domain.history import Doctor
from domain.rules.calendar import first_of, length_of, month_number
from domain.rules.duration import exhausted
from domain.rules.rule_set import RuleSet
from domain.rules.timeline import (
    DURATION_EXHAUSTED,
    NO_AGREEMENT,
    NO_POSITION,
    Span,
    spans,
)
from domain.rules.window import window
from domain.values import Category


class Basis(StrEnum):
    """What a month is paid as."""

    AGREEMENT = "agreement"
    GUIDANCE_ONLY = "guidance_only"
    NONE = "none"


_PRODUCTIVE = frozenset({Category.GP, Category.GP_LOCUM})


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a line: basis, shares of full time per category, and what failed."""

    number: int
    basis: Basis
    shares: Mapping[Category, Fraction]
    productivity: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What the months of a round are found from, once per doctor for all municipalities."""

    spans: Sequence[Span]
    window: frozenset[int]
    exhausted: frozenset[int]


def record(doctor: Doctor, rules: RuleSet) -> Record:
    """Lay out a doctor's days up to the end of the round."""
    laid = spans(doctor, rules, rules.round.last_day.toordinal())
    return Record(laid, window(doctor, rules), exhausted(laid, months_of(rules), rules))


def months_of(rules: RuleSet) -> range:
    """The months of the round, as numbers."""
    return range(month_number(rules.round.first_day), month_number(rules.round.last_day) + 1)


def municipalities_of(record: Record, rules: RuleSet) -> frozenset[str]:
    """Where the doctor held any position in the round."""
    start = rules.round.first_day.toordinal()
    return frozenset(p.municipality for s in record.spans if s.last >= start for p in s.posts)


def months(record: Record, municipality: str, rules: RuleSet) -> list[Month]:
    """The months of the round for one municipality."""
    return [_month(record, municipality, number) for number in months_of(rules)]


def _month(record: Record, municipality: str, number: int) -> Month:
    first, last = first_of(number), first_of(number + 1) - 1
    inside = [span for span in record.spans if span.first <= last and span.last >= first]
    failing = _failing(inside, municipality, first)
    if number in record.exhausted and not failing - {NO_AGREEMENT}:
        failing |= {DURATION_EXHAUSTED}
    basis = _basis(failing)
    shares = _shares(inside, municipality, number) if basis is not Basis.NONE else {}
    productivity = (
        basis is Basis.AGREEMENT
        and number in record.window
        and any(share for category, share in shares.items() if category in _PRODUCTIVE)
    )
    return Month(number, basis, shares, productivity, tuple(sorted(failing)))


def _failing(inside: Sequence[Span], municipality: str, first: int) -> frozenset[str]:
    """Every code that fails on any day of a month."""
    codes: set[str] = set()
    if not inside or inside[0].first > first:
        codes |= {NO_POSITION, NO_AGREEMENT, "track_not_active"}
    for span in inside:
        codes |= span.failing
        if not any(p.qualifies and p.municipality == municipality for p in span.posts):
            codes.add(NO_POSITION)
        if municipality not in span.agreed:
            codes.add(NO_AGREEMENT)
    return frozenset(codes)


def _basis(failing: frozenset[str]) -> Basis:
    if failing - {NO_AGREEMENT}:
        return Basis.NONE
    return Basis.GUIDANCE_ONLY if failing else Basis.AGREEMENT


def _shares(inside: Sequence[Span], municipality: str, number: int) -> dict[Category, Fraction]:
    """The month's share per category: the days' shares, each a part of the month's days."""
    first, last, length = first_of(number), first_of(number + 1) - 1, length_of(number)
    total: dict[Category, Fraction] = {}
    for span in inside:
        days = min(span.last, last) - max(span.first, first) + 1
        for category, share in span.shares(municipality).items():
            total[category] = total.get(category, Fraction(0)) + share * Fraction(days, length)
    return total
