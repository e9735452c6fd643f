"""The costs of a line of a claim, recorded as facts of the doctor."""

from datetime import datetime

from domain.casework.commands.commands import Command
from domain.casework.facts.cases import DoctorCase, case_of
from domain.claim.parts.parts import ReportedCost
from domain.claim.rights.known import Costs
from domain.claim.steps.applying.report_costs import ReportCosts, check_elements
from domain.claim.stream.state import GrantClaim
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Reference, decide
from domain.store import Recorded, Store
from domain.values.refusals.refusal import refused
from domain.values.streams import track_id


def costs_as_facts(  # noqa: PLR0913, PLR0917 - where they are recorded, for which claim, by whom and when
    store: Store, reference: Reference, claim: GrantClaim, asked: ReportCosts, command: Command, now: datetime
) -> tuple[list[Recorded], Costs]:
    """The facts, next in the doctor's log, and what the claim says of them."""
    check_elements(asked)
    case, new, costs = case_of(store.facts_of([track_id(asked.hpr)])), [], []
    versions = case.versions
    for n, cost in enumerate(asked.costs, start=1):
        fact = CostsReported(
            id=f"{command.id}-{n}",
            hpr=asked.hpr,
            recorded_at=now,
            recorded_by=command.actor.subject,
            municipality=claim.municipality,
            round=claim.round,
            element=cost.element,
            kroner=cost.kroner,
            project_code=asked.project_code,
        )
        recorded, versions = versions.next(_checked(case, fact, reference), command.origin())
        new.append(recorded)
        costs.append(ReportedCost(element=cost.element, kroner=cost.kroner, fact=fact.id))
    return new, Costs(tuple(costs))


def _checked(case: DoctorCase, fact: CostsReported, reference: Reference) -> Fact:
    """The fact as it is stored; one that is stored already was recorded by this very command."""
    new = decide(case.history, case.as_known_now(fact), reference)
    if not new:
        raise refused("fact-id-used", id=fact.id)
    return new[0]
