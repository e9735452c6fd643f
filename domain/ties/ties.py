"""Disqualification: the ties that a person has to a doctor or a municipality, whose cases that person may not handle.

A tie is declared by the person or by a colleague, and ended by somebody else. That it was there is never forgotten:
it can be asked which decided claims somebody took part in who had a tie.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.ties.events import TieDeclared, TieEnded, TieEvent
from domain.values.days.periods import ends_on
from domain.values.refusals.person import check_another_person, same_person
from domain.values.refusals.refusal import refused

HANDLERS: Final = ("caseworker", "approver")
"""The roles that handle and approve cases."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie as it stands; without a last day it still holds."""

    declared: TieDeclared
    last_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.declared.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Disqualification:
    """The doctors and the municipalities (by all their codes) whose cases somebody may not handle."""

    doctors: frozenset[str] = frozenset()
    municipalities: frozenset[str] = frozenset()

    def check(self, role: str | None, doctors: Iterable[str], municipalities: Iterable[str]) -> None:
        """Raise `Refused` (disqualified) where a case is about one of them, for those who handle cases."""
        about = not (self.doctors.isdisjoint(doctors) and self.municipalities.isdisjoint(municipalities))
        if role in HANDLERS and about:
            raise refused("disqualified")


NOT_DISQUALIFIED: Final = Disqualification()


@dataclass(frozen=True, slots=True)
class Ties:
    """All ties by their ids, in the order declared."""

    by_id: Mapping[str, Tie] = field(default_factory=dict)

    def of(self, *called: str) -> list[Tie]:
        """The ties of a person, by all that the person is called; ended ones too."""
        return [tie for tie in self.by_id.values() if any(same_person(tie.declared.person, each) for each in called)]

    def in_force(self, called: Sequence[str], day: date, codes_of: Callable[[str], Iterable[str]]) -> Disqualification:
        """Whose cases a person may not handle on a day; `codes_of` gives all codes of a municipality."""
        found = [tie.declared for tie in self.of(*called) if tie.holds_on(day)]
        doctors = frozenset(each.hpr for each in found if each.hpr is not None)
        places = (codes_of(each.municipality) for each in found if each.municipality is not None)
        return Disqualification(doctors, frozenset(code for codes in places for code in codes))

    def and_then(self, event: TieEvent) -> "Ties":
        """All ties after one more event."""
        match event:
            case TieDeclared():
                return Ties({**self.by_id, event.tie: Tie(event)})
            case TieEnded(last_day=last_day):
                return Ties({**self.by_id, event.tie: Tie(self.by_id[event.tie].declared, last_day)})
        return self


def decide(ties: Ties, event: TieEvent, role: str | None, called: Sequence[str] = ()) -> tuple[TieEvent, ...]:
    """The events that declare or end a tie: none where that is known already.

    `called` is what else the one who does it is called.

    Raises `Refused` (wrong-role, tie-id-used, unknown-tie, own-tie, ends-before-it-begins).
    """
    if role not in HANDLERS:
        raise refused("wrong-role", role=role, wanted=HANDLERS)
    before = ties.by_id.get(event.tie)
    match event:
        case TieDeclared():
            return _declared(before, event)
        case TieEnded():
            if before is None:
                raise refused("unknown-tie", tie=event.tie)
            return _ended(before, event, called)
    return ()


def _declared(before: Tie | None, event: TieDeclared) -> tuple[TieEvent, ...]:
    if before is None:
        return (event,)
    if _content(before.declared) != _content(event):
        raise refused("tie-id-used", tie=event.tie)
    return ()


def _ended(before: Tie, event: TieEnded, called: Sequence[str]) -> tuple[TieEvent, ...]:
    check_another_person(event.recorded_by, before.declared.person, refused("own-tie"), *called)
    ends_on(before.declared.first_day, event.last_day)
    return () if before.last_day == event.last_day else (event,)


def _content(event: TieEvent) -> dict[str, object]:
    """What a declaration says, whoever declares it and when."""
    return event.model_dump(exclude={"recorded_at", "recorded_by"})
