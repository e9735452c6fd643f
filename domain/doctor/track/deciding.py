"""Whether a fact may be recorded, given what was known just before it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, TypeVar

from domain.doctor.facts.absence import (
    AgencyAffiliationEnded,
    InstitutionalServiceEnded,
    LeaveEnded,
)
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.positions import (
    JobSwitched,
    PositionChanged,
    PositionEnded,
)
from domain.doctor.facts.supervision import (
    SupervisorEnded,
    SupervisorReplaced,
)
from domain.doctor.facts.track import (
    TrackCompleted,
    TrackConverted,
    TrackDiscontinued,
    TrackInterrupted,
    TrackResumed,
    TrackStarted,
)
from domain.doctor.track.state import (
    Position,
    SpecialisationTrack,
    Spell,
    spell_on,
    supervision_on,
)
from domain.values.days.periods import Period, ends_on
from domain.values.fields import Scheme
from domain.values.refusals.refusal import refused

_DAY: Final = timedelta(days=1)
P = TypeVar("P", bound=Period)


def decide(track: SpecialisationTrack, fact: Fact) -> tuple[Fact, ...]:
    """The events that a reported fact leads to, or a `Refused` that says what is wrong."""
    match fact:
        case TrackStarted(on=on):
            _refuse_a_second_track(track, on)
        case TrackConverted(on=on):
            _refuse_conversion_to_the_same(spell_on(track, on), on)
        case TrackCompleted(on=on) | TrackDiscontinued(on=on) | TrackInterrupted(first_day=on):
            spell_on(track, on)
        case TrackResumed(interruption=name, on=on):
            ends_on(_known(track.interruptions, name, "interruption").first_day, on - _DAY)
        case PositionChanged(position=name, first_day=on):
            _refuse_outside(_known(track.positions, name, "position"), on)
        case PositionEnded(position=name) | JobSwitched(position=name):
            ends_on(_known(track.positions, name, "position").first_day, fact.last_day)
        case LeaveEnded(leave=name, last_day=last):
            ends_on(_known(track.leaves, name, "leave").first_day, last)
        case InstitutionalServiceEnded(service=name, last_day=last):
            ends_on(_known(track.services, name, "service").first_day, last)
        case AgencyAffiliationEnded(affiliation=name, last_day=last):
            ends_on(_known(track.affiliations, name, "affiliation").first_day, last)
        case SupervisorReplaced(supervisor=hpr, first_day=on):
            supervision_on(track, hpr, on - _DAY)
        case SupervisorEnded(supervisor=hpr, last_day=last):
            supervision_on(track, hpr, last)
        case _:
            pass
    return (fact,)


def _refuse_a_second_track(track: SpecialisationTrack, day: date) -> None:
    for spell in track.spells:
        if spell.first_day <= day and (spell.last_day is None or day <= spell.last_day):
            raise refused("track-running", started_on=spell.first_day, day=day)


def _refuse_conversion_to_the_same(spell: Spell, day: date) -> None:
    converted = spell.converted_on is not None and spell.converted_on <= day
    if spell.scheme is Scheme.NEW or converted:
        raise refused("already-new-scheme")


def _refuse_outside(position: Position, day: date) -> None:
    if day < position.first_day:
        raise refused("change-before-position", day=day, first_day=position.first_day)
    if position.last_day is not None and day > position.last_day:
        raise refused("change-after-position", day=day, last_day=position.last_day)


def _known(things: Mapping[str, P], name: str, kind: str) -> P:
    found = things.get(name)
    if found is None:
        raise refused(f"unknown-{kind}", name=name)
    return found
