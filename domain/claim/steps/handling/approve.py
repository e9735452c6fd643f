"""The approver approves what another person proposed: then it is decided."""

from typing import Final, Literal

from domain.claim.lines.assessing import Computed
from domain.claim.lines.outdated import Sides, check_current
from domain.claim.parts.status import Status
from domain.claim.rights.step import APPROVER, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import DecisionApproved
from domain.claim.stream.state import GrantClaim


class Approve(ClaimStep):
    """Approve what is proposed: then it is decided."""

    type: Literal["approve"] = "approve"


def approve(claim: GrantClaim, _asked: Approve, acting: Acting, now: Computed, sides: Sides) -> Events:
    """Every line must still be what it was assessed as."""
    proposal = claim.proposal
    assert proposal is not None  # noqa: S101 - the status says so
    check_current(proposal.assessment, now, sides, claim.municipality)
    number, assessment = proposal.number, proposal.assessment.number
    return [acting.event(DecisionApproved, decision=number, assessment=assessment, total=proposal.total)]


APPROVE: Final = Step(
    asked=Approve,
    decide=approve,
    statuses=frozenset({Status.PROPOSED}),
    roles=APPROVER,
    help="Godkjenner forslaget, som en annen enn den som foreslo (godkjenneren).",
    too_early="nothing-proposed",
    tried=lambda _: Approve(),
    makes=(DecisionApproved,),
    rests_on_log=True,
)
