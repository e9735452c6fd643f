"""The municipality reports the costs of a line."""

from typing import Annotated, Final, Literal

from pydantic import Field

from domain.claim.parts.parts import CostOfKind
from domain.claim.parts.status import Status
from domain.claim.rights.known import Costs
from domain.claim.rights.lines import check_in_claim
from domain.claim.rights.step import ACTIVE, MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import LineCostsReported
from domain.claim.stream.state import GrantClaim
from domain.values.fields import CostKind, Name, RegisteredHpr
from domain.values.refusals.refusal import refused


class ReportCosts(ClaimStep):
    """Report the costs of a line, in all or by kind; what is not known already is recorded as `costs_reported`.

    `kroner` are net. If `gross` is given, they are `gross` less `other_funding`.
    """

    type: Literal["report_costs"] = "report_costs"
    hpr: RegisteredHpr
    costs: Annotated[tuple[CostOfKind, ...], Field(min_length=1, max_length=50)]
    project_code: Name


def report_costs(claim: GrantClaim, asked: ReportCosts, acting: Acting, costs: Costs) -> Events:
    """The costs are facts of the doctor, which the event names."""
    check_in_claim(claim, asked.hpr)
    return [acting.event(LineCostsReported, hpr=asked.hpr, costs=costs, project_code=asked.project_code)]


def check_elements(asked: ReportCosts) -> None:
    """Raise `Refused` (element-twice, whole-and-kinds) unless each element is given once, in all or once a kind."""
    seen: dict[str, list[CostKind | None]] = {}
    for cost in asked.costs:
        kinds = seen.setdefault(cost.element, [])
        if cost.kind in kinds:
            raise refused("element-twice", element=cost.element)
        kinds.append(cost.kind)
        if None in kinds and len(kinds) > 1:
            raise refused("whole-and-kinds", element=cost.element)


REPORT_COSTS: Final = Step(
    asked=ReportCosts,
    decide=report_costs,
    statuses=ACTIVE - {Status.SUBMITTED, Status.ASSESSED, Status.PROPOSED, Status.REOPENED},
    roles=MUNICIPALITY,
    help="Rapporterer kostnadene på en linje (kommunen).",
)
