"""The facts of a doctor, as contract.md section 1 writes them; what the streams store is these.

A fact is at once what somebody reports and the event that is recorded: it says what holds from
which day, and when and by whom it became known. Each class has an explicit, versioned topic, so
that moving a class never breaks the store; a changed shape is a new class with a new topic, and
an upcaster from the old one.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal, Self, get_args

from pydantic import (
    Discriminator,
    JsonValue,
    TypeAdapter,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from domain.values.event import Event, Strict
from domain.values.fields import (
    AgreementElement,
    Category,
    Day,
    Employment,
    Hours,
    Hpr,
    Kroner,
    Label,
    LeaveKind,
    LeavePercent,
    MonthText,
    MunicipalityCode,
    Name,
    Percent,
    RecordedAt,
    RegisteredHpr,
    RegisteredId,
    RegisteredName,
    Scheme,
    Text,
    Token,
)


class Personal:
    """Marks a field that is stored encrypted under the doctor's key."""


StreamKind = Literal["track", "agreement", "either"]
Private = Annotated[Text, Personal]
PrivateLabel = Annotated[Label, Personal]


def _in_order(first: object, last: object) -> None:
    """Refuse a last day before its first."""
    if first is not None and last is not None and last < first:  # type: ignore[operator]
        raise PydanticCustomError("last-before-first", "last-before-first")


def _some_of(part: Strict, *names: str) -> None:
    """Refuse a change that changes nothing."""
    if all(getattr(part, name) is None for name in names):
        raise PydanticCustomError("nothing-changed", "{names}", {"names": ", ".join(names)})


class _OfDoctor(Strict):
    id: Token
    hpr: Hpr


class Fact(Event, _OfDoctor):
    """What every fact carries: whose it is, when it became known, and who recorded it."""

    stream: ClassVar[StreamKind] = "track"

    recorded_at: RecordedAt

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        fields = self.__dict__  # getattr of what is not there is slow, and this is done for every event read
        _in_order(fields.get("first_day"), fields.get("last_day"))
        return self

    def as_json(self) -> dict[str, JsonValue]:
        """The fact as contract.md writes it: optional fields that are missing stay away."""
        return self.model_dump(mode="json", exclude_none=True)


class TrackStarted(Fact, topic="track.started.v1"):
    """The doctor began to specialise."""

    type: Literal["track_started"] = "track_started"
    on: Day
    scheme: Scheme
    expected_end: Day | None = None


class TrackConverted(Fact, topic="track.converted.v1"):
    """The track went over from the old scheme to the new one; the day itself is of the new."""

    type: Literal["track_converted"] = "track_converted"
    on: Day


class TrackInterrupted(Fact, topic="track.interrupted.v1"):
    """The doctor paused the specialisation."""

    type: Literal["track_interrupted"] = "track_interrupted"
    interruption: Token
    first_day: Day
    last_day: Day | None = None


class TrackResumed(Fact, topic="track.resumed.v1"):
    """The doctor took the specialisation up again; `on` is the first day back."""

    type: Literal["track_resumed"] = "track_resumed"
    interruption: RegisteredName
    on: Day


class TrackCompleted(Fact, topic="track.completed.v1"):
    """The doctor became a specialist; `on` is the last day of the track."""

    type: Literal["track_completed"] = "track_completed"
    on: Day


class TrackDiscontinued(Fact, topic="track.discontinued.v1"):
    """The doctor gave the specialisation up; `on` is the last day of the track."""

    type: Literal["track_discontinued"] = "track_discontinued"
    on: Day


class PositionFields(Strict):
    """A post as it began."""

    position: Token
    municipality: MunicipalityCode
    category: Category
    percent: Percent
    first_day: Day
    last_day: Day | None = None
    workplace: PrivateLabel | None = None
    title: PrivateLabel | None = None
    employment: Employment | None = None


class NewPosition(PositionFields):
    """The post that a job switch leads to."""

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        _in_order(self.first_day, self.last_day)
        return self


class PositionStarted(PositionFields, Fact, topic="track.position-started.v1"):
    """The doctor took up a position in a municipality."""

    type: Literal["position_started"] = "position_started"


