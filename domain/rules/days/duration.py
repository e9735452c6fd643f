"""The five years: sixty full-time months per doctor over all municipalities (rules.md 3.4)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Final

from domain.rules.days.conditions import INSTITUTIONAL_SERVICE, OLD_SCHEME, TRACK_NOT_ACTIVE
from domain.rules.days.leave import used_beside
from domain.rules.days.shares import NOTHING, Weights
from domain.rules.days.span import Span
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import MONTH_PARTS, first_of, last_of, month_parts

_USES_NOTHING: Final = frozenset({OLD_SCHEME, TRACK_NOT_ACTIVE, INSTITUTIONAL_SERVICE})


def time_used(
    weights: Weights, agreed: frozenset[str], failing: frozenset[str], extending: Fraction, rules: RuleSet
) -> Fraction:
    """The part of full time that a day uses; `extending` is what leave of a kind that extends takes off."""
    if failing & _USES_NOTHING:
        return NOTHING
    held = _COUNTED[rules.options["duration_counts"]](weights, agreed)
    used = held[0] if len(held) == 1 else sum(held, NOTHING)
    return used_beside(used, extending, rules) if extending else used


def usage(spans: Sequence[Span], months: range) -> tuple[Fraction, Mapping[int, Fraction]]:
    """Full-time months used before the months of a round, and in each of them."""
    start = first_of(months.start)
    before = _used(spans, spans[0].first, start - 1) if spans else NOTHING
    late = [span for span in spans if span.used and span.last >= start]
    return before, {month: _used_in(late, month) for month in months}


def _used_in(spans: Sequence[Span], month: int) -> Fraction:
    """Full-time months used in a month; in one that lies wholly within a span, what each of its days uses."""
    first, last = first_of(month), last_of(month)
    for span in spans:
        if span.first <= first and span.last >= last:
            return span.used
    return _used(spans, first, last)


def exhausted(spans: Sequence[Span], months: range, rules: RuleSet) -> frozenset[int]:
    """The months of a round that lie outside the five years; one that is out still uses time."""
    limit = rules.numbers["duration_months"]
    if not spans or _used(spans, spans[0].first, last_of(months[-1])) < limit:
        return frozenset()
    used, within = usage(spans, months)
    out = set()
    for month in months:
        if used >= limit or used + within[month] > limit:
            out.add(month)
        used += within[month]
    return frozenset(out)


def _used(spans: Sequence[Span], first: int, last: int) -> Fraction:
    """Full-time months used from a day to another, summed in whole parts of one size."""
    parts, size = 0, 1
    for span in spans:
        if span.used and span.first <= last and span.last >= first:
            used, of = span.used.as_integer_ratio()
            if size % of:
                parts, size = parts * (lcm(size, of) // size), lcm(size, of)
            parts += used * (size // of) * month_parts(max(span.first, first), min(span.last, last))
    return Fraction(parts, size * MONTH_PARTS)


def _under_agreement(weights: Weights, agreed: Collection[str]) -> list[Fraction]:
    return [weight for (where, _), weight in weights.items() if where in agreed]


def _anywhere(weights: Weights, _: Collection[str]) -> list[Fraction]:
    return list(weights.values())


_COUNTED: Final[Mapping[str | bool, Callable[[Weights, Collection[str]], list[Fraction]]]] = {
    "agreement": _under_agreement,
    "all": _anywhere,
}
"""The posts whose percents use of the five years."""
