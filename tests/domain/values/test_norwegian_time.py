"""The day in Norway, around midnight and around the two nights when the clock is set."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values.norwegian_time import norwegian_day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2025-08-31T21:59:59+00:00", "2025-08-31"),  # two hours ahead in summer
        ("2025-08-31T22:00:00+00:00", "2025-09-01"),
        ("2026-03-28T22:59:59+00:00", "2026-03-28"),  # one hour ahead in winter
        ("2026-03-28T23:00:00+00:00", "2026-03-29"),
        ("2026-03-29T21:59:59+00:00", "2026-03-29"),  # summer time began that night
        ("2026-03-29T22:00:00+00:00", "2026-03-30"),
        ("2026-10-24T22:00:00+00:00", "2026-10-25"),
        ("2026-10-25T22:59:59+00:00", "2026-10-25"),  # summer time ended that night
        ("2026-10-25T23:00:00+00:00", "2026-10-26"),
        ("2024-12-31T23:00:00+00:00", "2025-01-01"),
        ("2025-09-01T00:30:00+02:00", "2025-09-01"),  # whatever the offset it is told in
        ("2025-08-31T18:30:00-04:00", "2025-09-01"),
    ],
)
def test_the_day_in_norway_of_a_moment(moment: str, day: str) -> None:
    assert norwegian_day(datetime.fromisoformat(moment)) == date.fromisoformat(day)


@given(st.datetimes(datetime(1997, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_days_never_go_back(moment: datetime) -> None:
    day = norwegian_day(moment)
    assert day <= norwegian_day(moment + timedelta(minutes=59))
    assert day in {moment.date(), moment.date() + timedelta(days=1)}
