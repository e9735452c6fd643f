"""A planned job switch: the post that is left, the post to come to, and the days between which the switch may fall."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Final, NamedTuple, Self

from pydantic import Field, model_validator

from domain.doctor.facts.fact import in_order
from domain.doctor.track.state import Position
from domain.values.days.periods import ends_on
from domain.values.event import Strict
from domain.values.fields import Category, Day, MunicipalityCode, Percent, RegisteredName
from domain.values.refusals.refusal import refused

MOST_DAYS: Final = 62
"""The most days of a range: two months, however long. Each last day is computed with each first day, so that this
bounds how much one question costs."""
MOST_APART: Final = 366
"""The most days from the earliest last day to the latest first day: who is away for longer does not switch posts."""
_DAY: Final = timedelta(days=1)


class SwitchDays(NamedTuple):
    """The last day in the post that is left, and the first in the one to come to."""

    last_day: date
    first_day: date


class DayRange(Strict):
    """Days from one to another, both included."""

    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.first_day, self.last_day)
        return self

    def __len__(self) -> int:
        """How many days it has."""
        return (self.last_day - self.first_day).days + 1

    def each(self) -> Iterator[date]:
        """The days in order."""
        return (self.first_day + number * _DAY for number in range(len(self)))


class PlannedPost(Strict):
    """The post to come to, without its first day."""

    municipality: MunicipalityCode
    category: Category
    percent: Percent
    last_day: Annotated[Day | None, Field(description="The last day of the post, where it is to have one.")] = None


class PlannedSwitch(Strict):
    """A switch of which the days are not decided.

    Without `first_day_between` the new post begins at the earliest the day after the first day of `last_day_between`,
    and at the latest the day after its last. Who does not see the post that is left, such as the municipality that the
    doctor comes to, leaves out both that and its last day.
    """

    position: Annotated[RegisteredName | None, Field(description="The post that is left.")] = None
    last_day_between: DayRange | None = None
    first_day_between: DayRange | None = None
    new: PlannedPost

    @property
    def last_days(self) -> DayRange:
        """The days on which the doctor may leave; without a post that is left, the day before the new one may begin.

        Raises `Refused` (missing-field).
        """
        if self.last_day_between is not None:
            return self.last_day_between
        if self.first_day_between is None or self.position is not None:
            raise refused("missing-field", field="last_day_between")
        before = self.first_day_between.first_day - _DAY
        return DayRange.model_construct(first_day=before, last_day=before)

    @property
    def first_days(self) -> DayRange:
        """The days on which the new post may begin."""
        last = self.last_days
        begins, ends = last.first_day + _DAY, last.last_day + _DAY
        return self.first_day_between or DayRange.model_construct(first_day=begins, last_day=ends)


def possible_days(plan: PlannedSwitch, left: Position | None) -> list[SwitchDays]:
    """Every last day with every first day after it, within what is planned; `left` is the post that is left.

    Raises `Refused` (missing-field, range-too-long, switch-too-long, ends-before-it-begins, new-before-old-ends,
    last-before-first).
    """
    last_days, first_days = plan.last_days, plan.first_days
    for each in (last_days, first_days):
        if len(each) > MOST_DAYS:
            raise refused("range-too-long", first=each.first_day, last=each.last_day, days=len(each), most=MOST_DAYS)
    begins, ends = last_days.first_day, first_days.last_day
    if (apart := (ends - begins).days) > MOST_APART:
        raise refused("switch-too-long", first=begins, last=ends, days=apart, most=MOST_APART)
    if left is None and plan.last_day_between is not None:
        raise refused("missing-field", field="position")
    if left is not None:
        ends_on(left.first_day, begins)
    after = [SwitchDays(last, first) for last in last_days.each() for first in first_days.each() if first > last]
    if not after:
        raise refused("new-before-old-ends")
    found = [days for days in after if plan.new.last_day is None or days.first_day <= plan.new.last_day]
    if not found:
        raise refused("last-before-first")
    return found
