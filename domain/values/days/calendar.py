"""Days as ordinals, runs of days, and calendar months as numbers: arithmetic without date objects."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Final

from domain.values.days.periods import Period

MONTHS_PER_CALENDAR_YEAR = 12
FOREVER: Final = date.max.toordinal()
BEGINNING: Final = date.min.toordinal()
MONTH_PARTS: Final = lcm(28, 29, 30, 31)

Days = tuple[int, int]
"""First and last day as ordinals, inclusive."""


@lru_cache(maxsize=32_768)
def month_of(day: int) -> int:
    """The number of the calendar month (12 x year + month - 1) of a day's ordinal."""
    return month_number(date.fromordinal(day))


def month_number(day: date) -> int:
    """The number of the calendar month of a day."""
    return day.year * MONTHS_PER_CALENDAR_YEAR + day.month - 1


@lru_cache(maxsize=4096)
def first_of(month: int) -> int:
    """The ordinal of the first day of a month; all beyond the last of the calendar begin the day after it."""
    year, index = divmod(month, MONTHS_PER_CALENDAR_YEAR)
    return date(year, index + 1, 1).toordinal() if year <= date.max.year else FOREVER + 1


def last_of(month: int) -> int:
    """The ordinal of the last day of a month."""
    return first_of(month + 1) - 1


def length_of(month: int) -> int:
    """How many days a month has."""
    return first_of(month + 1) - first_of(month)


@lru_cache(maxsize=4096)
def text_of(month: int) -> str:
    """A month as `2025-06`."""
    year, index = divmod(month, MONTHS_PER_CALENDAR_YEAR)
    return f"{year:04d}-{index + 1:02d}"


def first_whole_month(day: int) -> int:
    """The first month that begins on or after a day."""
    month = month_of(day)
    return month if first_of(month) == day else month + 1


def months_later(day: date, months: int) -> date:
    """The same day number some months later, or that month's last day where there is none."""
    month = month_number(day) + months
    return date.fromordinal(min(first_of(month) + day.day - 1, last_of(month), FOREVER))


def months_between(first: int, last: int) -> Fraction:
    """How many months the days from first to last make, each day a part of its own month."""
    return Fraction(month_parts(first, last), MONTH_PARTS)


def month_parts(first: int, last: int) -> int:
    """The same in parts of a month, of which every day of any month has a whole number."""
    start, end = month_of(first), month_of(last)
    head = (first - first_of(start)) * MONTH_PARTS // length_of(start)
    tail = (last_of(end) - last) * MONTH_PARTS // length_of(end)
    return (end - start + 1) * MONTH_PARTS - head - tail


def days_of(period: Period) -> Days:
    """A period as ordinals; one that still runs ends never."""
    last = period.last_day
    return period.first_day.toordinal(), FOREVER if last is None else last.toordinal()


def on(days: Days, day: int) -> bool:
    """Whether a day lies in a run of days."""
    return days[0] <= day <= days[1]


def runs_from(starts: Sequence[int], last: int) -> list[Days]:
    """Runs of days that each last until the next begins, and the last one to a last day."""
    ends = [*(start - 1 for start in starts[1:]), last]
    return list(zip(starts, ends, strict=False))


def merged(runs: Iterable[Days]) -> list[Days]:
    """Runs of days, in order, with those that overlap or adjoin made one."""
    result: list[Days] = []
    for first, last in sorted(runs):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result


def outside(days: Days, covered: Sequence[Days]) -> Iterator[Days]:
    """What is left of a run of days outside others, which are in order."""
    first, last = days
    for start, end in covered:
        if end >= first and start <= last:
            if start > first:
                yield first, start - 1
            first = end + 1
    if first <= last:
        yield first, last
