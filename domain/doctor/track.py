"""The SpecialisationTrack stream: one doctor's track, posts, leave, service and supervisors.

`decide` answers whether a fact may be recorded, given what was known just before it; `evolve`
folds it in. Both are pure. The state holds what decisions and the calculation read.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Final, NamedTuple, TypeVar

from domain.doctor.facts.facts import (
    AgencyAffiliationEnded,
    AgencyAffiliationRegistered,
    CostsReported,
    Fact,
    GuidanceRecorded,
    InstitutionalServiceEnded,
    InstitutionalServiceRegistered,
    JobSwitched,
    LeaveEnded,
    LeaveRegistered,
    PositionChanged,
    PositionEnded,
    PositionFields,
    PositionStarted,
    SupervisorAssigned,
    SupervisorEnded,
    SupervisorReplaced,
    TrackCompleted,
    TrackConverted,
    TrackDiscontinued,
    TrackInterrupted,
    TrackResumed,
    TrackStarted,
)
from domain.doctor.growing import NOTHING, growing, put, put_last, settled
from domain.values.days.periods import Dated, Period, ends_on
from domain.values.fields import Category, Scheme
from domain.values.patience import ask
from domain.values.refusals.refusal import refused

_DAY: Final = timedelta(days=1)


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
    """One supervisor's time with the doctor; no municipality means where a post is held."""

    supervisor: str
    municipality: str | None
    approved: bool


class SpecialisationTrack(NamedTuple):
    """What is known of one doctor's track; `spells` by their first day, `costs` in the order told."""

    spells: tuple[Spell, ...] = ()
    positions: Mapping[str, Position] = NOTHING
    interruptions: Mapping[str, Period] = NOTHING
    leaves: Mapping[str, Leave] = NOTHING
    services: Mapping[str, Service] = NOTHING
    affiliations: Mapping[str, Period] = NOTHING
    supervisions: tuple[Supervision, ...] = ()
    guidance: Mapping[tuple[str, str], tuple[Decimal, str]] = NOTHING
    costs: Mapping[tuple[str, str, str], tuple[int, str]] = NOTHING


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
            _supervision(track, hpr, on - _DAY)
        case SupervisorEnded(supervisor=hpr, last_day=last):
            _supervision(track, hpr, last)
        case _:
            pass
    return (fact,)


def evolve(track: SpecialisationTrack, fact: Fact) -> SpecialisationTrack:
    """Fold a fact that was decided on into the state."""
    if type(fact) in _ABOUT_THE_WORK:
        return _about_the_work(track, fact)
    match fact:
        case PositionStarted():
            return track._replace(positions=put(track.positions, fact.position, _begun(fact, fact)))
        case PositionChanged(position=name):
            changed = _changed(track.positions[name], fact)
            return track._replace(positions=put(track.positions, name, changed))
        case PositionEnded(position=name):
            return track._replace(positions=_ended(track.positions, name, fact.last_day, fact))
        case JobSwitched(position=name, new=new):
            left = _ended(track.positions, name, fact.last_day, fact)
            return track._replace(positions=put(left, new.position, _begun(new, fact)))
        case LeaveRegistered():
            leave = Leave(*_days(fact), percent=fact.percent, extends=fact.kind.extends)
            return track._replace(leaves=put(track.leaves, fact.leave, leave))
        case LeaveEnded(leave=name):
            return track._replace(leaves=_ended(track.leaves, name, fact.last_day, fact))
        case TrackStarted():
            spell = Spell(fact.on, None, (fact.id,), fact.scheme)
            at = bisect_right(track.spells, spell.first_day, key=attrgetter("first_day"))
            return track._replace(spells=(*track.spells[:at], spell, *track.spells[at:]))
        case TrackConverted(on=on):
            return _spell_changed(track, fact, on, converted_on=on)
        case TrackCompleted(on=on) | TrackDiscontinued(on=on):
            return _spell_changed(track, fact, on, last_day=on)
        case TrackInterrupted():
            pause = Period(*_days(fact))
            return track._replace(interruptions=put(track.interruptions, fact.interruption, pause))
        case TrackResumed(interruption=name, on=on):
            return track._replace(interruptions=_ended(track.interruptions, name, on - _DAY, fact))
        case InstitutionalServiceRegistered():
            service = Service(*_days(fact), municipal=fact.municipal)
            return track._replace(services=put(track.services, fact.service, service))
        case InstitutionalServiceEnded(service=name):
            return track._replace(services=_ended(track.services, name, fact.last_day, fact))
        case AgencyAffiliationRegistered():
            tie = Period(*_days(fact))
            return track._replace(affiliations=put(track.affiliations, fact.affiliation, tie))
        case AgencyAffiliationEnded(affiliation=name):
            ended = _ended(track.affiliations, name, fact.last_day, fact)
            return track._replace(affiliations=ended)
        case _:
            return track


