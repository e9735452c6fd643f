"""Months of the calendar, which all time is counted in."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values.days.calendar import (
    first_whole_month,
    length_of,
    month_number,
    months_between,
    months_later,
    text_of,
)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2025-06-15", 3, "2025-09-15"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-12-01", 24, "2027-12-01"),
    ],
)
def test_some_months_later_is_the_same_day_number_or_the_end_of_the_month(day: str, months: int, later: str) -> None:
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


def test_the_first_whole_month_begins_on_or_after_the_day() -> None:
    assert text_of(first_whole_month(date(2025, 12, 1).toordinal())) == "2025-12"
    assert text_of(first_whole_month(date(2025, 12, 2).toordinal())) == "2026-01"


@given(st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.integers(0, 800))
def test_each_day_is_its_part_of_its_own_month(first: date, more: int) -> None:
    days = [first + timedelta(days=n) for n in range(more + 1)]
    parts = sum((Fraction(1, length_of(month_number(day))) for day in days), Fraction(0))
    assert months_between(first.toordinal(), days[-1].toordinal()) == parts
