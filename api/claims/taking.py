"""Taking a step on a claim for a request: condition, repetition, and the answer with the claim as it then was."""

from typing import Annotated, Final

from fastapi import Depends, Response

from api.claims.view import shown
from api.http.commands import Answered, Changing, changing
from api.http.conditions import etag_of
from domain.casework.claims.claims import ClaimReceipt
from domain.claim.steps.commands import AnyStep
from domain.doctor.intake.plain import Json
from domain.store import Document
from domain.values.refusals.refusal import Refused

PREFIX: Final = "/api/v1/claims"
_NEVER: Final = -1
"""A version that no claim has: a step that expects it is refused, unless it was taken before."""
_OPENED: Final = "claim.opened.v1"


Stepping = Annotated[Changing, Depends(changing("the claim"))]


def take(
    claim: str, step: AnyStep, asked: Changing, body: Json | None = None, document: Document | None = None
) -> Response:
    """Take a step on a claim; `body` is what the request is known by when it is sent again, else the step."""
    do, expected = asked.serving.casework.claims.do, _expected(claim, asked)
    return asked.carry_out(
        body or step.model_dump(mode="json"),
        lambda command: do(claim, step, command, asked.serving.now(), expected, document),
        lambda receipt: _taken(receipt, asked),
    )


def _expected(claim: str, asked: Changing) -> int | None:
    """The version of the claim that the caller saw, if it is still the same."""
    if asked.condition is None:
        return None
    try:
        recorded = asked.serving.casework.claims.events(claim)
    except Refused:
        return _NEVER
    seen = asked.condition.holds(etag_of(shown(asked.serving, recorded, asked.actor)))
    return len(recorded) if seen else _NEVER


def _taken(receipt: ClaimReceipt, asked: Changing) -> Answered:
    """The claim right after the step, without what came later."""
    recorded = asked.serving.casework.claims.events(receipt.claim)[: receipt.version]
    content = shown(asked.serving, recorded, asked.actor, as_of_last=True)
    return Answered(content, f"{PREFIX}/{receipt.claim}", _OPENED in receipt.events)
