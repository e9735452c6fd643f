"""Things that hold from one day to another, and values that change on a day."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from domain.values.refusals.refusal import refused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Period:
    """Days inclusive at both ends; without a last day it still runs. `facts` tell why."""

    first_day: date
    last_day: date | None
    facts: tuple[str, ...]


def ends_on(first_day: date, last_day: date) -> date:
    """The last day, refused when it lies before the first."""
    if last_day < first_day:
        raise refused("ends-before-it-begins", day=last_day, first_day=first_day)
    return last_day


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """The values of one field by the day from which each holds, in the order of the days."""

    days: tuple[date, ...]
    values: tuple[T, ...]
    facts: tuple[str, ...]

    @classmethod
    def since(cls, day: date, value: T, fact: str) -> "Dated[T]":
        """Hold one value from a day."""
        return cls((day,), (value,), (fact,))

    def changed(self, day: date, value: T, fact: str) -> "Dated[T]":
        """Let a value hold from a day to the next change; of two on one day the later wins."""
        at = bisect_right(self.days, day)
        before = at - 1 if at and self.days[at - 1] == day else at
        return Dated(
            (*self.days[:before], day, *self.days[at:]),
            (*self.values[:before], value, *self.values[at:]),
            (*self.facts[:before], fact, *self.facts[at:]),
        )

    def __iter__(self) -> Iterator[tuple[date, T, str]]:
        """Go through day, value and fact."""
        return zip(self.days, self.values, self.facts, strict=True)
