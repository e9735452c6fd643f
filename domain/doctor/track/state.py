"""What is known of a doctor's track: what decisions and the calculation read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.doctor.track.growing import NOTHING
from domain.values.days.periods import Dated, Period
from domain.values.fields import Category, Confirmer, CostKind, Scheme
from domain.values.refusals.refusal import refused


@dataclass(frozen=True, slots=True)
class Spell(Period):
    """One run of the track, from its start to its completion or discontinuation."""

    scheme: Scheme
    converted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Position(Period):
    """A post with its percents and categories over time."""

    municipality: str
    category: Dated[Category]
    percent: Dated[Decimal]
    post: Dated[str | None]


@dataclass(frozen=True, slots=True)
class Leave(Period):
    """A leave, its percent, and whether its kind extends the five years."""

    percent: Decimal
    extends: bool


@dataclass(frozen=True, slots=True)
class Service(Period):
    """An institutional service, in an approved municipal unit or outside."""

    municipal: bool


@dataclass(frozen=True, slots=True)
class Supervision(Period):
    """One supervisor's time with the doctor; no municipality means wherever the doctor has a post."""

    supervisor: str
    municipality: str | None
    approved: bool


@dataclass(frozen=True, slots=True)
class Session:
    """Guidance that was held, and who has confirmed it as it stands, each with the fact that says so."""

    municipality: str
    on: date
    hours: Decimal
    supervisor: str
    fact: str
    confirmed: Mapping[Confirmer, str]


@dataclass(frozen=True, slots=True)
class GroupGuidance(Period):
    """Time in a guidance group."""

    group: str
    municipality: str


class CostKey(NamedTuple):
    """What costs are reported for; no kind means the whole element."""

    municipality: str
    round: str
    element: str
    kind: CostKind | None


class SpecialisationTrack(NamedTuple):
    """What is known of one doctor's track; `spells` by their first day, `costs` in the order reported."""

    spells: tuple[Spell, ...] = ()
    positions: Mapping[str, Position] = NOTHING
    interruptions: Mapping[str, Period] = NOTHING
    leaves: Mapping[str, Leave] = NOTHING
    services: Mapping[str, Service] = NOTHING
    affiliations: Mapping[str, Period] = NOTHING
    supervisions: tuple[Supervision, ...] = ()
    guidance: Mapping[tuple[str, str], tuple[Decimal, str]] = NOTHING
    costs: Mapping[CostKey, tuple[int, str]] = NOTHING
    sessions: Mapping[str, Session] = NOTHING
    groups: tuple[GroupGuidance, ...] = ()
    name: str | None = None


def spell_on(track: SpecialisationTrack, day: date) -> Spell:
    """The latest run of the track that began on or before a day (rules.md section 2).

    Raises `Refused` (no-track) when none had begun.
    """
    for spell in reversed(track.spells):
        if spell.first_day <= day:
            return spell
    raise refused("no-track", day=day)


def supervision_on(track: SpecialisationTrack, supervisor: str, last_day: date) -> Supervision:
    """The supervisor's latest assignment, of those known, that began on or before a day."""
    mine = [s for s in track.supervisions if s.supervisor == supervisor]
    if not mine:
        raise refused("unknown-supervisor", name=supervisor)
    begun = [s for s in mine if s.first_day <= last_day]
    if not begun:
        first = min(s.first_day for s in mine)
        raise refused("ends-before-it-begins", day=last_day, first_day=first)
    return max(begun, key=lambda s: s.first_day)
