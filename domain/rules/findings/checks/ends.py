"""What runs out: the productivity window and the five years in the round, and the old scheme soon after it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Final

from domain.doctor.track.waiting import waiting_posts
from domain.rules.days.conditions import TRACK_NOT_ACTIVE
from domain.rules.days.duration import exhausted
from domain.rules.days.span import Span
from domain.rules.days.timeline import spans
from domain.rules.findings.views.view import Found, View
from domain.rules.line.basis import Basis
from domain.rules.line.months import Month
from domain.rules.sets.newer_values import OLD_SCHEME_LAST_DAY
from domain.values import words
from domain.values.days.calendar import days_of, first_of, last_of, months_between, months_later

_DAY: Final = timedelta(days=1)


def window_ends_in_round(view: View) -> Iterator[Found]:
    """The last month of the window, where it is paid with the productivity element and the post goes on after it."""
    last = view.record.window[-1] if view.record.window else None
    if last is None or last not in view.rules.months or not _month(last, view).productivity:
        return
    after = _day_after(last, view)
    if after and any(where == view.municipality and kind in view.rules.productive for where, kind in after.weights):
        kroner = _falls_away(last, view.line_with(window=view.rules.months), view.line_with(window=()), view)
        facts = [fact for spell in view.doctor.track.spells for fact in spell.facts]
        yield from _told(last, "av de 24 første månedene", kroner, facts[:1])


def duration_ends_in_round(view: View) -> Iterator[Found]:
    """The last month of the five years, where it is paid as agreed and the post goes on after it."""
    last = _last_within(view)
    if last is None or _month(last, view).basis is not Basis.AGREEMENT:
        return
    if _day_after(last, view):
        endless, over = view.line_with(exhausted=frozenset()), view.line_with(exhausted=frozenset([last]))
        kroner = _falls_away(last, endless, over, view)
        facts = [fact for agreement in view.agreements for fact in agreement.facts]
        yield from _told(last, "innenfor de fem årene på heltid", kroner, facts)


def old_scheme_ends(view: View) -> Iterator[Found]:
    """A post that goes on after the last day of the old scheme, on a track of it; from the round before that day on."""
    last, rules = view.rules.dates[OLD_SCHEME_LAST_DAY], view.rules
    if months_later(rules.round.last_day, rules.whole("months_per_year")) < last:
        return
    posts = [post for post in waiting_posts(view.doctor.track, last + _DAY) if view.is_here(post.municipality)]
    months = view.of_round(days_of(post) for post in posts)
    if months:
        told = f"Legen følger gammel ordning, som varer til og med {words.day(last)}."
        facts = [fact for post in posts for fact in post.facts]
        yield Found(months, facts, f"{told} Stillingen varer lenger, og løpet er ikke konvertert til ny ordning.")


def _told(last: int, of: str, kroner: int | None, facts: Sequence[str]) -> Iterator[Found]:
    """That something runs out, unless nothing falls away with it."""
    if kroner != 0:
        amount = "et ukjent beløp" if kroner is None else words.kroner(kroner)
        told = f"{words.month_name(last).capitalize()} er siste måned {of}; deretter faller"
        yield Found([last], facts, f"{told} {amount} i måneden bort.")


def _falls_away(last: int, endless: Sequence[Month], over: Sequence[Month], view: View) -> int | None:
    """What the first month after the last is paid less than if nothing ended; the last itself, where none is."""
    for now, then in zip(view.line, endless, strict=True):
        if now.number > last and now.outcome.paid != then.outcome.paid:
            return view.more(view.with_months(endless, [now.number]), view.line)
    return view.more(view.line, view.with_months(over, [last]))


def _month(number: int, view: View) -> Month:
    return view.line[number - view.rules.months[0]]


def _last_within(view: View) -> int | None:
    """The last month of the five years, if it lies in the round: also the last of the round, if the next one is out."""
    months, out = view.rules.months, view.record.exhausted
    if out:
        return min(out) - 1 if min(out) > months[0] else None
    longer = range(months.start, months.stop + 1)
    if _most_used(last_of(longer[-1]), view) <= view.rules.numbers["duration_months"]:
        return None
    known = spans(view.doctor, view.rules, last_of(longer[-1]))
    return months[-1] if exhausted(known, longer, view.rules) else None


def _most_used(last: int, view: View) -> Fraction:
    """The months of all posts up to a day: at least as many as have been used of the five years."""
    posts = map(days_of, view.doctor.track.positions.values())
    return sum((months_between(first, min(end, last)) for first, end in posts if first <= last), Fraction(0))


def _day_after(month: int, view: View) -> Span | None:
    """The day after a month, if a post here goes on under an agreement, on an active track."""
    day = first_of(month + 1)
    known = view.record.spans if month < view.rules.months[-1] else spans(view.doctor, view.rules, day)
    [span] = [each for each in known if each.first <= day <= each.last]
    goes_on = view.works_here(span) and view.municipality in span.agreed and TRACK_NOT_ACTIVE not in span.failing
    return span if goes_on else None
