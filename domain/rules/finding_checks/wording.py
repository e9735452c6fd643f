"""Months, days, kroner and percents as a Norwegian sentence has them."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from domain.rules.amounts import round_half_up
from domain.rules.calendar import MONTHS_PER_CALENDAR_YEAR

THIN_SPACE: Final = "\u2009"
_NAMES: Final = (
    "januar februar mars april mai juni juli august september oktober november desember".split()  # noqa: SIM905
)


def kroner(amount: int | Fraction) -> str:
    """`12 345 kroner`, with thin spaces; half a krone goes up."""
    whole = round_half_up(Fraction(amount))
    return f"{whole:,} kroner".replace(",", THIN_SPACE) if whole != 1 else "1 krone"


def number(value: Decimal | Fraction) -> str:
    """A number of at most two decimals, with a comma and no needless zeros."""
    whole, rest = divmod(round(Fraction(value) * 100), 100)
    return f"{whole},{rest:02d}".rstrip("0") if rest else str(whole)


def day(value: date) -> str:
    """`15. juni 2025`."""
    return f"{value.day}. {_NAMES[value.month - 1]} {value.year}"


def month(number_of_month: int) -> str:
    """`juni 2025`."""
    year, index = divmod(number_of_month, MONTHS_PER_CALENDAR_YEAR)
    return f"{_NAMES[index]} {year}"


def months(numbers: Collection[int]) -> str:
    """`i juni 2025, i august og september 2025 og fra november 2025 til mai 2026`."""
    return listed(_run(first, last) for first, last in _runs(sorted(numbers)))


def listed(parts: Iterable[str]) -> str:
    """Parts with commas, and «og» before the last."""
    *others, last = parts
    return f"{', '.join(others)} og {last}" if others else last


def _run(first: int, last: int) -> str:
    if first == last:
        return f"i {month(first)}"
    before, between = ("i", "og") if last == first + 1 else ("fra", "til")
    same_year = first // MONTHS_PER_CALENDAR_YEAR == last // MONTHS_PER_CALENDAR_YEAR
    start = month(first).split()[0] if same_year else month(first)
    return f"{before} {start} {between} {month(last)}"


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each unbroken run of months."""
    start = before = numbers[0]
    for each in numbers[1:]:
        if each != before + 1:
            yield start, before
            start = each
        before = each
    yield start, before
