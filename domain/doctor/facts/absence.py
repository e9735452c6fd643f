"""Leave, service in institutions, and ties to agencies: each from its first day to its last."""

from decimal import Decimal
from typing import Annotated, Literal

from domain.doctor.facts.fact import Fact, Personal, PrivateLabel
from domain.values.fields import Day, LeaveKind, LeavePercent, RegisteredName, Token


class LeaveRegistered(Fact, topic="track.leave-registered.v1", words="permisjon eller annet fravær", brings="leave"):
    """The doctor is on leave, wholly or by a percent."""

    type: Literal["leave_registered"] = "leave_registered"
    leave: Token
    kind: Annotated[LeaveKind, Personal]
    first_day: Day
    last_day: Day | None = None
    percent: LeavePercent = Decimal(100)


class LeaveEnded(Fact, topic="track.leave-ended.v1", words="siste dag av permisjon eller annet fravær"):
    """The last day of a leave became known."""

    type: Literal["leave_ended"] = "leave_ended"
    leave: RegisteredName
    last_day: Day


class InstitutionalServiceRegistered(
    Fact, topic="track.institutional-service-registered.v1", words="institusjonstjeneste", brings="service"
):
    """The doctor serves in an institution; `municipal` means an approved municipal unit."""

    type: Literal["institutional_service_registered"] = "institutional_service_registered"
    service: Token
    institution: PrivateLabel
    municipal: bool
    first_day: Day
    last_day: Day | None = None


class InstitutionalServiceEnded(
    Fact, topic="track.institutional-service-ended.v1", words="siste dag av institusjonstjeneste"
):
    """The last day of an institutional service became known."""

    type: Literal["institutional_service_ended"] = "institutional_service_ended"
    service: RegisteredName
    last_day: Day


class AgencyAffiliationRegistered(
    Fact, topic="track.agency-affiliation-registered.v1", words="tilknytning til vikarbyrå", brings="affiliation"
):
    """The doctor is tied to a locum agency or another commercial medical actor."""

    type: Literal["agency_affiliation_registered"] = "agency_affiliation_registered"
    affiliation: Token
    agency: PrivateLabel
    first_day: Day
    last_day: Day | None = None


class AgencyAffiliationEnded(
    Fact, topic="track.agency-affiliation-ended.v1", words="siste dag av tilknytning til vikarbyrå"
):
    """The last day of an affiliation became known."""

    type: Literal["agency_affiliation_ended"] = "agency_affiliation_ended"
    affiliation: RegisteredName
    last_day: Day


AbsenceFact = LeaveRegistered | LeaveEnded | InstitutionalServiceRegistered | InstitutionalServiceEnded
AffiliationFact = AgencyAffiliationRegistered | AgencyAffiliationEnded
