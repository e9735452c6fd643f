"""Months that are whole nowhere, and posts of more than one municipality."""

from collections.abc import Iterator, Sequence

from domain.doctor.track.state import Position
from domain.rules.days.conditions import ON_LEAVE
from domain.rules.days.shares import NOTHING
from domain.rules.days.span import Span
from domain.rules.findings.view import Found, View, clipped, facts_of_posts, overlap
from domain.rules.line.basis import Basis
from domain.rules.line.months import Month
from domain.values import words
from domain.values.days.calendar import days_of, first_of, last_of, merged, month_of


def month_lost_to_job_switch(view: View) -> Iterator[Found]:
    """A month in which one post ended and another began, and that counts in no municipality."""
    for month in _months_of_ends(view):
        switch = _switch_in(month, view)
        if month in view.paid or not switch or month in view.paid_elsewhere:
            continue
        changed = view.line_with(spans=_held_all_month(month, view))
        yield from _lost([month], changed, [fact for post in switch for fact in post.facts], view, "bytte av stilling")


def month_lost_to_leave(view: View) -> Iterator[Found]:
    """Months that would have counted but for days of full leave."""
    lost = [month.number for month in view.line if month.basis is Basis.NONE and ON_LEAVE in month.reasons]
    if not lost:
        return
    changed = view.line_with(spans=[_without_leave(span) for span in view.record.spans])
    elsewhere = view.paid_elsewhere
    paid = [month.number for month in changed if month.number in lost and month.basis is not Basis.NONE]
    for month in paid:
        if month not in elsewhere:
            yield from _lost([month], changed, _leave_facts(month, view), view, "fullt fravær")


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


def _lost(
    numbers: Sequence[int], changed: Sequence[Month], facts: Sequence[str], view: View, cause: str
) -> Iterator[Found]:
    """A finding for months that would count in a line that is otherwise."""
    if any(month.basis is not Basis.NONE for month in changed if month.number in numbers):
        kroner = view.gained(changed, numbers)
        worth = "beløpet er ukjent" if kroner is None else f"måneden ville gitt {words.kroner(kroner)}"
        name = words.month_name(numbers[0]).capitalize()
        yield Found(numbers, facts, f"{name} gir ikke tilskudd på grunn av {cause}; {worth}.")


def _months_of_ends(view: View) -> list[int]:
    """The months of the round in which any post ends."""
    ends = {month_of(days_of(post)[1]) for post in view.doctor.track.positions.values()}
    return [month for month in view.rules.months if month in ends]


def _switch_in(month: int, view: View) -> list[Position]:
    """The posts here of a switch in a month, in which one post ends before its last day and another begins."""
    days = (first_of(month), last_of(month))
    every = view.doctor.track.positions.values()
    left = [post for post in every if days[0] <= days_of(post)[1] < days[1]]
    begun = [post for post in every if days[0] < days_of(post)[0] <= days[1]]
    if not any(one is not other for one in left for other in begun):
        return []
    switched = {id(post) for post in (*left, *begun)}
    return [post for post in view.posts.values() if id(post) in switched]


def _held_all_month(month: int, view: View) -> list[Span]:
    """The doctor's days as if the posts here, as on the first and last day they were, had lasted all month."""
    days = (first_of(month), last_of(month))
    held = [span for span in clipped(view.record.spans, days) if view.works_here(span)]
    if not held:
        return list(view.record.spans)
    begins = [*(span.first for span in held[1:]), days[1] + 1]
    starts = [days[0], *begins[:-1]]
    filled = [span._replace(first=start, last=end - 1) for span, start, end in zip(held, starts, begins, strict=True)]
    before = clipped(view.record.spans, (view.record.spans[0].first, days[0] - 1))
    after = clipped(view.record.spans, (days[1] + 1, view.record.spans[-1].last))
    return [*before, *filled, *after]


def _without_leave(span: Span) -> Span:
    """A span as it would be but for full leave; graded leave stays."""
    return span._replace(failing=span.failing - {ON_LEAVE}, leave=NOTHING) if ON_LEAVE in span.failing else span


def _leave_facts(month: int, view: View) -> list[str]:
    """The facts of the leaves that run on the days of full leave in a month."""
    days = (first_of(month), last_of(month))
    full = merged((span.first, span.last) for span in clipped(view.record.spans, days) if ON_LEAVE in span.failing)
    leaves = view.doctor.track.leaves.values()
    return [fact for leave in leaves if any(overlap(days_of(leave), each) for each in full) for fact in leave.facts]


def _percent(span: Span) -> int:
    """The percents of qualifying posts in all municipalities, in hundredths."""
    return sum(post.percent for post in span.posts if post.qualifies)


def _is_scaled(span: Span, view: View) -> bool:
    """Whether the posts here weigh less than their percents."""
    here = [post.percent for post in span.posts if post.qualifies and post.municipality == view.municipality]
    weights = [weight for (where, _), weight in span.weights.items() if where == view.municipality]
    return sum(weights, NOTHING) * view.rules.full_time < sum(here)
