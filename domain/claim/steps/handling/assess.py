"""A caseworker has the claim computed."""

from typing import Final, Literal

from domain.claim.lines.assessing import Computed
from domain.claim.parts.status import Status
from domain.claim.rights.step import CASEWORKER, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ClaimAssessed
from domain.claim.stream.state import GrantClaim


class Assess(ClaimStep):
    """Compute the claim under the round's published rule set, as all is known now."""

    type: Literal["assess"] = "assess"


def assess(claim: GrantClaim, _asked: Assess, acting: Acting, now: Computed) -> Events:
    """What was computed, with all that it rests on."""
    number = claim.assessments.next
    return [acting.event(ClaimAssessed, assessment=number, rests_on=now.rests_on, lines=now.lines)]


ASSESS: Final = Step(
    asked=Assess,
    decide=assess,
    statuses=frozenset({Status.SUBMITTED, Status.ASSESSED, Status.REOPENED}),
    roles=CASEWORKER,
    help="Vurderer søknaden etter det kunngjorte regelsettet (saksbehandleren).",
    too_early="not-submitted",
    makes=(ClaimAssessed,),
)
