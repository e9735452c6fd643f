"""The day in Norway: deadlines end with it. Summer time since 1996: Directive 2000/84/EC, articles 2 and 3."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

_SUNDAY: Final = 6
_HOUR: Final = timedelta(hours=1)


def norwegian_time(moment: datetime) -> datetime:
    """A moment (with a time zone) as a clock in Norway shows it, with its offset."""
    utc = moment.astimezone(UTC)
    summer = _last_sunday(utc.year, 3) <= utc < _last_sunday(utc.year, 10)
    return utc.astimezone(timezone(2 * _HOUR if summer else _HOUR))


def norwegian_day(moment: datetime) -> date:
    """The day on which a moment (with a time zone) falls in Norway."""
    return norwegian_time(moment).date()


def norwegian_midnight(day: date) -> datetime:
    """The moment at which a day begins in Norway; summer time begins and ends later in a day."""
    return norwegian_time(datetime(day.year, day.month, day.day, tzinfo=UTC)).replace(hour=0)


def _last_sunday(year: int, month: int) -> datetime:
    """One o'clock in UTC on the last Sunday of a month of 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() - _SUNDAY) % 7)
