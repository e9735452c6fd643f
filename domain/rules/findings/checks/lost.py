"""Months that are whole nowhere, and posts of more than one municipality."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.doctor.track.state import Position
from domain.rules.days.conditions import ON_LEAVE
from domain.rules.days.duration import time_used
from domain.rules.days.shares import NOTHING
from domain.rules.days.span import Span
from domain.rules.findings.views.otherwise import at_work, filled
from domain.rules.findings.views.view import Found, View, clipped, facts_of_posts, overlap
from domain.rules.line.basis import Basis
from domain.rules.line.months import Month
from domain.values import words
from domain.values.days.calendar import Days, days_of, first_of, last_of, merged, month_of

_AS_OTHER_DAYS: Final = "Hadde stillingen og fraværet på de andre dagene vart hele måneden,"
_AT_WORK: Final = "Uten fraværet"


def month_lost_to_job_switch(view: View) -> Iterator[Found]:
    """A month in which one post ended and another began, and that counts in no municipality."""
    for month in _months_of_ends(view):
        switch = _switch_in(month, view)
        if not switch or month in view.paid or month in view.paid_elsewhere:
            continue
        like = [span for span in _days_of(month, view) if view.works_here(span)]
        if like:
            facts = [fact for post in switch for fact in post.facts]
            told = f"bytte av stilling. {_AS_OTHER_DAYS}"
            yield from _lost(month, _held_all_month(month, like, view), facts, told, view)


def month_lost_to_leave(view: View) -> Iterator[Found]:
    """Months that would have counted but for days of full leave."""
    for month in [month.number for month in view.line if month.basis is Basis.NONE and ON_LEAVE in month.reasons]:
        days = _days_of(month, view)
        full = [span for span in days if ON_LEAVE in span.failing]
        if all(map(view.works_here, days)) and all(span.failing == {ON_LEAVE} for span in full):
            like = [span for span in days if ON_LEAVE not in span.failing]
            told = f"fullt fravær. {_AS_OTHER_DAYS if like else _AT_WORK}"
            if month not in view.paid_elsewhere:
                yield from _lost(month, _less_leave(month, days, like, view), _leave_facts(full, view), told, view)


def over_100_percent(view: View) -> Iterator[Found]:
    """Percents over full time on a day; the sentence does not name where the other posts are."""
    over = [span for span in view.spans if view.works_here(span) and _percent(span) > view.rules.full_time]
    if over:
        runs = [(span.first, span.last) for span in over]
        numbers = view.of_round(runs)
        facts = [fact for days in runs for fact in facts_of_posts(view.posts.values(), days)]
        scaled = ", og andelen er satt ned" if any(_is_scaled(span, view) for span in over) else ""
        told = f"Legen har stillinger på til sammen over 100 prosent {words.months(numbers)}"
        yield Found(numbers, facts, f"{told}{scaled}.")


def claimed_by_two_municipalities(view: View) -> Iterator[Found]:
    """Months that count here and in another municipality, which is not named."""
    both = sorted(view.paid & view.paid_elsewhere)
    if both:
        days = (first_of(both[0]), last_of(both[-1]))
        facts = facts_of_posts(view.posts.values(), days)
        told = f"En annen kommune kan også få tilskudd for legen {words.months(both)}"
        yield Found(both, facts, f"{told}.")


def _lost(month: int, changed: Sequence[Month], facts: Sequence[str], told: str, view: View) -> Iterator[Found]:
    """A finding for a month that would count in another line."""
    if view.both(month, changed)[1].basis is not Basis.NONE:
        kroner = view.more(view.with_months(changed, [month]), view.line)
        amount = "et ukjent beløp" if kroner is None else words.kroner(kroner)
        name = words.month_name(month).capitalize()
        yield Found([month], facts, f"{name} gir ikke tilskudd på grunn av {told} ville den gitt {amount}.")


def _months_of_ends(view: View) -> list[int]:
    """The months of the round in which any post ends."""
    ends = {month_of(days_of(post)[1]) for post in view.doctor.track.positions.values()}
    return [month for month in view.rules.months if month in ends]


def _switch_in(month: int, view: View) -> list[Position]:
    """The posts here of a switch in a month, in which one post ends before its last day and another begins."""
    days = _month(month)
    every = view.doctor.track.positions.values()
    left = [post for post in every if days[0] <= days_of(post)[1] < days[1]]
    begun = [post for post in every if days[0] < days_of(post)[0] <= days[1]]
    if not any(one is not other for one in left for other in begun):
        return []
    switched = {id(post) for post in (*left, *begun)}
    return [post for post in view.posts.values() if id(post) in switched]


def _days_of(month: int, view: View) -> list[Span]:
    return clipped(view.record.spans, _month(month))


def _month(number: int) -> Days:
    return first_of(number), last_of(number)


def _held_all_month(month: int, like: Sequence[Span], view: View) -> list[Month]:
    """The line as if posts and leave had been on all days of a month as on some of them."""
    return view.line_of(filled(view.doctor, _month(month), merged((span.first, span.last) for span in like)))


def _less_leave(month: int, days: Sequence[Span], like: Sequence[Span], view: View) -> list[Month]:
    """The line as if each day of full leave in a month had been like other days of it, or without leave."""
    if any(span.failing for span in like) or len({(span.posts, span.agreed) for span in days}) > 1:
        return _held_all_month(month, like, view) if like else view.line_of(at_work(view.doctor, _month(month)))
    first, last = _month(month)
    before = clipped(view.record.spans, (view.record.spans[0].first, first - 1))
    after = clipped(view.record.spans, (last + 1, view.record.spans[-1].last))
    return view.line_on([*before, *_worked(days, like, view), *after])


def _worked(days: Sequence[Span], like: Sequence[Span], view: View) -> Iterator[Span]:
    """The days of a month in which nothing but leave changes, with the leave of the last day before that was worked."""
    for span in days:
        if ON_LEAVE not in span.failing:
            yield span
        elif like:
            same = [each for each in like if each.first < span.first] or like[:1]
            yield span._replace(failing=frozenset(), leave=same[-1].leave, used=same[-1].used)
        else:
            used = time_used(span.weights, span.agreed, frozenset(), NOTHING, view.rules)
            yield span._replace(failing=frozenset(), leave=NOTHING, used=used)


def _leave_facts(full: Sequence[Span], view: View) -> list[str]:
    """The facts of the leaves that run on the days of full leave in a month."""
    leaves = view.doctor.track.leaves.values()
    days = merged((span.first, span.last) for span in full)
    return [fact for leave in leaves if any(overlap(days_of(leave), each) for each in days) for fact in leave.facts]


def _percent(span: Span) -> int:
    """The percents of qualifying posts in all municipalities, in hundredths."""
    return sum(post.percent for post in span.posts if post.qualifies)


def _is_scaled(span: Span, view: View) -> bool:
    """Whether the posts here weigh less than their percents."""
    here = [post.percent for post in span.posts if post.qualifies and post.municipality == view.municipality]
    weights = [weight for (where, _), weight in span.weights.items() if where == view.municipality]
    return sum(weights, NOTHING) * view.rules.full_time < sum(here)
