"""Taking a step on a claim for a request: condition, repetition, and the answer with the claim as it then was."""

from typing import Annotated, Final

from fastapi import Depends, Response
from pydantic_core import to_json

from api.claims.access import sees_proposals
from api.claims.view import Asked, claim_view
from api.http.commands import Answered, Changing, changing
from api.http.conditions import etag_of
from api.http.services import Services
from domain.casework.claims.claims import ClaimReceipt
from domain.casework.commands.commands import Actor
from domain.claim.parts.name import parts_of
from domain.claim.steps.commands import AnyStep
from domain.claim.stream.events import ClaimAttested
from domain.doctor.intake.plain import Json
from domain.rules.sets.rule_set import RuleSet
from domain.store import Document, Recorded
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


def shown(serving: Services, recorded: list[Recorded], actor: Actor, *, as_of_last: bool = False) -> bytes:
    """The claim of some events for whoever asks: as of this moment, or as of the last of the events."""
    [claim] = {each.event.claim for each in recorded}  # type: ignore[attr-defined]
    moment = recorded[-1].event.recorded_at if as_of_last else serving.now()
    stale = _stale(serving, claim) if any(isinstance(each.event, ClaimAttested) for each in recorded) else frozenset()
    claims, sees_all = serving.casework.claims, sees_proposals(actor)
    asked = Asked(
        actor,
        moment,
        _rules(serving, claim),
        stale,
        claims.findings(recorded) if sees_all else {},
        claims.beforehand(recorded, actor, moment),
        sees_all,
    )
    return to_json(claim_view(recorded, asked))


def _stale(serving: Services, claim: str) -> frozenset[str]:
    """The doctors of the lines that stand signed, but come to something else now."""
    statements = serving.casework.claims.statements(claim)
    return frozenset(line["hpr"] for each in statements for line in each["lines"] if line["state"] == "stale")


def _rules(serving: Services, claim: str) -> RuleSet | None:
    """The rule set in force for a claim's round; None where there is none."""
    try:
        return serving.casework.book.rule_set(None, parts_of(claim)[1])
    except Refused:
        return None