class PositionChanged(Fact, topic="track.position-changed.v1"):
    """From `first_day` the named fields of a position are others."""

    type: Literal["position_changed"] = "position_changed"
    position: RegisteredName
    first_day: Day
    percent: Percent | None = None
    category: Category | None = None
    workplace: PrivateLabel | None = None
    title: PrivateLabel | None = None
    employment: Employment | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        _some_of(self, "percent", "category", "workplace", "title", "employment")
        return self


class PositionEnded(Fact, topic="track.position-ended.v1"):
    """The doctor leaves a position after `last_day`."""

    type: Literal["position_ended"] = "position_ended"
    position: RegisteredName
    last_day: Day
    reason: Private | None = None


class JobSwitched(Fact, topic="track.job-switched.v1"):
    """The doctor left one position for another, in one fact."""

    type: Literal["job_switched"] = "job_switched"
    position: RegisteredName
    last_day: Day
    reason: Private | None = None
    new: NewPosition

    @model_validator(mode="after")
    def _leaves_before_beginning(self) -> Self:
        if self.new.first_day <= self.last_day:
            raise PydanticCustomError("new-before-old-ends", "new-before-old-ends")
        return self


class LeaveRegistered(Fact, topic="track.leave-registered.v1"):
    """The doctor is on leave, wholly or by a percent."""

    type: Literal["leave_registered"] = "leave_registered"
    leave: Token
    kind: Annotated[LeaveKind, Personal]
    first_day: Day
    last_day: Day | None = None
    percent: LeavePercent = Decimal(100)


class LeaveEnded(Fact, topic="track.leave-ended.v1"):
    """The last day of a leave became known."""

    type: Literal["leave_ended"] = "leave_ended"
    leave: RegisteredName
    last_day: Day


class InstitutionalServiceRegistered(Fact, topic="track.institutional-service-registered.v1"):
    """The doctor serves in an institution; `municipal` means an approved municipal unit."""

    type: Literal["institutional_service_registered"] = "institutional_service_registered"
    service: Token
    institution: PrivateLabel
    municipal: bool
    first_day: Day
    last_day: Day | None = None


class InstitutionalServiceEnded(Fact, topic="track.institutional-service-ended.v1"):
    """The last day of an institutional service became known."""

    type: Literal["institutional_service_ended"] = "institutional_service_ended"
    service: RegisteredName
    last_day: Day


class SupervisorAssigned(Fact, topic="track.supervisor-assigned.v1"):
    """A supervisor was assigned; without a municipality, where the doctor holds a post."""

    type: Literal["supervisor_assigned"] = "supervisor_assigned"
    supervisor: Hpr
    municipality: MunicipalityCode | None = None
    approved: bool = True
    first_day: Day
    last_day: Day | None = None
    name: PrivateLabel | None = None


class SupervisorReplaced(Fact, topic="track.supervisor-replaced.v1"):
    """Another supervisor from `first_day`; the former ends the day before."""

    type: Literal["supervisor_replaced"] = "supervisor_replaced"
    supervisor: RegisteredHpr
    replaced_by: Hpr
    first_day: Day
    name: PrivateLabel | None = None


class SupervisorEnded(Fact, topic="track.supervisor-ended.v1"):
    """The last day of a supervisor became known."""

    type: Literal["supervisor_ended"] = "supervisor_ended"
    supervisor: RegisteredHpr
    last_day: Day


class GuidanceRecorded(Fact, topic="track.guidance-recorded.v1"):
    """Hours of guidance given in a calendar month; the last recorded for a month counts."""

    type: Literal["guidance_recorded"] = "guidance_recorded"
    municipality: MunicipalityCode
    month: MonthText
    hours: Hours


class AgencyAffiliationRegistered(Fact, topic="track.agency-affiliation-registered.v1"):
    """The doctor is tied to a locum agency or another commercial medical actor."""

    type: Literal["agency_affiliation_registered"] = "agency_affiliation_registered"
    affiliation: Token
    agency: PrivateLabel
    first_day: Day
    last_day: Day | None = None


class AgencyAffiliationEnded(Fact, topic="track.agency-affiliation-ended.v1"):
    """The last day of an affiliation became known."""

    type: Literal["agency_affiliation_ended"] = "agency_affiliation_ended"
    affiliation: RegisteredName
    last_day: Day


class CostsReported(Fact, topic="track.costs-reported.v1"):
    """What a municipality spent on an element in a round; kroner, net of other funding."""

    type: Literal["costs_reported"] = "costs_reported"
    municipality: MunicipalityCode
    round: Token
    element: Token
    kroner: Kroner
    project_code: Name | None = None


