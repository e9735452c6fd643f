"""A caseworker records that kroner are reclaimed; it is carried out elsewhere."""

from typing import Final, Literal

from domain.claim.lines.other_amounts import check_known
from domain.claim.parts.parts import Written
from domain.claim.parts.status import Status
from domain.claim.rights.days import check_to_come
from domain.claim.rights.known import OtherAmounts
from domain.claim.rights.step import CASEWORKER, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ClaimReclaimed, ClaimReclaimedV1
from domain.claim.stream.state import GrantClaim
from domain.values.fields import Day, Kroner, Name
from domain.values.refusals.refusal import refused


class Reclaim(ClaimStep):
    """Record that kroner paid before are reclaimed; with a reason, where what is known now says another amount."""

    type: Literal["reclaim"] = "reclaim"
    kroner: Kroner
    due_on: Day
    reference: Name | None = None
    reason: Written | None = None


def reclaim(claim: GrantClaim, asked: Reclaim, acting: Acting, others: OtherAmounts) -> Events:
    """Exactly what was paid too much."""
    if asked.kroner != -claim.outstanding:
        raise refused("wrong-amount", kroner=-claim.outstanding)
    check_to_come(asked.due_on, acting.day)
    check_known(others, asked.reason)
    return [acting.as_asked(ClaimReclaimed, asked, decision=claim.decisions[-1].number)]


def _check_direction(claim: GrantClaim) -> None:
    if claim.outstanding > 0:
        raise refused("to-be-paid", kroner=claim.outstanding)


RECLAIM: Final = Step(
    asked=Reclaim,
    decide=reclaim,
    statuses=frozenset({Status.DECIDED}),
    roles=CASEWORKER,
    help="Registrerer et tilbakekrav; uten kroner det som er betalt for mye (saksbehandleren).",
    too_early="not-decided",
    check=_check_direction,
    makes=(ClaimReclaimedV1,),
    rests_on_log=True,
)
