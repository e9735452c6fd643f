"""Taking a step on a claim for a request: condition, repetition, and the answer with the claim as it then was."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Request, Response
from pydantic_core import to_json

from api.claims.access import SeenClaim, sees_proposals
from api.claims.view import Asked, claim_view
from api.http.conditions import ClaimCondition, etag_of
from api.http.identity import Asking
from api.http.parameters import COMMAND, CommandId
from api.http.services import Services, Serving
from domain.casework.claims.claims import ClaimReceipt
from domain.casework.commands.commands import Actor, Command, request_digest
from domain.claim.parts.name import parts_of
from domain.claim.steps.commands import AnyStep
from domain.claim.stream.events import ClaimAttested
from domain.rules.sets.rule_set import RuleSet
from domain.store import Document, Recorded
from domain.values.refusals.refusal import Refused

PREFIX: Final = "/api/v1/claims"
CREATED: Final = 201
TAKEN: Final = 200
_NEVER: Final = -1
"""A version that no claim has: a step that expects it is refused, unless it was taken before."""
_OPENED: Final = "claim.opened.v1"


@dataclass(frozen=True, slots=True)
class Stepping:
    """What a step consists of besides what it says: on which claim, by whom, and what the headers say."""

    request: Request
    serving: Serving
    claim: SeenClaim
    actor: Asking
    command_id: CommandId
    condition: ClaimCondition

    def take(self, step: AnyStep, wanted: dict[str, Any], document: Document | None = None) -> Response:
        """Take the step; `wanted` is what the request is known by when it is sent again."""
        correlation: UUID = self.request.state.correlation
        text = json.dumps({"path": self.request.url.path, "body": wanted}, sort_keys=True, separators=(",", ":"))
        digest = request_digest(self.serving.master_key, text.encode())
        command = Command(self.command_id, self.actor, "api", correlation, digest)
        do = self.serving.casework.claims.do
        response = self._taken(do(self.claim, step, command, self.serving.now(), self._expected(), document))
        response.headers[COMMAND] = str(command.id)
        return response

    def _expected(self) -> int | None:
        """The version of the claim that the caller saw, where it is still so."""
        if self.condition is None:
            return None
        try:
            recorded = self.serving.casework.claims.events(self.claim)
        except Refused:
            return _NEVER
        seen = self.condition.holds(etag_of(shown(self.serving, recorded, self.actor)))
        return len(recorded) if seen else _NEVER

    def _taken(self, receipt: ClaimReceipt) -> Response:
        """The claim right after the step.

        Whatever came later is left out, so that a repeated request gets the first answer.
        """
        recorded = self.serving.casework.claims.events(receipt.claim)[: receipt.version]
        content = shown(self.serving, recorded, self.actor, as_of_last=True)
        headers = {"ETag": etag_of(content), "Location": f"{PREFIX}/{receipt.claim}"}
        status = CREATED if _OPENED in receipt.events else TAKEN
        return Response(content, status, headers, "application/json")


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
