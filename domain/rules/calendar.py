"""Days as ordinals and calendar months as numbers: arithmetic without date objects."""

from datetime import date
from fractions import Fraction
from functools import lru_cache

MONTHS_PER_CALENDAR_YEAR = 12


def month_of(day: int) -> int:
    """The number of the calendar month (12 x year + month - 1) of a day's ordinal."""
    return month_number(date.fromordinal(day))


def month_number(day: date) -> int:
    """The number of the calendar month of a day."""
    return day.year * MONTHS_PER_CALENDAR_YEAR + day.month - 1


@lru_cache(maxsize=4096)
def first_of(month: int) -> int:
    """The ordinal of the first day of a month."""
    year, index = divmod(month, MONTHS_PER_CALENDAR_YEAR)
    return date(year, index + 1, 1).toordinal()


def length_of(month: int) -> int:
    """How many days a month has."""
    return first_of(month + 1) - first_of(month)


def text_of(month: int) -> str:
    """A month as `2025-06`."""
    year, index = divmod(month, MONTHS_PER_CALENDAR_YEAR)
    return f"{year:04d}-{index + 1:02d}"


def months_later(day: date, months: int) -> date:
    """The same day number some months later, or that month's last day where there is none."""
    month = month_number(day) + months
    return date.fromordinal(first_of(month) + min(day.day, length_of(month)) - 1)


def months_between(first: int, last: int) -> Fraction:
    """How many months the days from first to last make, each day a part of its own month."""
    start, end = month_of(first), month_of(last)
    if start == end:
        return Fraction(last - first + 1, length_of(start))
    head = Fraction(first_of(start + 1) - first, length_of(start))
    tail = Fraction(last - first_of(end) + 1, length_of(end))
    return head + (end - start - 1) + tail
