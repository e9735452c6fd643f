"""Supervisors, the hours of guidance, and what a municipality spent: what no month hangs on."""

from typing import Literal

from domain.doctor.facts.fact import Fact, PrivateLabel
from domain.values.fields import Day, Hours, Hpr, Kroner, MonthText, MunicipalityCode, Name, RegisteredHpr, Token


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


class CostsReported(Fact, topic="track.costs-reported.v1", words="kostnader rapportert"):
    """What a municipality spent on an element in a round; kroner, net of other funding."""

    type: Literal["costs_reported"] = "costs_reported"
    municipality: MunicipalityCode
    round: Token
    element: Token
    kroner: Kroner
    project_code: Name | None = None


SupervisionFact = SupervisorAssigned | SupervisorReplaced | SupervisorEnded | GuidanceRecorded
AccountFact = CostsReported
"""What a municipality accounts for; no fact of this kind changes what another one may say."""
