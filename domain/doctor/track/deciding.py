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
    NewPosition,
    PositionChanged,
    PositionEnded,
    PositionStarted,
)
from domain.doctor.facts.supervision import (
    GuidanceConfirmed,
    SupervisorEnded,
    SupervisorReplaced,
)
from domain.doctor.facts.track import (
    DoctorNamed,
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
from domain.values.texts import folded_words

_DAY: Final = timedelta(days=1)
T = TypeVar("T")


def decide(track: SpecialisationTrack, fact: Fact) -> tuple[Fact, ...]:
    """The events that a reported fact leads to, or a `Refused` that says what is wrong."""
    _refuse_a_name_as_a_post(track, fact)
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
        case LeaveEnded() | InstitutionalServiceEnded() | AgencyAffiliationEnded():
            ends_on(_begun(track, fact).first_day, fact.last_day)
        case SupervisorReplaced(supervisor=hpr, first_day=on):
            supervision_on(track, hpr, on - _DAY)
        case SupervisorEnded(supervisor=hpr, last_day=last):
            supervision_on(track, hpr, last)
        case GuidanceConfirmed(session=name):
            _known(track.sessions, name, "session")
        case _:
            pass
    return (fact,)


def _refuse_a_name_as_a_post(track: SpecialisationTrack, fact: Fact) -> None:
    """A post outlives its holders and is stored in clear, so it is not called after one of them."""
    match fact:
        case (
            PositionStarted(post=str(post))
            | PositionChanged(post=str(post))
            | JobSwitched(new=NewPosition(post=str(post)))
        ):
            name, posts = track.name, [post]
        case DoctorNamed(name=name):
            posts = [post for each in track.positions.values() for post in each.post.values if post]
        case _:
            return
    parts = folded_words(name or "")
    for post in posts:
        if any(folded_words(post) == [part] for part in parts):
            raise refused("post-named-after-holder", post=post)


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


def _begun(track: SpecialisationTrack, fact: LeaveEnded | InstitutionalServiceEnded | AgencyAffiliationEnded) -> Period:
    """The leave, service or affiliation that a fact ends."""
    match fact:
        case LeaveEnded(leave=name):
            return _known(track.leaves, name, "leave")
        case InstitutionalServiceEnded(service=name):
            return _known(track.services, name, "service")
        case AgencyAffiliationEnded(affiliation=name):
            return _known(track.affiliations, name, "affiliation")


def _known(things: Mapping[str, T], name: str, kind: str) -> T:
    found = things.get(name)
    if found is None:
        raise refused(f"unknown-{kind}", name=name)
    return found
