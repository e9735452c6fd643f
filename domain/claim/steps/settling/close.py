"""A caseworker closes the claim."""

from typing import Final, Literal

from domain.claim.parts.parts import in_line_order
from domain.claim.parts.status import Status
from domain.claim.rights.step import CASEWORKER, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ClaimClosed
from domain.claim.stream.state import GrantClaim
from domain.values import words
from domain.values.refusals.refusal import refused


class Close(ClaimStep):
    """Close the claim."""

    type: Literal["close"] = "close"


def close(claim: GrantClaim, asked: Close, acting: Acting) -> Events:
    """Nothing more is expected."""
    if claim.to_reopen:
        raise refused("answered-reopened", lines=words.listed(in_line_order(claim.to_reopen)))
    return [acting.as_asked(ClaimClosed, asked)]


CLOSE: Final = Step(
    asked=Close,
    decide=close,
    statuses=frozenset({Status.REPORT_ACCEPTED}),
    roles=CASEWORKER,
    help="Avslutter søknaden (saksbehandleren).",
    too_early="report-not-accepted",
    tried=lambda _: Close(),
    makes=(ClaimClosed,),
)
