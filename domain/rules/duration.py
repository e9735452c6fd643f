"""The five years: sixty full-time months per doctor over all municipalities (rules.md 3.4)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from domain.rules.calendar import first_of, months_between
from domain.rules.rule_set import RuleSet
from domain.rules.timeline import (
    INSTITUTIONAL_SERVICE,
    OLD_SCHEME,
    TRACK_NOT_ACTIVE,
    Span,
)

_USES_NOTHING = frozenset({OLD_SCHEME, TRACK_NOT_ACTIVE, INSTITUTIONAL_SERVICE})


def time_used(span: Span) -> Fraction:
    """The part of full time that each day of a span uses of the five years."""
    if span.failing & _USES_NOTHING:
        return Fraction(0)
    held = sum((w for (where, _), w in span.weights.items() if where in span.agreed), Fraction(0))
    return held * (1 - span.extending)


def usage(spans: Sequence[Span], months: range) -> tuple[Fraction, Mapping[int, Fraction]]:
    """Full-time months used before the months of a round, and in each of them."""
    start = first_of(months.start)
    before = Fraction(0)
    within = dict.fromkeys(months, Fraction(0))
    for span in spans:
        rate = time_used(span)
        if not rate:
            continue
        if span.first < start:
            before += rate * months_between(span.first, min(span.last, start - 1))
        for month in months:
            first, last = max(span.first, first_of(month)), min(span.last, first_of(month + 1) - 1)
            if first <= last:
                within[month] += rate * months_between(first, last)
    return before, within


def exhausted(spans: Sequence[Span], months: range, rules: RuleSet) -> frozenset[int]:
    """The months of a round that lie outside the five years."""
    limit = rules.numbers["duration_months"]
    used, within = usage(spans, months)
    out = set()
    for month in months:
        if used >= limit or used + within[month] > limit:
            out.add(month)
        used += within[month]
    return frozenset(out)
