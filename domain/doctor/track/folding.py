"""What facts that were decided on make of a track, one after the other."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Final, TypeVar, get_args

from domain.doctor.facts.absence import (
    AbsenceFact,
    AffiliationFact,
    AgencyAffiliationEnded,
    AgencyAffiliationRegistered,
    InstitutionalServiceEnded,
    InstitutionalServiceRegistered,
    LeaveEnded,
    LeaveRegistered,
)
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.facts.positions import (
    JobSwitched,
    PositionChanged,
    PositionEnded,
    PositionFact,
    PositionFields,
    PositionStarted,
)
from domain.doctor.facts.supervision import (
    GroupGuidanceAttended,
    GuidanceConfirmed,
    GuidanceFact,
    GuidanceHeld,
    GuidanceRecorded,
    SupervisionFact,
    SupervisorAssigned,
    SupervisorEnded,
    SupervisorReplaced,
)
from domain.doctor.facts.track import (
    DoctorNamed,
    TrackCompleted,
    TrackConverted,
    TrackDiscontinued,
    TrackFact,
    TrackInterrupted,
    TrackResumed,
    TrackStarted,
)
from domain.doctor.track.growing import growing, put, put_last, settled
from domain.doctor.track.state import (
    CostKey,
    GroupGuidance,
    Leave,
    Position,
    Service,
    Session,
    SpecialisationTrack,
    Spell,
    Supervision,
    spell_on,
    supervision_on,
)
from domain.values.days.periods import Dated, Period
from domain.values.patience import ask

_DAY: Final = timedelta(days=1)
_CONFIRMED: Final = frozenset({"on", "hours", "supervisor"})
"""What a confirmation of a session is about; once one of these is corrected, it has to be confirmed again."""
P = TypeVar("P", bound=Period)


def evolve(track: SpecialisationTrack, fact: Fact) -> SpecialisationTrack:
    """Fold a fact that was decided on into the state."""
    fold = _FOLDING.get(type(fact))
    return track if fold is None else fold(track, fact)


def folded(facts: Iterable[Fact]) -> SpecialisationTrack:
    """What facts that were decided on make, as `evolve` would one after the other, but not copied for each."""
    track = SpecialisationTrack._make(map(growing, SpecialisationTrack()))
    for fact in facts:
        ask()
        track = evolve(track, fact)
    return SpecialisationTrack._make(map(settled, track))


def _the_track(track: SpecialisationTrack, fact: TrackFact) -> SpecialisationTrack:
    match fact:
        case DoctorNamed(name=name):
            return track._replace(name=name)
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


def _posts(track: SpecialisationTrack, fact: PositionFact) -> SpecialisationTrack:
    posts = track.positions
    match fact:
        case PositionStarted():
            return track._replace(positions=put(posts, fact.position, _begun(fact, fact)))
        case PositionChanged(position=name):
            return track._replace(positions=put(posts, name, _changed(posts[name], fact)))
        case PositionEnded(position=name):
            return track._replace(positions=_ended(posts, name, fact.last_day, fact))
        case JobSwitched(position=name, new=new):
            left = _ended(posts, name, fact.last_day, fact)
            return track._replace(positions=put(left, new.position, _begun(new, fact)))


def _absence(track: SpecialisationTrack, fact: AbsenceFact | AffiliationFact) -> SpecialisationTrack:
    match fact:
        case LeaveRegistered():
            leave = Leave(*_days(fact), percent=fact.percent, extends=fact.kind.extends)
            return track._replace(leaves=put(track.leaves, fact.leave, leave))
        case LeaveEnded(leave=name):
            return track._replace(leaves=_ended(track.leaves, name, fact.last_day, fact))
        case InstitutionalServiceRegistered():
            service = Service(*_days(fact), municipal=fact.municipal)
            return track._replace(services=put(track.services, fact.service, service))
        case InstitutionalServiceEnded(service=name):
            return track._replace(services=_ended(track.services, name, fact.last_day, fact))
        case AgencyAffiliationRegistered():
            return track._replace(affiliations=put(track.affiliations, fact.affiliation, Period(*_days(fact))))
        case AgencyAffiliationEnded(affiliation=name):
            return track._replace(affiliations=_ended(track.affiliations, name, fact.last_day, fact))


def _supervision(track: SpecialisationTrack, fact: SupervisionFact) -> SpecialisationTrack:
    match fact:
        case SupervisorAssigned():
            new = Supervision(*_days(fact), fact.supervisor, fact.municipality, fact.approved)
            return track._replace(supervisions=(*track.supervisions, new))
        case SupervisorReplaced(supervisor=hpr, first_day=on):
            former = supervision_on(track, hpr, on - _DAY)
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
            former = supervision_on(track, hpr, last)
            return track._replace(supervisions=_supervision_ended(track, former, last, fact))


def _guidance(track: SpecialisationTrack, fact: GuidanceFact) -> SpecialisationTrack:
    match fact:
        case GuidanceRecorded():
            key = (fact.municipality, fact.month)
            return track._replace(guidance=put(track.guidance, key, (fact.hours, fact.id)))
        case GuidanceHeld():
            held = Session(fact.municipality, fact.on, fact.hours, fact.supervisor, fact.id, {})
            return track._replace(sessions=put(track.sessions, fact.session, held))
        case GuidanceConfirmed(session=name):
            session = track.sessions[name]
            confirmed = replace(session, confirmed={**session.confirmed, fact.by: fact.id})
            return track._replace(sessions=put(track.sessions, name, confirmed))
        case GroupGuidanceAttended():
            attended = GroupGuidance(*_days(fact), fact.group, fact.municipality)
            return track._replace(groups=(*track.groups, attended))


def _costs(track: SpecialisationTrack, fact: CostsReported) -> SpecialisationTrack:
    key = CostKey(fact.municipality, fact.round, fact.element, fact.kind)
    return track._replace(costs=put_last(track.costs, key, (fact.kroner, fact.id)))


def _correction(track: SpecialisationTrack, fact: FactCorrected) -> SpecialisationTrack:
    """The corrected fact is folded as it stands; what was confirmed of a session is not what it says now."""
    if not _CONFIRMED & (fact.replacement or {}).keys():
        return track
    for name, session in track.sessions.items():
        if session.fact == fact.corrects:
            return track._replace(sessions=put(track.sessions, name, replace(session, confirmed={})))
    return track


_FOLDING: Final[Mapping[type[Fact], Callable[[SpecialisationTrack, Any], SpecialisationTrack]]] = {
    **dict.fromkeys(get_args(TrackFact), _the_track),
    **dict.fromkeys(get_args(PositionFact), _posts),
    **dict.fromkeys(get_args(AbsenceFact | AffiliationFact), _absence),
    **dict.fromkeys(get_args(SupervisionFact), _supervision),
    **dict.fromkeys(get_args(GuidanceFact), _guidance),
    CostsReported: _costs,
    FactCorrected: _correction,
}
"""How each type of fact is folded in; those of other streams change nothing here."""


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
    | SupervisorAssigned
    | GroupGuidanceAttended,
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
        Dated.since(post.first_day, post.post, fact.id),
    )


def _changed(position: Position, fact: PositionChanged) -> Position:
    day, category, percent, post = fact.first_day, position.category, position.percent, position.post
    if fact.category is not None:
        category = category.changed(day, fact.category, fact.id)
    if fact.percent is not None:
        percent = percent.changed(day, fact.percent, fact.id)
    if fact.post is not None:
        post = post.changed(day, fact.post, fact.id)
    return replace(position, category=category, percent=percent, post=post)


def _ended(things: Mapping[str, P], name: str, last_day: date, fact: Fact) -> Mapping[str, P]:
    """Of several ends the last recorded holds, whether it shortens or lengthens."""
    thing = things[name]
    ended = replace(thing, last_day=last_day, facts=(*thing.facts, fact.id))
    return put(things, name, ended)


def _spell_changed(track: SpecialisationTrack, fact: Fact, day: date, **change: date) -> SpecialisationTrack:
    spell = spell_on(track, day)
    new = replace(spell, facts=(*spell.facts, fact.id), **change)  # type: ignore[arg-type]
    return track._replace(spells=tuple(new if s is spell else s for s in track.spells))
