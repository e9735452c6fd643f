"""A caseworker sends the claim back to the municipality."""

from typing import Annotated, Final, Literal

from pydantic import Field

from domain.claim.parts.parts import LineRemark, Written
from domain.claim.parts.status import Status
from domain.claim.rights.lines import check_in_claim
from domain.claim.rights.step import CASEWORKER, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ClaimReturned
from domain.claim.stream.state import GrantClaim


class Return(ClaimStep):
    """Send the claim back to be put right."""

    type: Literal["return"] = "return"
    reason: Written
    lines: Annotated[tuple[LineRemark, ...], Field(max_length=1_000)] = ()


def return_claim(claim: GrantClaim, asked: Return, acting: Acting) -> Events:
    """Remarks are on lines of the claim."""
    for line in asked.lines:
        check_in_claim(claim, line.hpr)
    return [acting.as_asked(ClaimReturned, asked)]


RETURN: Final = Step(
    asked=Return,
    decide=return_claim,
    statuses=frozenset({Status.SUBMITTED, Status.ASSESSED}),
    roles=CASEWORKER,
    help="Returnerer søknaden for retting: reason=… (saksbehandleren).",
    too_early="not-submitted",
    makes=(ClaimReturned,),
)
