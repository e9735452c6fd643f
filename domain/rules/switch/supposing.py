"""A planned switch supposed on some days: the doctor as the facts would make them, and the days that follow.

Many days are asked about at once, so what does not depend on them is computed once: nothing up to the last day in the
post depends on the first day in the next, and nothing after it on leave and percents that had ended before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar

from domain.doctor.facts.agreements import AgreementSigned
from domain.doctor.facts.positions import PositionStarted
from domain.doctor.history import Doctor, evolve_doctor
from domain.doctor.track.state import Position
from domain.rules.days.timeline import FOREVER, Span, spans
from domain.rules.line.months import Record, record_of
from domain.rules.sets.limits import TEMPLATES
from domain.rules.sets.rule_set import RuleSet
from domain.rules.switch.planned import PlannedSwitch, SwitchDays
from domain.values.days.calendar import days_of, last_of, on
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
        stays = () if self.plan.position is None else (self.plan.position,)
        return record_of(_ending(self.doctor, stays, None), self.rules)

    def is_assumed(self, days: SwitchDays) -> bool:
        """Whether no agreement is known that would be in force in the new post, so that one is from its first day.

        The last day decides it only within a municipality, where an agreement ends with a break between posts.
        """
        tried = days if self._is_within else SwitchDays(days.first_day - _DAY, days.first_day)
        if tried not in self._assumed:
            of_post = _from(spans(self._begun(self._later, tried), self.rules, FOREVER), days.first_day)
            self._assumed[tried] = not any(self._where in span.agreed for span in of_post)
        return self._assumed[tried]

    @cached_property
    def _where(self) -> str:
        return self.rules.municipalities.current(self.plan.new.municipality)

    @cached_property
    def _is_within(self) -> bool:
        return self.plan.position is not None and self._is_there(self.plan.position)

    @cached_property
    def _last(self) -> int:
        return last_of(self.rules.months[-1])

    @cached_property
    def _later(self) -> Doctor:
        """The doctor as far as the days from the first possible last day on depend on it."""
        return shortened(self.doctor, self.plan.last_days.first_day)

    @cached_property
    def _assumed(self) -> dict[SwitchDays, bool]:
        return {}

    @cached_property
    def _until(self) -> dict[date, Sequence[Span]]:
        return {}

    @cached_property
    def _facts(self) -> dict[date, tuple[PositionStarted, AgreementSigned]]:
        return {}

    def _is_there(self, position: str) -> bool:
        """Whether a post is in the municipality that the doctor comes to."""
        return self.rules.municipalities.current(self.doctor.track.positions[position].municipality) == self._where

    def _left(self, doctor: Doctor, last: date) -> Doctor:
        """The doctor after leaving the post; where none is named, those in other municipalities."""
        if self.plan.position is not None:
            return _ending(doctor, (self.plan.position,), last)
        held = (name for name, post in doctor.track.positions.items() if on(days_of(post), last.toordinal()))
        return _ending(doctor, [name for name in held if not self._is_there(name)], last)

    def _before(self, last: date) -> Sequence[Span]:
        """The days to the last one in the post that is left."""
        if last not in self._until:
            self._until[last] = spans(self._left(self.doctor, last), self.rules, last.toordinal())
        return self._until[last]

    def _after(self, doctor: Doctor, days: SwitchDays) -> Doctor:
        begun = self._begun(doctor, days)
        return evolve_doctor(begun, self._new(days.first_day)[1]) if self.is_assumed(days) else begun

    def _begun(self, doctor: Doctor, days: SwitchDays) -> Doctor:
        return evolve_doctor(self._left(doctor, days.last_day), self._new(days.first_day)[0])

    def _new(self, first: date) -> tuple[PositionStarted, AgreementSigned]:
        """The new post from a day, and the agreement that goes with it."""
        if first not in self._facts:
            post = self.plan.new.model_dump()
            signed = dict[str, Any](municipality=post["municipality"], signed_on=first, first_day=first)
            self._facts[first] = (
                PositionStarted.model_construct(**_HEAD, position=PLANNED, first_day=first, **post),
                AgreementSigned.model_construct(**_HEAD, agreement=PLANNED, **signed, template=TEMPLATES[-1].id),
            )
        return self._facts[first]


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


def _ending(doctor: Doctor, positions: Iterable[str], last: date | None) -> Doctor:
    """The doctor with another last day in some posts."""
    posts = doctor.track.positions
    ended = {name: replace(posts[name], last_day=last) for name in positions}
    return replace(doctor, track=doctor.track._replace(positions={**posts, **ended}))


def _from(found: Sequence[Span], day: date) -> list[Span]:
    """Spans from a day on."""
    first = day.toordinal()
    return [span._replace(first=max(span.first, first)) for span in found if span.last >= first]
