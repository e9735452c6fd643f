"""The decision on any step: a claim, what is asked and what was looked up in; events out, or a named refusal."""

from domain.claim.rights.known import Known
from domain.claim.rights.rights import check_step
from domain.claim.rights.step import Acting, ClaimStep
from domain.claim.steps.registry import STEPS
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.state import GrantClaim


def decide(claim: GrantClaim, asked: ClaimStep, acting: Acting, known: Known) -> tuple[ClaimEvent, ...]:
    """The events that a step leads to; raises `Refused` with why it cannot be taken, and what to do instead."""
    step = STEPS[asked.type]
    check_step(claim, step, acting.who, acting.claim, known)
    if step.check:
        step.check(claim)
    return tuple(step.decide(claim, asked, acting, *(known[each] for each in step.needs)))
