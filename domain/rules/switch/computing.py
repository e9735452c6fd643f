"""What a switch comes to on some days, in each municipality and round: the calculation itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from domain.doctor.history import Doctor
from domain.doctor.track.state import Position
from domain.rules.days.conditions import DURATION_EXHAUSTED
from domain.rules.line.basis import Basis
from domain.rules.line.months import Month, Record
from domain.rules.result import Line, line_of
from domain.rules.switch.planned import PlannedSwitch, SwitchDays
from domain.rules.switch.rounds import RoundRules
from domain.rules.switch.supposing import Supposed

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

    `used_up` are the months that count nowhere since the five years are over. `kroner` are by round, of the asker's own
    municipalities together; None where a rate is unknown.
    """

    days: SwitchDays
    counted: frozenset[int]
    used_up: frozenset[int]
    kroner: tuple[int | None, ...]


@dataclass(frozen=True)
class Switching:
    """A planned switch of a doctor, with the municipalities (that of the post to come to is the last) and the rules."""

    hpr: str
    plan: PlannedSwitch
    places: tuple[Place, ...]
    rounds: tuple[RoundRules, ...]

    @property
    def left(self) -> Position | None:
        """The post that is left, where one is named."""
        name = self.plan.position
        return None if name is None else self.places[0].doctor.track.positions[name]

    @cached_property
    def supposed(self) -> Sequence[Sequence[Supposed]]:
        """By round, then by municipality; the same where the asker sees the same doctor."""
        return [self._of_places(each) for each in self.rounds]

    def outcome(self, days: SwitchDays) -> Outcome:
        """What the switch comes to on some days."""
        lines = self.lines(days)
        paid = counted(lines)
        used_up = frozenset(month.number for month in _months(lines) if DURATION_EXHAUSTED in month.reasons)
        return Outcome(days, paid, used_up - paid, tuple(self.kroner(each) for each in lines))

    def lines(self, days: SwitchDays) -> Lines:
        """The lines of the municipalities in each round if the switch is made on some days."""
        return self._lines(lambda supposed: supposed.record(days))

    def lines_staying(self) -> Lines:
        """The lines if the doctor never left the post."""
        return self._lines(Supposed.staying)

    def kroner(self, lines: Sequence[Line]) -> int | None:
        """The kroner of the asker's own municipalities in a round; None where a rate is unknown."""
        own = [line.amounts for line, place in zip(lines, self.places, strict=True) if place.is_own]
        return None if any(each.missing for each in own) else sum(each.total for each in own)

    def _of_places(self, of_round: RoundRules) -> list[Supposed]:
        by_doctor = {id(each.doctor): Supposed(each.doctor, self.plan, of_round.rules) for each in self.places}
        return [by_doctor[id(each.doctor)] for each in self.places]

    def _lines(self, record: Callable[[Supposed], Record]) -> Lines:
        return [self._of_round(supposed, record) for supposed in self.supposed]

    def _of_round(self, supposed: Sequence[Supposed], record: Callable[[Supposed], Record]) -> list[Line]:
        records = {id(each): record(each) for each in {id(each): each for each in supposed}.values()}
        return [
            line_of(self.hpr, records[id(each)], each.rules.municipalities.current(place.code), each.rules)
            for each, place in zip(supposed, self.places, strict=True)
        ]


def counted(lines: Lines) -> frozenset[int]:
    """The months that count in any of the municipalities."""
    return frozenset(month.number for month in _months(lines) if month.basis is not Basis.NONE)


def _months(lines: Lines) -> Iterator[Month]:
    return (month for of_round in lines for line in of_round for month in line.months)
