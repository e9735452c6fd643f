"""A doctor as if a month had been otherwise: as on some of its days, or without leave.

The alternative is a history, and all of it is computed: posts without a break keep their agreement, and what is worked
uses time of the five years.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from domain.doctor.agreement import Agreement
from domain.doctor.history import Doctor
from domain.doctor.track.state import Leave, Position
from domain.values.days.calendar import Days, on
from domain.values.days.periods import Dated, Period

T = TypeVar("T")
P = TypeVar("P", bound=Period)


def filled(doctor: Doctor, month: Days, like: Sequence[Days]) -> Doctor:
    """The doctor as if each other day of a month were like the last of some runs before it, else like the first."""
    fill = _Fill(month, like)
    track = doctor.track
    posts = {name: fill.post(post) for name, post in fill.periods(track.positions).items()}
    agreements = {name: fill.agreement(each) for name, each in fill.periods(doctor.agreements).items()}
    return Doctor(track._replace(positions=posts, leaves=fill.periods(track.leaves)), agreements)


def at_work(doctor: Doctor, month: Days) -> Doctor:
    """The doctor as if there had been no leave in a month."""
    before, after = date.fromordinal(month[0] - 1), date.fromordinal(month[1] + 1)
    track, left = doctor.track, dict[str, Leave]()
    for name, leave in track.leaves.items():
        if leave.first_day <= before:
            left[name] = replace(leave, last_day=min(leave.last_day or before, before))
        if leave.last_day is None or leave.last_day >= after:
            left[f"{name} "] = replace(leave, first_day=max(leave.first_day, after))
    return replace(doctor, track=track._replace(leaves=left))


class _Fill:
    """Which day each day of a month is like, in the order of the days, so that what holds begins and ends only once."""

    def __init__(self, month: Days, like: Sequence[Days]) -> None:
        self._month = month
        self._like = {day: _nearest(day, like) for day in range(month[0], month[1] + 1)}

    def begins(self, first: date) -> date:
        """The first day that is like one on or after the day on which something begins."""
        day = first.toordinal()
        if on(self._month, day):
            day = min((each for each, of in self._like.items() if of >= day), default=self._month[1] + 1)
        return date.fromordinal(day)

    def ends(self, last: date | None) -> date | None:
        """The last day that is like one on or before the day on which something ends."""
        if last is None or not on(self._month, last.toordinal()):
            return last
        day = last.toordinal()
        return date.fromordinal(max((each for each, of in self._like.items() if of <= day), default=self._month[0] - 1))

    def periods(self, things: Mapping[str, P]) -> dict[str, P]:
        """Things with the days that they then have, if any."""
        moved = {
            name: replace(each, first_day=self.begins(each.first_day), last_day=self.ends(each.last_day))
            for name, each in things.items()
        }
        return {name: each for name, each in moved.items() if each.last_day is None or each.first_day <= each.last_day}

    def post(self, post: Position) -> Position:
        """A post, with what changes about it."""
        return replace(post, category=self._dated(post.category), percent=self._dated(post.percent))

    def agreement(self, agreement: Agreement) -> Agreement:
        """An agreement, signed by the day from which it is then in force."""
        return replace(agreement, signed_on=self.begins(agreement.signed_on))

    def _dated(self, dated: Dated[T]) -> Dated[T]:
        return replace(dated, days=tuple([self.begins(day) for day in dated.days]))


def _nearest(day: int, like: Sequence[Days]) -> int:
    before = [run for run in like if run[0] <= day]
    return min(day, before[-1][1]) if before else like[0][0]