class AgreementFact(Fact):
    """A fact of one ALIS agreement."""

    stream: ClassVar[StreamKind] = "agreement"
    agreement: RegisteredName


class AgreementSigned(AgreementFact, topic="agreement.signed.v1"):
    """A municipality and a doctor signed an ALIS agreement on a template."""

    type: Literal["agreement_signed"] = "agreement_signed"
    agreement: Token
    municipality: MunicipalityCode
    signed_on: Day
    first_day: Day
    last_day: Day | None = None
    template: Name
    percent: LeavePercent | None = None
    elements: tuple[AgreementElement, ...] | None = None


class AgreementAmended(AgreementFact, topic="agreement.amended.v1"):
    """The parties changed percent, elements or last day of an agreement."""

    type: Literal["agreement_amended"] = "agreement_amended"
    signed_on: Day
    first_day: Day
    last_day: Day | None = None
    percent: LeavePercent | None = None
    elements: tuple[AgreementElement, ...] | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        _some_of(self, "percent", "elements", "last_day")
        return self


class AgreementEnded(AgreementFact, topic="agreement.ended.v1"):
    """An agreement was ended before the post was; leaving the post is never recorded here."""

    type: Literal["agreement_ended"] = "agreement_ended"
    last_day: Day
    reason: Private | None = None


class FactCorrected(Fact, topic="fact.corrected.v1"):
    """Fields of an earlier fact are replaced, or (`replacement` null) the fact is withdrawn.

    It is stored in the stream of the fact that it corrects.
    """

    stream: ClassVar[StreamKind] = "either"
    type: Literal["fact_corrected"] = "fact_corrected"
    hpr: RegisteredHpr
    corrects: RegisteredId
    replacement: dict[str, JsonValue] | None
    reason: Private

    def as_json(self) -> dict[str, JsonValue]:
        """A withdrawal is written out: `replacement: null`."""
        return {**super().as_json(), "replacement": self.replacement}


AnyFact = Annotated[
    TrackStarted
    | TrackConverted
    | TrackInterrupted
    | TrackResumed
    | TrackCompleted
    | TrackDiscontinued
    | PositionStarted
    | PositionChanged
    | PositionEnded
    | JobSwitched
    | LeaveRegistered
    | LeaveEnded
    | InstitutionalServiceRegistered
    | InstitutionalServiceEnded
    | SupervisorAssigned
    | SupervisorReplaced
    | SupervisorEnded
    | GuidanceRecorded
    | AgencyAffiliationRegistered
    | AgencyAffiliationEnded
    | CostsReported
    | AgreementSigned
    | AgreementAmended
    | AgreementEnded
    | FactCorrected,
    Discriminator("type"),
]

FACT_CLASSES: Final[tuple[type[Fact], ...]] = get_args(get_args(AnyFact)[0])
BY_TYPE: Final = {str(cls.model_fields["type"].default): cls for cls in FACT_CLASSES}
BY_TOPIC: Final = {cls.topic: cls for cls in FACT_CLASSES}
FACT: Final[TypeAdapter[AnyFact]] = TypeAdapter(AnyFact)
FIXED_FIELDS: Final = frozenset({"id", "type", "hpr", "recorded_at", "recorded_by"})
"""Fields that no correction can replace."""


def is_personal(field: FieldInfo) -> bool:
    """Whether a field, or what it is a list of, is marked as personal."""
    inner = get_args(field.annotation)
    inner = (*inner, *(each for option in inner for each in get_args(option)))
    marks = (*field.metadata, *(mark for each in inner for mark in getattr(each, "__metadata__", ())))
    return Personal in marks


def _personal_fields() -> Iterator[str]:
    classes: tuple[type[Strict], ...] = (*FACT_CLASSES, NewPosition)
    for cls in classes:
        for name, field in cls.model_fields.items():
            if is_personal(field):
                yield name


PERSONAL_FIELDS: Final = frozenset(_personal_fields())
"""Names of the fields that are stored encrypted, wherever in a fact they stand."""


def municipalities_of(fact: Fact) -> Iterator[str]:
    """The municipality codes that a fact names."""
    if isinstance(fact, JobSwitched):
        yield fact.new.municipality
    elif (code := fact.__dict__.get("municipality")) is not None:
        yield code
