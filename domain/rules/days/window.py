"""The productivity window: the 24 first months of the track (rules.md 3.5)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from domain.doctor.history import Doctor
from domain.rules.days.conditions import ON_LEAVE
from domain.rules.days.leave import window_months
from domain.rules.days.span import Span
from domain.rules.sets.newer_values import WINDOW_RULE_FROM
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import first_whole_month, month_of
from domain.values.fields import Scheme


def window(doctor: Doctor, spans: Sequence[Span], rules: RuleSet) -> Sequence[int]:
    """The months (numbers) in which the productivity element can be given; none where the rules have no window.

    With the default choices neither the percent, nor leave, nor a restart matters.
    """
    start = _track_start(doctor)
    if start is None or "window_months" not in rules.numbers:
        return ()
    find, length = _ANCHORS[rules.options["window_anchor"]]
    anchor = find(start, spans, rules)
    if anchor is None:
        return ()
    anchor = _COUNTED_FROM[rules.options["window_counts_before_2025_06"]](anchor, rules)
    months = length(anchor, rules.whole("window_months"))
    full_leave = ((span.first, span.last) for span in spans if ON_LEAVE in span.failing)
    return window_months(first_whole_month(anchor), months, full_leave, rules)


def _track_start(doctor: Doctor) -> int | None:
    """The first day of the first track that is, or was converted to, the new scheme."""
    for spell in doctor.track.spells:
        if spell.scheme is Scheme.NEW or spell.converted_on is not None:
            return spell.first_day.toordinal()
    return None


def _the_start(start: int, _spans: Sequence[Span], _rules: RuleSet) -> int | None:
    return start


def _first_gp_day(start: int, spans: Sequence[Span], rules: RuleSet) -> int | None:
    """The first day in a post of a category that the window is for, qualifying or not."""
    return _first(start, spans, lambda span: any(post.category in rules.productive for post in span.posts))


def _first_agreement(start: int, spans: Sequence[Span], _rules: RuleSet) -> int | None:
    """The first day with an agreement in force in any municipality."""
    return _first(start, spans, lambda span: bool(span.agreed))


def _first(start: int, spans: Sequence[Span], holds: Callable[[Span], bool]) -> int | None:
    return next((max(start, span.first) for span in spans if span.last >= start and holds(span)), None)


def _from_the_anchor(anchor: int, _rules: RuleSet) -> int:
    return anchor


def _not_before_the_rule(anchor: int, rules: RuleSet) -> int:
    return max(anchor, rules.dates[WINDOW_RULE_FROM].toordinal())


def _all_months(_anchor: int, months: int) -> int:
    return months


def _months_ended_by_then(anchor: int, months: int) -> int:
    """How many whole months end before the same day number `months` later."""
    return month_of(anchor) + months - first_whole_month(anchor)


_ANCHORS: Final[
    Mapping[str | bool, tuple[Callable[[int, Sequence[Span], RuleSet], int | None], Callable[[int, int], int]]]
] = {
    "first_whole_month": (_the_start, _all_months),
    "start_date": (_the_start, _months_ended_by_then),
    "first_gp_day": (_first_gp_day, _all_months),
    "first_agreement": (_first_agreement, _all_months),
}
"""The day from which the window is reckoned, and how many months it has from there."""
_COUNTED_FROM: Final[Mapping[str | bool, Callable[[int, RuleSet], int]]] = {
    True: _from_the_anchor,
    False: _not_before_the_rule,
}
"""Whether time before the rule of the first months counts."""
