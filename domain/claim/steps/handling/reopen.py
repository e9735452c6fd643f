"""A caseworker opens a decided claim again."""

from collections.abc import Sequence
from typing import Final, Literal

from domain.claim.parts.parts import LineEffect, ReopenReason, Written, in_line_order
from domain.claim.parts.status import Status
from domain.claim.rights.known import Effects
from domain.claim.rights.step import CASEWORKER, DECIDED, Acting, ClaimStep, Events, Step
from domain.claim.stream.earlier import ClaimReopenedV1
from domain.claim.stream.events import ClaimReopened, LinesProposed
from domain.claim.stream.state import GrantClaim
from domain.values.refusals.refusal import refused

_KNOWN_NOW: Final = (ReopenReason.LATER, ReopenReason.RATES)


_AN_ERROR: Final = "reason_code=error_in_decision"


class Reopen(ClaimStep):
    """Open a decided claim again.

    Without `reason_code` it is what is known now, or the rates, that change a line. Where nothing changes any, it must
    be an error in the decision itself, or a complaint.
    """

    type: Literal["reopen"] = "reopen"
    reason_code: ReopenReason | None = None
    reason: Written


def reopen(claim: GrantClaim, asked: Reopen, acting: Acting, effects: Effects) -> Events:
    """For what changes a line now, for the answer to the revisor, or because the decision itself is wrong.

    Lines that the decision lacks are proposed with it.
    """
    code = asked.reason_code or _reason(claim, effects)
    if code is None or (code in _KNOWN_NOW and not effects):
        raise refused("nothing-affected")
    if code is ReopenReason.REVISOR and not claim.not_confirmed:
        raise refused("revisor-found-nothing")
    decision = claim.decisions[-1].number
    opened = acting.event(ClaimReopened, decision=decision, reason_code=code, reason=asked.reason, effects=effects)
    new = in_line_order(line.hpr for line in effects if line.hpr not in claim.lines)
    return [opened, *([acting.event(LinesProposed, lines=tuple(new))] if new else [])]


def _reason(claim: GrantClaim, effects: Sequence[LineEffect]) -> ReopenReason | None:
    """Why a claim can be opened again, where nobody says so; None if nothing has changed."""
    if effects:
        return ReopenReason.LATER if any(line.facts for line in effects) else ReopenReason.RATES
    return ReopenReason.REVISOR if claim.to_reopen else None


REOPEN: Final = Step(
    asked=Reopen,
    decide=reopen,
    statuses=DECIDED | {Status.CLOSED},
    roles=CASEWORKER,
    help=(
        f"Gjenåpner søknaden: reason=…; der ingenting er endret, også {_AN_ERROR} (feil i vedtaket) "
        "eller complaint (klage) (saksbehandleren)."
    ),
    too_early="not-decided",
    makes=(ClaimReopened, ClaimReopenedV1),
)
