"""The days that a step names: what has happened is not to come, and what is to come is not over."""

from datetime import date

from domain.values.refusals.refusal import refused


def check_happened(day: date, today: date, after: date | None, what: str) -> None:
    """Raise `Refused` for a day to come (day-not-come), or before that of what it follows (day-too-early)."""
    if day > today:
        raise refused("day-not-come", day=day)
    if after is not None and day < after:
        raise refused("day-too-early", day=day, first=after, what=what)


def check_to_come(day: date, today: date) -> None:
    """Raise `Refused` (day-is-over) for a day before today."""
    if day < today:
        raise refused("day-is-over", day=day)
