"""A doctor's history: the state that the facts make, and the events in the order in which they became known."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TypeVar

from api.doctors.facts import Knowledge
from api.doctors.history_shapes import (
    AffiliationView,
    AgreementView,
    DoctorHistory,
    ElementsSince,
    EventView,
    FundingView,
    GroupGuidanceView,
    GuidanceView,
    InForceView,
    InterruptionView,
    LeaveView,
    PositionView,
    ReportedCost,
    ServiceView,
    SessionView,
    Since,
    SupervisorView,
    TrackView,
)
from domain.casework.facts.seeing import as_seen
from domain.doctor.agreement import Agreement
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.facts.agreements import AgreementSigned
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.positions import JobSwitched, PositionChanged, PositionFields
from domain.doctor.history import Doctor
from domain.doctor.track.guidance import months_of_guidance
from domain.doctor.track.state import Position, SpecialisationTrack
from domain.rules.days.timeline import FOREVER, merged, spans
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.periods import Dated, Period
from domain.values.fields import Confirmer

V = TypeVar("V")
Days = tuple[date, date | None, tuple[str, ...]]


def doctor_history(
    who: tuple[str, str | None], what: Knowledge, known_at: datetime | None, rules: RuleSet | None
) -> DoctorHistory:
    """The history of what is known of a doctor at a moment or (None) now; HPR number and name are those of now."""
    doctor = as_seen(what.standing.values())
    track = doctor.track
    return DoctorHistory(
        hpr=who[0],
        name=who[1],
        known_at=known_at,
        tracks=tuple(TrackView(*_days(what, s), s.scheme, s.converted_on) for s in track.spells),
        interruptions=tuple(InterruptionView(*_days(what, i), name) for name, i in track.interruptions.items()),
        positions=tuple(_position(what, name, position) for name, position in track.positions.items()),
        leaves=tuple(_leaves(what, track)),
        services=tuple(_services(what, track)),
        affiliations=tuple(_affiliations(what, track)),
        supervisors=tuple(_supervisors(what, track)),
        guidance=tuple(_guidance(track)),
        sessions=tuple(_sessions(what, track)),
        group_guidance=tuple(_groups(what, track)),
        costs=tuple(_costs(what, track)),
        agreements=tuple(_agreement(what, name, agreement) for name, agreement in doctor.agreements.items()),
        agreements_in_force=tuple(_in_force(doctor, rules)) if rules else (),
        events=tuple(_event(what, fact) for fact in what.facts),
    )


def _days(what: Knowledge, period: Period, *more: Iterable[str]) -> Days:
    """First and last day, and the facts behind them with their corrections."""
    ids = [*period.facts, *(each for ids in more for each in ids)]
    behind = (each for name in ids for each in (name, *what.corrections.get(name, ())))
    return period.first_day, period.last_day, tuple(dict.fromkeys(behind))


def _told(what: Knowledge, period: Period, name: str) -> str | None:
    """What the fact that began something says of it and no rule asks for."""
    fact = what.standing[period.facts[0]]
    value = fact and getattr(what.told(fact), name, None)
    return None if value is None else str(value)


def _since(dated: Dated[V] | None) -> tuple[Since, ...]:
    return tuple(Since(day, None if value is None else str(value), fact) for day, value, fact in dated or ())


def _position(what: Knowledge, name: str, position: Position) -> PositionView:
    parts = (
        _since(position.category),
        _since(position.percent),
        *(_since(_detail(what, name, field)) for field in ("workplace", "title", "employment")),
        _since(position.post) if any(position.post.values) else (),
    )
    days = _days(what, position, *([each.fact for each in part] for part in parts))
    return PositionView(*days, name, position.municipality, *parts)


def _detail(what: Knowledge, position: str, field: str) -> Dated[str] | None:
    """A field of a post over time that no rule asks for, so that the state does not hold it."""
    dated: Dated[str] | None = None
    for fact in (what.told(each) for each in what.standing.values() if each):
        part = fact.new if isinstance(fact, JobSwitched) else fact
        if not isinstance(part, PositionFields | PositionChanged) or part.position != position:
            continue
        if (value := getattr(part, field)) is not None:
            change = (part.first_day, str(value), fact.id)
            dated = dated.changed(*change) if dated else Dated.since(*change)
    return dated


def _leaves(what: Knowledge, track: SpecialisationTrack) -> Iterator[LeaveView]:
    for name, leave in track.leaves.items():
        kind = str(_told(what, leave, "kind"))
        yield LeaveView(*_days(what, leave), name, kind, leave.percent, leave.extends)


def _services(what: Knowledge, track: SpecialisationTrack) -> Iterator[ServiceView]:
    for name, service in track.services.items():
        yield ServiceView(*_days(what, service), name, str(_told(what, service, "institution")), service.municipal)


def _affiliations(what: Knowledge, track: SpecialisationTrack) -> Iterator[AffiliationView]:
    for name, tie in track.affiliations.items():
        yield AffiliationView(*_days(what, tie), name, str(_told(what, tie, "agency")))


def _supervisors(what: Knowledge, track: SpecialisationTrack) -> Iterator[SupervisorView]:
    for each in track.supervisions:
        name = _told(what, each, "name")
        yield SupervisorView(*_days(what, each), each.supervisor, name, each.municipality, each.approved)


def _guidance(track: SpecialisationTrack) -> Iterator[GuidanceView]:
    for (municipality, month), found in months_of_guidance(track).items():
        yield GuidanceView(municipality, month, found.hours, found.confirmed, found.facts)


def _sessions(what: Knowledge, track: SpecialisationTrack) -> Iterator[SessionView]:
    for name, each in track.sessions.items():
        fact = what.standing[each.fact]
        topic: str | None = getattr(what.told(fact), "topic", None) if fact else None
        confirmed = (each.confirmed.get(Confirmer.DOCTOR), each.confirmed.get(Confirmer.SUPERVISOR))
        session = (each.municipality, each.on, each.hours, each.supervisor, topic)
        yield SessionView(name, *session, *confirmed, each.fact)


def _groups(what: Knowledge, track: SpecialisationTrack) -> Iterator[GroupGuidanceView]:
    for each in track.groups:
        yield GroupGuidanceView(*_days(what, each), each.group, each.municipality, _told(what, each, "leader"))


def _costs(what: Knowledge, track: SpecialisationTrack) -> Iterator[ReportedCost]:
    for key, (kroner, name) in track.costs.items():
        fact = what.standing[name]
        if isinstance(fact, CostsReported):
            funding = tuple(FundingView(each.source, each.kroner) for each in fact.other_funding or ())
            amounts = (key.kind, kroner, fact.gross, funding, fact.project_code)
            yield ReportedCost(key.municipality, key.round, key.element, *amounts, name)


def _agreement(what: Knowledge, name: str, agreement: Agreement) -> AgreementView:
    elements = tuple(ElementsSince(*each) for each in agreement.elements)
    percent = _since(agreement.percent)
    days = _days(what, agreement, [each.fact for each in percent], [each.fact for each in elements])
    signed = what.standing[agreement.facts[0]]
    fact = signed and what.told(signed)
    assert isinstance(fact, AgreementSigned)  # noqa: S101 - only this begins one
    return AgreementView(
        *days,
        name,
        agreement.municipality,
        agreement.signed_on,
        fact.signed_by_municipality_on,
        fact.signed_by_doctor_on,
        fact.signatory,
        agreement.template,
        percent,
        elements,
    )


def _in_force(doctor: Doctor, rules: RuleSet) -> Iterator[InForceView]:
    found = spans(doctor, rules, FOREVER)
    for where in sorted({code for span in found for code in span.agreed}):
        for first, last in merged((span.first, span.last) for span in found if where in span.agreed):
            end = None if last == FOREVER else date.fromordinal(last)
            yield InForceView(where, date.fromordinal(first), end, rules.id)


def _event(what: Knowledge, fact: Fact) -> EventView:
    source = what.stored[fact.id].origin.source
    kind = str(type(fact).model_fields["type"].default)
    return EventView(fact.id, kind, fact.event_topic, fact.recorded_at, what.stored_at(fact), fact.recorded_by, source)
