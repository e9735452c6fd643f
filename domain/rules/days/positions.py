"""Qualifying position (rules.md 3.1): which post the doctor has on which days, and whether it counts."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, TypeVar

from domain.doctor.track.state import Position
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import Days, days_of, months_later, runs_from
from domain.values.days.periods import Dated
from domain.values.fields import Category, hundredths

T = TypeVar("T")


class Post(NamedTuple):
    """A position on one day: `percent` in hundredths of a percent of full time."""

    municipality: str
    category: Category
    percent: int
    qualifies: bool


class Held(NamedTuple):
    """A position between two of its changes."""

    days: Days
    post: Post


def held(position: Position, rules: RuleSet) -> Iterator[Held]:
    """A position cut where its percent or category changes.

    Locum days count when the whole position is over three months; exactly three is not over.
    """
    last = days_of(position)[1]
    long_enough = Category.GP_LOCUM not in position.category.values or last >= _least(position, rules)
    where = rules.municipalities.current(position.municipality)
    days = sorted({*position.category.days, *position.percent.days})
    for (start, end), day in zip(runs_from([day.toordinal() for day in days], last), days, strict=True):
        if start <= last:
            category = _on(position.category, day)
            qualifies = long_enough or category is not Category.GP_LOCUM
            post = Post(where, category, hundredths(_on(position.percent, day)), qualifies)
            yield Held((start, min(end, last)), post)


def _least(position: Position, rules: RuleSet) -> int:
    """The day that a locum post must at least last to, an ordinal."""
    return months_later(position.first_day, rules.whole("locum_months")).toordinal()


def _on(dated: Dated[T], day: date) -> T:
    """The value that holds on a day."""
    return dated.values[bisect_right(dated.days, day) - 1]
