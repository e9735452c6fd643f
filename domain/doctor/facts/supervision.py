"""Supervisors and guidance: what no month hangs on."""

from typing import Literal

from domain.doctor.facts.fact import Fact, Private, PrivateLabel
from domain.values.fields import (
    Confirmer,
    Day,
    Hours,
    Hpr,
    MonthText,
    MunicipalityCode,
    RegisteredHpr,
    RegisteredName,
    Token,
)


class SupervisorAssigned(Fact, topic="track.supervisor-assigned.v1", words="veileder oppnevnt"):
    """A supervisor was assigned; without a municipality, where the doctor holds a post."""

    type: Literal["supervisor_assigned"] = "supervisor_assigned"
    supervisor: Hpr
    municipality: MunicipalityCode | None = None
    approved: bool = True
    first_day: Day
    last_day: Day | None = None
    name: PrivateLabel | None = None


class SupervisorReplaced(Fact, topic="track.supervisor-replaced.v1", words="veileder avløst"):
    """Another supervisor from `first_day`; the former ends the day before."""

    type: Literal["supervisor_replaced"] = "supervisor_replaced"
    supervisor: RegisteredHpr
    replaced_by: Hpr
    first_day: Day
    name: PrivateLabel | None = None


class SupervisorEnded(Fact, topic="track.supervisor-ended.v1", words="veileder slutter"):
    """The last day of a supervisor became known."""

    type: Literal["supervisor_ended"] = "supervisor_ended"
    supervisor: RegisteredHpr
    last_day: Day


class GuidanceRecorded(Fact, topic="track.guidance-recorded.v1", words="veiledningstimer ført"):
    """Hours of guidance given in a calendar month; the last recorded for a month counts."""

    type: Literal["guidance_recorded"] = "guidance_recorded"
    municipality: MunicipalityCode
    month: MonthText
    hours: Hours


class GuidanceHeld(Fact, topic="track.guidance-held.v1", words="veiledning holdt", brings="session"):
    """A session of guidance; a month without recorded hours has the sum of its sessions."""

    type: Literal["guidance_held"] = "guidance_held"
    session: Token
    municipality: MunicipalityCode
    on: Day
    hours: Hours
    supervisor: Hpr
    topic: Private | None = None


class GuidanceConfirmed(Fact, topic="track.guidance-confirmed.v1", words="veiledning bekreftet"):
    """The doctor or the supervisor confirmed a session."""

    type: Literal["guidance_confirmed"] = "guidance_confirmed"
    session: RegisteredName
    by: Confirmer


class GroupGuidanceAttended(Fact, topic="track.group-guidance-attended.v1", words="deltakelse i veiledningsgruppe"):
    """The doctor takes part in a guidance group, led by a supervisor where one is named."""

    type: Literal["group_guidance_attended"] = "group_guidance_attended"
    group: Token
    municipality: MunicipalityCode
    first_day: Day
    last_day: Day | None = None
    leader: Hpr | None = None


SupervisionFact = SupervisorAssigned | SupervisorReplaced | SupervisorEnded
GuidanceFact = GuidanceRecorded | GuidanceHeld | GuidanceConfirmed | GroupGuidanceAttended
