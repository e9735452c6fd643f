"""The shapes in which a doctor's history is answered; `api.doctors.history` fills them.

Whatever lasts names the ids of the facts behind it, corrections included.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.store import Source
from domain.values.fields import AgreementElement, Scheme


@dataclass(frozen=True, slots=True)
class Since:
    """A value, the day from which it holds (to the next one's), and the fact that says so."""

    first_day: date
    value: str | None
    fact: str


@dataclass(frozen=True, slots=True)
class ElementsSince:
    """The elements agreed on, the day from which they hold, and the fact that says so."""

    first_day: date
    value: tuple[AgreementElement, ...] | None
    fact: str


@dataclass(frozen=True, slots=True)
class Lasting:
    """Something with its days (inclusive; no last day: it runs) and the facts behind it."""

    first_day: date
    last_day: date | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrackView(Lasting):
    """One run of the specialisation track, until it was completed or given up."""

    scheme: Scheme
    converted_on: date | None


@dataclass(frozen=True, slots=True)
class InterruptionView(Lasting):
    """A pause of the track."""

    interruption: str


@dataclass(frozen=True, slots=True)
class PositionView(Lasting):
    """A post, with what changed in it and when; `municipality` is the code as it was reported."""

    position: str
    municipality: str
    category: tuple[Since, ...]
    percent: tuple[Since, ...]
    workplace: tuple[Since, ...]
    title: tuple[Since, ...]
    employment: tuple[Since, ...]
    post: tuple[Since, ...]


@dataclass(frozen=True, slots=True)
class LeaveView(Lasting):
    """A leave; `extends`: whether it extends the five years."""

    leave: str
    kind: str
    percent: Decimal
    extends: bool


@dataclass(frozen=True, slots=True)
class ServiceView(Lasting):
    """An institutional service; `municipal`: in an approved municipal unit."""

    service: str
    institution: str
    municipal: bool


@dataclass(frozen=True, slots=True)
class AffiliationView(Lasting):
    """A tie to a locum agency."""

    affiliation: str
    agency: str


@dataclass(frozen=True, slots=True)
class SupervisorView(Lasting):
    """A supervisor's time with the doctor; no municipality: where the doctor holds a post."""

    supervisor: str
    name: str | None
    municipality: str | None
    approved: bool


@dataclass(frozen=True, slots=True)
class GuidanceView:
    """Hours of guidance in a month: those recorded for it, else the sum of its sessions, and what both confirmed."""

    municipality: str
    month: str
    hours: Decimal
    confirmed: Decimal
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session of guidance, and the facts by which each of the two confirmed it as it stands."""

    session: str
    municipality: str
    on: date
    hours: Decimal
    supervisor: str
    topic: str | None
    confirmed_by_doctor: str | None
    confirmed_by_supervisor: str | None
    fact: str


@dataclass(frozen=True, slots=True)
class GroupGuidanceView(Lasting):
    """Time in a guidance group, and the HPR number of its leader."""

    group: str
    municipality: str
    leader: str | None


@dataclass(frozen=True, slots=True)
class FundingView:
    """What somebody else paid of a cost."""

    source: str
    kroner: int


@dataclass(frozen=True, slots=True)
class ReportedCost:
    """What a municipality spent on an element in a round, net of other funding; no kind is the whole element."""

    municipality: str
    round: str
    element: str
    kind: str | None
    kroner: int
    gross: int | None
    other_funding: tuple[FundingView, ...]
    project_code: str | None
    fact: str


@dataclass(frozen=True, slots=True)
class AgreementView(Lasting):
    """An ALIS agreement as signed and amended; `signed_on` is the day of the later signature."""

    agreement: str
    municipality: str
    signed_on: date
    signed_by_municipality_on: date | None
    signed_by_doctor_on: date | None
    signatory: str | None
    template: str
    percent: tuple[Since, ...]
    elements: tuple[ElementsSince, ...]


@dataclass(frozen=True, slots=True)
class InForceView:
    """Days on which a municipality had an agreement in force, as a rule set defines it."""

    municipality: str
    first_day: date
    last_day: date | None
    rules: str


@dataclass(frozen=True, slots=True)
class EventView:
    """An event of the history: what was recorded, when it became known, when it was stored, by whom and which way."""

    fact: str
    type: str
    topic: str
    recorded_at: datetime
    stored_at: datetime
    recorded_by: str
    source: Source


@dataclass(frozen=True, slots=True)
class DoctorHistory:
    """What is known of a doctor, as known at a moment or (null) now.

    `agreements_in_force` is derived under the rule set published last, per municipality under its code of today.
    """

    hpr: str
    name: str | None
    known_at: datetime | None
    tracks: tuple[TrackView, ...]
    interruptions: tuple[InterruptionView, ...]
    positions: tuple[PositionView, ...]
    leaves: tuple[LeaveView, ...]
    services: tuple[ServiceView, ...]
    affiliations: tuple[AffiliationView, ...]
    supervisors: tuple[SupervisorView, ...]
    guidance: tuple[GuidanceView, ...]
    sessions: tuple[SessionView, ...]
    group_guidance: tuple[GroupGuidanceView, ...]
    costs: tuple[ReportedCost, ...]
    agreements: tuple[AgreementView, ...]
    agreements_in_force: tuple[InForceView, ...]
    events: tuple[EventView, ...]