def folded(facts: Iterable[Fact]) -> SpecialisationTrack:
    """What facts that were decided on make, as `evolve` would one after the other, but not copied for each."""
    track = SpecialisationTrack._make(map(growing, SpecialisationTrack()))
    for fact in facts:
        ask()
        track = evolve(track, fact)
    return SpecialisationTrack._make(map(settled, track))


_ABOUT_THE_WORK: Final = frozenset(
    {SupervisorAssigned, SupervisorReplaced, SupervisorEnded, GuidanceRecorded, CostsReported}
)


def _about_the_work(track: SpecialisationTrack, fact: Fact) -> SpecialisationTrack:
    """Supervisors, guidance and costs: what changes no month."""
    match fact:
        case SupervisorAssigned():
            new = Supervision(*_days(fact), fact.supervisor, fact.municipality, fact.approved)
            return track._replace(supervisions=(*track.supervisions, new))
        case SupervisorReplaced(supervisor=hpr, first_day=on):
            former = _supervision(track, hpr, on - _DAY)
            new = replace(
                former,
                first_day=on,
                last_day=None,
                facts=(fact.id,),
                supervisor=fact.replaced_by,
                approved=True,
            )
            left = _supervision_ended(track, former, on - _DAY, fact)
            return track._replace(supervisions=(*left, new))
        case SupervisorEnded(supervisor=hpr, last_day=last):
            former = _supervision(track, hpr, last)
            return track._replace(supervisions=_supervision_ended(track, former, last, fact))
        case GuidanceRecorded():
            key = (fact.municipality, fact.month)
            return track._replace(guidance=put(track.guidance, key, (fact.hours, fact.id)))
        case CostsReported():
            cost = (fact.municipality, fact.round, fact.element)
            return track._replace(costs=put_last(track.costs, cost, (fact.kroner, fact.id)))
        case _:
            return track


def spell_on(track: SpecialisationTrack, day: date) -> Spell:
    """The latest run of the track that began on or before a day (rules.md section 2).

    Raises `Refused` (no-track) when none had begun.
    """
    for spell in reversed(track.spells):
        if spell.first_day <= day:
            return spell
    raise refused("no-track", day=day)


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


def _supervision(track: SpecialisationTrack, supervisor: str, last_day: date) -> Supervision:
    """The supervisor's latest assignment, of those known, that began on or before a day."""
    mine = [s for s in track.supervisions if s.supervisor == supervisor]
    if not mine:
        raise refused("unknown-supervisor", name=supervisor)
    begun = [s for s in mine if s.first_day <= last_day]
    if not begun:
        first = min(s.first_day for s in mine)
        raise refused("ends-before-it-begins", day=last_day, first_day=first)
    return max(begun, key=lambda s: s.first_day)


def _supervision_ended(
    track: SpecialisationTrack, former: Supervision, last_day: date, fact: Fact
) -> tuple[Supervision, ...]:
    ended = replace(former, last_day=last_day, facts=(*former.facts, fact.id))
    return tuple(ended if s is former else s for s in track.supervisions)


def _days(
    fact: LeaveRegistered
    | TrackInterrupted
    | InstitutionalServiceRegistered
    | AgencyAffiliationRegistered
    | SupervisorAssigned,
) -> tuple[date, date | None, tuple[str, ...]]:
    return fact.first_day, fact.last_day, (fact.id,)


def _begun(post: PositionFields, fact: Fact) -> Position:
    return Position(
        post.first_day,
        post.last_day,
        (fact.id,),
        post.municipality,
        Dated.since(post.first_day, post.category, fact.id),
        Dated.since(post.first_day, post.percent, fact.id),
    )


def _changed(position: Position, fact: PositionChanged) -> Position:
    day, category, percent = fact.first_day, position.category, position.percent
    if fact.category is not None:
        category = category.changed(day, fact.category, fact.id)
    if fact.percent is not None:
        percent = percent.changed(day, fact.percent, fact.id)
    return replace(position, category=category, percent=percent)


def _ended(things: Mapping[str, P], name: str, last_day: date, fact: Fact) -> Mapping[str, P]:
    """Of several ends the last recorded holds, whether it shortens or lengthens."""
    thing = things[name]
    ended = replace(thing, last_day=last_day, facts=(*thing.facts, fact.id))
    return put(things, name, ended)


def _spell_changed(track: SpecialisationTrack, fact: Fact, day: date, **change: date) -> SpecialisationTrack:
    spell = spell_on(track, day)
    new = replace(spell, facts=(*spell.facts, fact.id), **change)  # type: ignore[arg-type]
    return track._replace(spells=tuple(new if s is spell else s for s in track.spells))
