"""The approver does not approve."""

from typing import Final, Literal

from domain.claim.parts.parts import Written
from domain.claim.parts.status import Status
from domain.claim.rights.step import ANY, APPROVER, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ProposalSentBack
from domain.claim.stream.state import GrantClaim


class SendBack(ClaimStep):
    """Do not approve what is proposed."""

    type: Literal["send_back"] = "send_back"
    reason: Written


def send_back(claim: GrantClaim, asked: SendBack, acting: Acting) -> Events:
    """With a reason."""
    assert claim.proposal is not None  # noqa: S101 - the status says so
    return [acting.as_asked(ProposalSentBack, asked, decision=claim.proposal.number)]


SEND_BACK: Final = Step(
    asked=SendBack,
    decide=send_back,
    statuses=frozenset({Status.PROPOSED}),
    roles=APPROVER,
    help="Sender forslaget tilbake: reason=… (godkjenneren).",
    too_early="nothing-proposed",
    tried=lambda _: SendBack(reason=ANY),
    makes=(ProposalSentBack,),
)
