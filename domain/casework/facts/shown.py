"""What a municipality is shown of a doctor: what is its own, and of the rest what its own claim needs.

Its own are the facts that it recorded, and those about its posts, agreements, guidance and costs. Where it has to do
with the doctor it is shown the track and the service in institutions too. Leave, and what else belongs to the doctor
wherever a post is held, it is shown in the time of its posts, and no further than to their first and last day.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, get_args

from domain.doctor.about import Places, places_of
from domain.doctor.facts.absence import (
    AgencyAffiliationEnded,
    AgencyAffiliationRegistered,
    InstitutionalServiceEnded,
    InstitutionalServiceRegistered,
    LeaveEnded,
    LeaveRegistered,
)
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.facts.notices import NoticeGiven
from domain.doctor.facts.positions import JobSwitched, PositionEnded, PositionStarted
from domain.doctor.facts.supervision import SupervisorAssigned, SupervisorEnded, SupervisorReplaced
from domain.doctor.facts.track import TrackFact
from domain.doctor.history import History
from domain.doctor.track.state import Position, SpecialisationTrack
from domain.values.days.periods import Period
from domain.values.norwegian_time import norwegian_day
from domain.values.places import municipality_of

UNTOLD: Final = "(ikke vist)"
"""Stands where a text must stand, and somebody is not told it."""
Days = tuple[date, date]
_Lasting = Period | LeaveRegistered | AgencyAffiliationRegistered | SupervisorAssigned
_LASTING: Final[Mapping[type[Fact], str]] = {
    LeaveRegistered: "leave",
    LeaveEnded: "leave",
    AgencyAffiliationRegistered: "affiliation",
    AgencyAffiliationEnded: "affiliation",
    SupervisorAssigned: "supervisor",
    SupervisorReplaced: "supervisor",
    SupervisorEnded: "supervisor",
}
"""What belongs to the doctor wherever a post is held, by the facts that begin and end it."""
_ALWAYS: Final = (*get_args(TrackFact), InstitutionalServiceRegistered, InstitutionalServiceEnded)
"""What a claim needs of the doctor, whenever it was."""


def is_from(fact: Fact, here: Places) -> bool:
    """Whether a municipality recorded a fact, by all its codes."""
    return municipality_of(fact.recorded_by) in here


def held_here(track: SpecialisationTrack, here: Places, first: date, last: date | None) -> list[Days]:
    """The first and last days of the posts in a municipality that are held on any of some days."""
    posts = (_days(post) for post in track.positions.values() if post.municipality in here)
    return [(begins, ends) for begins, ends in posts if begins <= (last or date.max) and first <= ends]


def has_to_do_with(history: History, here: Places | None) -> bool:
    """Whether a municipality (None: whoever sees all) has a post, an agreement or another fact of a doctor."""
    stands = (fact for fact in history.standing.values() if fact is not None)
    return here is None or any(codes & here for codes in places_of(stands).values())


def facts_shown(history: History, here: Places) -> list[Fact]:
    """The facts that a municipality, by all its codes, is shown of a doctor, in order; none where it has none."""
    recorded, now = history.recorded, history.standing
    alive = {name: now[name] or fact for name, fact in recorded.items()}
    places, before = places_of(alive.values()), places_of(recorded.values())
    corrections = defaultdict[str, list[FactCorrected]](list)
    for fact in recorded.values():
        if isinstance(fact, FactCorrected):
            corrections[fact.corrects].append(fact)
    showing = _Showing(here, history.doctor.track, has_to_do_with(history, here))
    shown = dict[str, Fact]()
    for name, fact in recorded.items():
        if not isinstance(fact, FactCorrected):
            told = _Told(fact, alive[name], corrections[name], before[name], places[name])
            shown |= {each.id: each for each in showing.of(told)}
    return [shown[name] for name in recorded if name in shown]


@dataclass(frozen=True, slots=True)
class _Told:
    """A fact but for a correction: as recorded, as it stands (if withdrawn, as recorded), and what corrected it."""

    recorded: Fact
    now: Fact
    corrections: Sequence[FactCorrected]
    before: Places
    """The municipalities that it was about as it was recorded."""
    places: Places
    """Those that it is about as it stands."""

    @property
    def whole(self) -> list[Fact]:
        return [self.recorded, *self.corrections]

    def is_of(self, here: Places) -> bool:
        """Whether nothing in it names another municipality, or none but this one had a part in it."""
        named = (code for each in self.corrections for code in _named_in(each.replacement or {}))
        return self.before | self.places | {*named} <= here or all(is_from(each, here) for each in self.whole)


@dataclass(frozen=True, slots=True)
class _Showing:
    """What is shown to one municipality, of one doctor's facts in order."""

    here: Places
    track: SpecialisationTrack
    is_known: bool
    """Whether the municipality has to do with the doctor."""
    spans: dict[tuple[str, str], Days] = field(default_factory=dict)
    """How far is shown of what lasts and may be ended by a later fact."""

    def of(self, told: _Told) -> list[Fact]:
        """What is shown of a fact and its corrections."""
        if is_from(told.recorded, self.here) or self._is_here(told):
            self._span(told.now)
            return self._own(told)
        if not self.is_known or told.places:
            return []
        if isinstance(told.recorded, _ALWAYS):
            return told.whole
        span = self._span(told.now)
        return [_within(each, span) for each in told.whole] if span else []

    def _is_here(self, told: _Told) -> bool:
        """Whether a fact is about this municipality: of a supervisor in two, about the time with this one."""
        if not self.is_known or not told.places & self.here:
            return False
        times = [time for time in self.track.supervisions if told.recorded.id in time.facts]
        return not times or any(time.municipality in self.here for time in times)

    def _own(self, told: _Told) -> list[Fact]:
        """Of what is partly another's, the part that is here; what was found to be another's is as if withdrawn."""
        if told.is_of(self.here):
            return told.whole
        last = told.corrections[-1:]
        if not told.places & self.here:
            return [told.recorded, *map(_as_withdrawal, last)]
        return [_half(told.now, self.here), *(_as_withdrawal(each) for each in last if each.replacement is None)]

    def _span(self, fact: Fact) -> Days | None:
        """How far is shown of what belongs to the doctor wherever a post is held; None where it is not."""
        kind = _LASTING.get(type(fact), "")
        name = str(fact.__dict__.get(kind))
        match fact:
            case LeaveRegistered():
                return self._begun((kind, name), self.track.leaves.get(name) or fact)
            case AgencyAffiliationRegistered():
                return self._begun((kind, name), self.track.affiliations.get(name) or fact)
            case SupervisorAssigned():
                return self._begun((kind, name), fact)
            case SupervisorReplaced() if (kind, name) in self.spans:
                return self._begun(("supervisor", fact.replaced_by), fact)
            case NoticeGiven():
                day = fact.on or norwegian_day(fact.recorded_at)
                return self._hull(day, day)
        return self.spans.get((kind, name))

    def _begun(self, thing: tuple[str, str], lasts: _Lasting | SupervisorReplaced) -> Days | None:
        span = self._hull(lasts.first_day, getattr(lasts, "last_day", None))
        if span:
            self.spans[thing] = span
        return span

    def _hull(self, first: date, last: date | None) -> Days | None:
        """From the first to the last day of the posts here that are held on any of some days."""
        held = held_here(self.track, self.here, first, last)
        return (min(begins for begins, _ in held), max(ends for _, ends in held)) if held else None


