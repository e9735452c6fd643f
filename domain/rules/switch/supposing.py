"""A planned switch supposed on some days: the doctor as the facts would make them, and the days that follow.

Many days are asked about at once, so what does not depend on them is computed once: nothing up to the last day in the
post depends on the first day in the next, and nothing after it on leave and percents that had ended before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar

from domain.doctor.facts.agreements import AgreementSigned
from domain.doctor.facts.positions import JobSwitched, NewPosition
from domain.doctor.history import Doctor, evolve_doctor
from domain.doctor.track.state import Position
from domain.rules.days.timeline import FOREVER, Span, spans
from domain.rules.line.months import Record, record_of
from domain.rules.sets.limits import TEMPLATES
from domain.rules.sets.rule_set import RuleSet
from domain.rules.switch.planned import PlannedSwitch, SwitchDays
from domain.values.days.calendar import days_of, last_of
from domain.values.days.periods import Dated, Period

PLANNED: Final = ""
"""The name of the planned post and of the agreement that goes with it, which nothing registered has."""
_HEAD: Final[Mapping[str, Any]] = {
    "id": PLANNED,
    "hpr": PLANNED,
    "recorded_at": datetime.max.replace(tzinfo=UTC),
    "recorded_by": PLANNED,
}
_DAY: Final = timedelta(days=1)
P = TypeVar("P", bound=Period)
T = TypeVar("T")


@dataclass(frozen=True)
class Supposed:
    """A doctor under the rules of a round, with a planned switch supposed on any of its days."""

    doctor: Doctor
    plan: PlannedSwitch
    rules: RuleSet

    def switched(self, days: SwitchDays) -> Doctor:
        """The doctor after the switch, with an agreement in the new municipality where none is known."""
        return self._after(self.doctor, days)

    def record(self, days: SwitchDays) -> Record:
        """What lines are found from after the switch."""
        doctor = self._after(self._later, days)
        after = spans(doctor, self.rules, max(self._last, days.first_day.toordinal()))
        return record_of(doctor, self.rules, [*self._before(days.last_day), *_from(after, days.last_day + _DAY)])

    def staying(self) -> Record:
        """What lines are found from if the doctor never leaves the post."""
        return record_of(_left(self.doctor, self.plan.position, None), self.rules)

    def is_assumed(self, days: SwitchDays) -> bool:
        """Whether no agreement is known that would be in force in the new post, so that one is from its first day.

        The last day decides it only within a municipality, where an agreement ends with a break between posts.
        """
        tried = days if self._is_within else SwitchDays(days.first_day - _DAY, days.first_day)
        if tried not in self._assumed:
            found = spans(evolve_doctor(self._later, self._switch(tried)), self.rules, FOREVER)
            of_post = _from(found, days.first_day)
            self._assumed[tried] = not any(self._where in span.agreed for span in of_post)
        return self._assumed[tried]

    @cached_property
    def _where(self) -> str:
        return self.rules.municipalities.current(self.plan.new.municipality)

    @cached_property
    def _is_within(self) -> bool:
        left = self.doctor.track.positions[self.plan.position]
        return self.rules.municipalities.current(left.municipality) == self._where

    @cached_property
    def _last(self) -> int:
        return last_of(self.rules.months[-1])

    @cached_property
    def _later(self) -> Doctor:
        """The doctor as far as the days from the first possible last day on depend on it."""
        return shortened(self.doctor, self.plan.last_day_between.first_day)

    @cached_property
    def _assumed(self) -> dict[SwitchDays, bool]:
        return {}

    @cached_property
    def _until(self) -> dict[date, Sequence[Span]]:
        return {}

    @cached_property
    def _begun(self) -> dict[date, tuple[NewPosition, AgreementSigned]]:
        return {}

    def _before(self, last: date) -> Sequence[Span]:
        """The days to the last one in the post that is left."""
        if last not in self._until:
            self._until[last] = spans(_left(self.doctor, self.plan.position, last), self.rules, last.toordinal())
        return self._until[last]

    def _after(self, doctor: Doctor, days: SwitchDays) -> Doctor:
        switched = evolve_doctor(doctor, self._switch(days))
        return evolve_doctor(switched, self._new(days.first_day)[1]) if self.is_assumed(days) else switched

    def _switch(self, days: SwitchDays) -> JobSwitched:
        new, _ = self._new(days.first_day)
        return JobSwitched.model_construct(**_HEAD, position=self.plan.position, last_day=days.last_day, new=new)

    def _new(self, first: date) -> tuple[NewPosition, AgreementSigned]:
        """The new post from a day, and the agreement that goes with it."""
        if first not in self._begun:
            post = self.plan.new.model_dump()
            signed = dict[str, Any](municipality=post["municipality"], signed_on=first, first_day=first)
            self._begun[first] = (
                NewPosition.model_construct(position=PLANNED, first_day=first, **post),
                AgreementSigned.model_construct(**_HEAD, agreement=PLANNED, **signed, template=TEMPLATES[-1].id),
            )
        return self._begun[first]


def shortened(doctor: Doctor, day: date) -> Doctor:
    """The doctor without what only earlier days depend on: ended leaves and affiliations, earlier changes of posts.

    Ended posts and services stay, since an agreement is in force for the unbroken run of them.
    """
    track = doctor.track
    kept = track._replace(
        positions={name: _last_changed(post, day) for name, post in track.positions.items()},
        leaves=_running(track.leaves, day),
        affiliations=_running(track.affiliations, day),
    )
    return replace(doctor, track=kept)


def _last_changed(post: Position, day: date) -> Position:
    return replace(post, category=_last_change(post.category, day), percent=_last_change(post.percent, day))


def _last_change(dated: Dated[T], day: date) -> Dated[T]:
    """The values from a day on, the first of them as if it had held from the beginning."""
    at = max(sum(each <= day for each in dated.days) - 1, 0)
    return Dated((dated.days[0], *dated.days[at + 1 :]), dated.values[at:], dated.facts[at:])


def _running(things: Mapping[str, P], day: date) -> Mapping[str, P]:
    return {name: each for name, each in things.items() if days_of(each)[1] >= day.toordinal()}


def _left(doctor: Doctor, position: str, last: date | None) -> Doctor:
    """The doctor with another last day in a post."""
    posts = doctor.track.positions
    ended = {**posts, position: replace(posts[position], last_day=last)}
    return replace(doctor, track=doctor.track._replace(positions=ended))


def _from(found: Sequence[Span], day: date) -> list[Span]:
    """Spans from a day on."""
    first = day.toordinal()
    return [span._replace(first=max(span.first, first)) for span in found if span.last >= first]
