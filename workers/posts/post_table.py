"""Posts as a table: a sign for each month, and the doctors from first to last."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from domain.values.days.calendar import MONTHS_PER_CALENDAR_YEAR, month_number
from domain.values.places import place
from domain.values.words import counted, day, listed, span
from projections.posts.posts import Holder, Post, PostMonth

_VACANT: Final = "·"
_CLOSED: Final = "–"
_SIGNS: Final = "123456789abcdefghijklmnopqrstuvwxyz"
_MANY: Final = "+"
_LEGEND: Final = "1 første lege   2 andre lege, og så videre   · ledig   {}(før første lege: ingen opplysninger)"


def post_table(posts: Sequence[Post], until: date) -> str:
    """The posts of each municipality, ending in a newline."""
    return "\n".join([f"Hjemler til og med {day(until)}", *_tables(posts), ""])


def _tables(posts: Sequence[Post]) -> Iterator[str]:
    if not posts:
        yield "Ingen stilling er registrert med navnet på en hjemmel."
        return
    first = min(_number(post.months[0]) for post in posts)
    last = _number(posts[0].months[-1])
    width = max(len(post.name) for post in posts)
    for municipality, mine in groupby(posts, key=lambda post: post.municipality):
        yield ""
        yield place(municipality)
        yield f"{'':{width}}  {_years(first, last)}"
        for post in mine:
            yield f"{post.name:<{width}}  {' ' * (_number(post.months[0]) - first)}{_marks(post)}"
            yield from (f"{'':{width}}  {_told(each)}" for each in post.holders)
            if post.vacant:
                yield f"{'':{width}}  {_vacant(post)}"
    yield ""
    is_closed = any(month.closed for post in posts for month in post.months)
    yield _LEGEND.format(f"{_CLOSED} nedlagt   " if is_closed else "")


def _number(of: PostMonth) -> int:
    return month_number(date.fromisoformat(f"{of.month}-01"))


def _years(first: int, last: int) -> str:
    """Each year over its January, and the first over its first month where there is room before the next."""
    found = ""
    for number in range(first, last + 1):
        year, index = divmod(number, MONTHS_PER_CALENDAR_YEAR)
        room = MONTHS_PER_CALENDAR_YEAR - index > len(str(year)) or number + MONTHS_PER_CALENDAR_YEAR - index > last
        if index == 0 or (number == first and room):
            found = f"{found:<{number - first}}{year}"
    return found


def _marks(post: Post) -> str:
    return "".join(map(_mark, post.months))


def _mark(month: PostMonth) -> str:
    if month.holder is None:
        return _CLOSED if month.closed else _VACANT
    return _sign(month.holder)


def _sign(holder: int) -> str:
    return _SIGNS[holder - 1] if holder <= len(_SIGNS) else _MANY


def _told(holder: Holder) -> str:
    """`1 HPR-nummer 9000001 fra 1. oktober 2024 (tolv måneder)`."""
    periods = listed(span(each.first_day, each.last_day) for each in holder.periods)
    return f"{_sign(holder.number)} HPR-nummer {holder.hpr} {periods} ({counted(holder.months, 'én måned', 'måneder')})"


def _vacant(post: Post) -> str:
    return f"{_VACANT} ledig i {post.vacant} av {post.open} måneder"
