"""The municipality does not apply for a doctor."""

from typing import Final, Literal

from domain.claim.parts.parts import Written
from domain.claim.parts.status import Status
from domain.claim.rights.lines import check_in_claim
from domain.claim.rights.step import DRAFT, MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import LineRemoved
from domain.claim.stream.state import GrantClaim
from domain.values.fields import RegisteredHpr
from domain.values.refusals.refusal import refused


class RemoveLine(ClaimStep):
    """Do not apply for a doctor."""

    type: Literal["remove_line"] = "remove_line"
    hpr: RegisteredHpr
    reason: Written | None = None


def remove_line(claim: GrantClaim, asked: RemoveLine, acting: Acting) -> Events:
    """It can be added again. A decided line stays, so that the next decision covers it."""
    check_in_claim(claim, asked.hpr)
    if claim.decided and asked.hpr in claim.decided.lines:
        raise refused("line-decided", hpr=asked.hpr)
    return [acting.as_asked(LineRemoved, asked)]


REMOVE_LINE: Final = Step(
    asked=RemoveLine,
    decide=remove_line,
    statuses=DRAFT | {Status.REOPENED},
    roles=MUNICIPALITY,
    help="Tar en lege ut av søknaden (kommunen).",
)