def _within(fact: Fact, span: Days) -> Fact:
    """A fact, or a correction, with no day before or after some days."""
    if isinstance(fact, FactCorrected):
        texts = (span[0].isoformat(), span[1].isoformat())
        return fact.model_copy(update={"replacement": fact.replacement and _clamped(fact.replacement, texts)})
    return fact.model_copy(update=_clamped(fact.__dict__, span))


def _clamped(fields: Mapping[str, Any], span: tuple[Any, Any]) -> dict[str, Any]:
    days = {name: fields.get(name) for name in ("first_day", "last_day")}
    return {**fields, **{name: min(max(day, span[0]), span[1]) for name, day in days.items() if day is not None}}


def _as_withdrawal(correction: FactCorrected) -> FactCorrected:
    return correction.model_copy(update={"replacement": None, "reason": UNTOLD})


def _half(fact: Fact, here: Places) -> Fact:
    """Of a switch between municipalities the one half: that a post here ended, or began."""
    if not isinstance(fact, JobSwitched):
        return fact
    head: dict[str, Any] = {name: fact.__dict__[name] for name in ("id", "hpr", "recorded_at", "recorded_by")}
    if fact.new.municipality in here:
        return PositionStarted.model_construct(**head, **fact.new.__dict__)
    return PositionEnded.model_construct(**head, position=fact.position, last_day=fact.last_day)


def _named_in(replacement: Mapping[str, Any]) -> Iterator[str]:
    """The municipalities that a correction names."""
    for part in (replacement, replacement.get("new")):
        if isinstance(part, Mapping) and isinstance(code := part.get("municipality"), str):
            yield code


def _days(post: Position) -> Days:
    return post.first_day, post.last_day or date.max
