"""Which steps can be taken on a claim now by whom, and why the others cannot: asked of the decisions themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.claim.parts.parts import Answer, LineAnswer
from domain.claim.rights.steps import STEPS, check_step
from domain.claim.steps.commands import (
    AcceptReport,
    AnyStep,
    Approve,
    Close,
    RequestAttestation,
    SendBack,
    Submit,
    Withdraw,
)
from domain.claim.steps.decide import decide
from domain.claim.steps.deciding import Context
from domain.claim.stream.state import GrantClaim
from domain.values.refusals.refusal import Refused, refused

_ANY: Final = "–"
_TRIED: Final[Mapping[str, AnyStep]] = {
    "submit": Submit(name=_ANY),
    "withdraw": Withdraw(),
    "send_back": SendBack(reason=_ANY),
    "approve": SendBack(reason=_ANY),  # who may not send back may not approve
    "request_attestation": RequestAttestation(revisor=f"revisor:{_ANY}"),
    "close": Close(),
}
"""Steps that can be tried whatever they will say."""


@dataclass(frozen=True, slots=True)
class PossibleStep:
    """A step, and the refusal where it cannot be taken."""

    step: str
    refusal: Refused | None


def possible_steps(claim: GrantClaim, context: Context) -> list[PossibleStep]:
    """Every step in the order of a claim's life, for whoever acts in a context.

    What only the content of a step can tell (a line that is not there, kroner that are not right) is not known yet.
    """
    return [PossibleStep(step, _refusal(claim, step, context)) for step in STEPS]


def _refusal(claim: GrantClaim, step: str, context: Context) -> Refused | None:
    try:
        check_step(claim, step, context.who, claim.name, context.registrants)
        tried = _tried(claim, step, context)
        if tried is not None:
            decide(claim, tried, context)
        _check_direction(claim, step)
    except Refused as refusal:
        return refusal
    return None


def _tried(claim: GrantClaim, step: str, context: Context) -> AnyStep | None:
    """A step that can be tried, as it would be taken; lines are computed for an approval where the context has them."""
    if step == "approve" and context.computed:
        return Approve()
    return _answered(claim) if step == "accept_report" else _TRIED.get(step)


def _answered(claim: GrantClaim) -> AcceptReport:
    """A report of which every line that was not confirmed is answered."""
    answers = (LineAnswer(hpr=hpr, answer=Answer.ACCEPTED, reason=_ANY) for hpr in claim.not_confirmed)
    return AcceptReport(answers=tuple(answers))


def _check_direction(claim: GrantClaim, step: str) -> None:
    """What is known of the other steps before they say anything."""
    if step == "attest" and not claim.granted:
        raise refused("nothing-granted")
    if step == "pay" and claim.outstanding < 0:
        raise refused("to-be-reclaimed", kroner=-claim.outstanding)
    if step == "reclaim" and claim.outstanding > 0:
        raise refused("to-be-paid", kroner=claim.outstanding)
