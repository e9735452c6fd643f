"""The municipality takes its claim back."""

from typing import Final, Literal

from domain.claim.parts.parts import Written
from domain.claim.parts.status import Status
from domain.claim.rights.step import DRAFT, MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ClaimWithdrawn
from domain.claim.stream.state import GrantClaim


class Withdraw(ClaimStep):
    """Take the claim back."""

    type: Literal["withdraw"] = "withdraw"
    reason: Written | None = None


def withdraw(_claim: GrantClaim, asked: Withdraw, acting: Acting) -> Events:
    """It can be opened again."""
    return [acting.as_asked(ClaimWithdrawn, asked)]


WITHDRAW: Final = Step(
    asked=Withdraw,
    decide=withdraw,
    statuses=DRAFT | {Status.SUBMITTED, Status.ASSESSED},
    roles=MUNICIPALITY,
    help="Trekker søknaden (kommunen).",
    tried=lambda _: Withdraw(),
    makes=(ClaimWithdrawn,),
)
