"""Which steps can be taken on a claim now by whom, and why the others cannot: asked of the decisions themselves."""

from dataclasses import dataclass

from domain.claim.rights.known import Known
from domain.claim.rights.rights import check_step
from domain.claim.rights.step import Acting, Step
from domain.claim.steps.decide import decide
from domain.claim.steps.registry import STEPS
from domain.claim.stream.state import GrantClaim
from domain.values.refusals.refusal import Refused


@dataclass(frozen=True, slots=True)
class PossibleStep:
    """A step, and the refusal where it cannot be taken."""

    step: str
    refusal: Refused | None


def possible_steps(claim: GrantClaim, acting: Acting, known: Known) -> list[PossibleStep]:
    """Every step in the order of a claim's life, for somebody who acts.

    What only the content of a step can tell (a line that is not there, kroner that are not right) is not known yet.
    """
    return [PossibleStep(name, _refusal(claim, step, acting, known)) for name, step in STEPS.items()]


def _refusal(claim: GrantClaim, step: Step, acting: Acting, known: Known) -> Refused | None:
    """A step is tried if it can be, and all that it needs is known."""
    try:
        if step.tried and known.keys() >= set(step.needs):
            decide(claim, step.tried(claim), acting, known)
        else:
            check_step(claim, step, acting.who, claim.name, known)
            if step.check:
                step.check(claim)
    except Refused as refusal:
        return refusal
    return None
