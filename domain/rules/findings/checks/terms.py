"""The terms of introduction and locum posts."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Final

from domain.doctor.track.state import Position
from domain.rules.days.positions import Held, held
from domain.rules.findings.views.view import Found, View, date_of
from domain.rules.sets.limits import INTRODUCTORY_LEAST_MONTHS, INTRODUCTORY_MOST_YEARS, INTRODUCTORY_PERCENT
from domain.values import words
from domain.values.days.calendar import FOREVER, last_of, merged, months_between, months_later
from domain.values.fields import HUNDREDTHS, Category

_DAY: Final = timedelta(days=1)


def introductory_terms(view: View) -> Iterator[Found]:
    """An introduction post that is too small, too short, or goes on for too long."""
    for post in _introductory(view):
        parts = [part for part in held(post, view.rules) if part.post.category is Category.INTRODUCTORY]
        if view.of_round(part.days for part in parts):
            yield from _too_small(post, parts, view)
            yield from _too_short(post, parts, view)
    yield from _too_long(view)


def locum_too_short(view: View) -> Iterator[Found]:
    """A locum post that does not qualify."""
    for post in view.posts.values():
        if Category.GP_LOCUM not in post.category.values:
            continue
        parts = [part for part in held(post, view.rules) if not part.post.qualifies]
        months = view.of_round(part.days for part in parts)
        if months and post.last_day is not None:
            least = words.rounded(view.rules.numbers["locum_months"])
            told = f"Vikariatet fra {words.day(post.first_day)} til {words.day(post.last_day)} varer ikke mer enn"
            yield Found(months, post.facts, f"{told} {least} måneder og gir ikke tilskudd.")


def _too_small(post: Position, parts: list[Held], view: View) -> Iterator[Found]:
    least = INTRODUCTORY_PERCENT.value
    small = [part for part in parts if part.post.percent < least * HUNDREDTHS]
    months = view.of_round(part.days for part in small)
    if months:
        percent = min(Fraction(part.post.percent, HUNDREDTHS) for part in small if view.of_round([part.days]))
        told = f"Introduksjonsstillingen er på {words.rounded(percent)} prosent {words.months(months)}"
        facts = [*post.facts, *(fact for _, _, fact in post.percent)]
        yield Found(months, facts, f"{told}; den skal være minst {words.rounded(least)} prosent.")


def _too_short(post: Position, parts: list[Held], view: View) -> Iterator[Found]:
    least = INTRODUCTORY_LEAST_MONTHS.value
    for first, last in merged(part.days for part in parts):
        begins = date_of(first)
        if last != FOREVER and last < (months_later(begins, int(least)) - _DAY).toordinal():
            months = view.of_round([(first, last)])
            told = f"Introduksjonsstillingen varer fra {words.day(begins)} til {words.day(date_of(last))}"
            if months:
                text = f"{told}; den skal vare minst {words.rounded(least)} måneder."
                yield Found(months, [*post.facts, *(fact for _, _, fact in post.category)], text)


def _too_long(view: View) -> Iterator[Found]:
    """The months of the round after the most years allowed in introduction posts here."""
    years = INTRODUCTORY_MOST_YEARS.value
    limit = years * view.rules.numbers["months_per_year"] * view.rules.full_time
    posts = _introductory(view)
    parts = [part for post in posts for part in held(post, view.rules) if part.post.category is Category.INTRODUCTORY]
    months = [month for month in view.of_round(part.days for part in parts) if _used(parts, last_of(month)) > limit]
    if months:
        told = f"Introduksjonsstillingen har vart i mer enn {words.rounded(years)} år på heltid"
        facts = [fact for post in posts for fact in post.facts]
        yield Found(months, facts, f"{told} {words.months(months)}.")


def _introductory(view: View) -> list[Position]:
    """The posts here that are or were of introduction."""
    return [post for post in view.posts.values() if Category.INTRODUCTORY in post.category.values]


def _used(parts: list[Held], last: int) -> Fraction:
    """Months up to a day, times hundredths of a percent."""
    inside = [(first, min(end, last), post.percent) for (first, end), post in parts if first <= last]
    return sum((months_between(first, end) * percent for first, end, percent in inside), Fraction(0))
