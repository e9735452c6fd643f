"""What a switch comes to on some days: the calculation itself, of the doctor as the facts would make them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from domain.doctor.facts.agreements import AgreementSigned
from domain.doctor.facts.positions import JobSwitched, NewPosition
from domain.doctor.history import Doctor, evolve_doctor
from domain.rules.days.timeline import FOREVER, spans
from domain.rules.line.basis import Basis
from domain.rules.line.months import record_of
from domain.rules.result import Line, line_of
from domain.rules.sets.limits import TEMPLATES
from domain.rules.sets.rule_set import RuleSet
from domain.rules.switch.planned import PlannedSwitch, SwitchDays
from domain.rules.switch.rounds import RoundRules

PLANNED: Final = ""
"""The name of the planned post and of the agreement that goes with it, which nothing registered has."""
_HEAD: Final[Mapping[str, Any]] = {
    "id": PLANNED,
    "hpr": PLANNED,
    "recorded_at": datetime.max.replace(tzinfo=UTC),
    "recorded_by": PLANNED,
}
_DAY: Final = timedelta(days=1)
Lines = Sequence[Sequence[Line]]
"""By round, then by municipality."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of the municipalities of a switch: by its number, with as much of the doctor as the asker sees there.

    `is_own` if its kroner are the asker's to see.
    """

    code: str
    doctor: Doctor
    is_own: bool


class Outcome(NamedTuple):
    """What a switch on some days comes to: the months that count in any of the municipalities, and the kroner.

    `kroner` are by round, of the asker's own municipalities together; None where a rate is unknown.
    """

    days: SwitchDays
    counted: frozenset[int]
    kroner: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Switching:
    """A planned switch of a doctor, with the municipalities (that of the post to come to is the last) and the rules."""

    hpr: str
    plan: PlannedSwitch
    places: tuple[Place, ...]
    rounds: tuple[RoundRules, ...]
    assumes: dict[tuple[int, int, SwitchDays], bool] = field(default_factory=dict, compare=False, repr=False)
    """Whether an agreement is assumed, by the place in `places`, the place in `rounds`, and the days.

    Another municipality's last day does not decide it, so that there the day before the first stands for all.
    """
    begun: dict[date, tuple[NewPosition, AgreementSigned]] = field(default_factory=dict, compare=False, repr=False)
    """The new post and the agreement that goes with it, by their first day."""

    def outcome(self, days: SwitchDays) -> Outcome:
        """What the switch comes to on some days."""
        lines = self.lines(days)
        return Outcome(days, counted(lines), tuple(self.kroner(each) for each in lines))

    def lines(self, days: SwitchDays) -> Lines:
        """The lines of the municipalities in each round if the switch is made on some days."""
        return self._lines(lambda place, number: self.switched(place, number, days))

    def lines_staying(self) -> Lines:
        """The lines if the doctor never left the post."""
        return self._lines(lambda place, _: self._staying(self.places[place].doctor))

    def kroner(self, lines: Sequence[Line]) -> int | None:
        """The kroner of the asker's own municipalities in a round; None where a rate is unknown."""
        own = [line.amounts for line, place in zip(lines, self.places, strict=True) if place.is_own]
        return None if any(each.missing for each in own) else sum(each.total for each in own)

    def switched(self, place: int, number: int, days: SwitchDays) -> Doctor:
        """The doctor after the switch, with an agreement in the new municipality where none is known."""
        doctor = evolve_doctor(self.places[place].doctor, self._switch(days))
        return evolve_doctor(doctor, self._begun(days.first_day)[1]) if self.is_assumed(place, number, days) else doctor

    def is_assumed(self, place: int, number: int, days: SwitchDays) -> bool:
        """Whether no agreement is known that would be in force in the new post, so that one is from its first day."""
        tried = days if len(self.places) == 1 else SwitchDays(days.first_day - _DAY, days.first_day)
        key = (place, number, tried)
        if key not in self.assumes:
            doctor = evolve_doctor(self.places[place].doctor, self._switch(tried))
            rules, first = self.rounds[number].rules, days.first_day.toordinal()
            where = rules.municipalities.current(self.plan.new.municipality)
            of_post = (span for span in spans(doctor, rules, FOREVER) if span.last >= first)
            self.assumes[key] = not any(where in span.agreed for span in of_post)
        return self.assumes[key]

    def _lines(self, doctor_of: Callable[[int, int], Doctor]) -> Lines:
        return [self._of_round(number, each.rules, doctor_of) for number, each in enumerate(self.rounds)]

    def _of_round(self, number: int, rules: RuleSet, doctor_of: Callable[[int, int], Doctor]) -> list[Line]:
        """The lines of a round; of municipalities where the asker sees the same doctor, from one record."""
        records, found = {}, []
        for place, each in enumerate(self.places):
            seen = id(each.doctor)
            if seen not in records:
                records[seen] = record_of(doctor_of(place, number), rules)
            found.append(line_of(self.hpr, records[seen], rules.municipalities.current(each.code), rules))
        return found

    def _switch(self, days: SwitchDays) -> JobSwitched:
        new, _ = self._begun(days.first_day)
        return JobSwitched.model_construct(**_HEAD, position=self.plan.position, last_day=days.last_day, new=new)

    def _begun(self, first: date) -> tuple[NewPosition, AgreementSigned]:
        if first not in self.begun:
            post = self.plan.new.model_dump()
            signed = dict[str, Any](municipality=post["municipality"], signed_on=first, first_day=first)
            self.begun[first] = (
                NewPosition.model_construct(position=PLANNED, first_day=first, **post),
                AgreementSigned.model_construct(**_HEAD, agreement=PLANNED, **signed, template=TEMPLATES[-1].id),
            )
        return self.begun[first]

    def _staying(self, doctor: Doctor) -> Doctor:
        posts = doctor.track.positions
        stays = replace(posts[self.plan.position], last_day=None)
        return replace(doctor, track=doctor.track._replace(positions={**posts, self.plan.position: stays}))


def counted(lines: Lines) -> frozenset[int]:
    """The months that count in any of the municipalities."""
    return frozenset(
        month.number
        for line in (line for each in lines for line in each)
        for month in line.months
        if month.basis is not Basis.NONE
    )
