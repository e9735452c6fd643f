"""The money of a decision: paid, or reclaimed; recorded here, carried out elsewhere."""

from collections.abc import Sequence

from domain.claim.commands import Pay, Reclaim
from domain.claim.days import check_happened, check_to_come
from domain.claim.deciding import Context
from domain.claim.events import ClaimEvent, ClaimPaid, ClaimReclaimed
from domain.claim.numbers import check_account, check_organisation_number
from domain.claim.state import GrantClaim
from domain.errors import refused

Events = Sequence[ClaimEvent]


def pay(claim: GrantClaim, step: Pay, context: Context) -> Events:
    """Exactly what is outstanding, to the municipality's own organisation number and an account that can be right."""
    if claim.outstanding < 0:
        raise refused("to-be-reclaimed", kroner=-claim.outstanding)
    if step.kroner != claim.outstanding:
        raise refused("wrong-amount", kroner=claim.outstanding)
    check_happened(step.paid_on, context.day, claim.decided_on)
    check_organisation_number(step.organisation_number)
    check_account(step.account)
    _check_own(claim.municipality, step.organisation_number, context)
    return [context.event(ClaimPaid, decision=_decision(claim), **_fields(step))]


def reclaim(claim: GrantClaim, step: Reclaim, context: Context) -> Events:
    """Exactly what was paid too much."""
    if claim.outstanding > 0:
        raise refused("to-be-paid", kroner=claim.outstanding)
    if step.kroner != -claim.outstanding:
        raise refused("wrong-amount", kroner=-claim.outstanding)
    check_to_come(step.due_on, context.day)
    return [context.event(ClaimReclaimed, decision=_decision(claim), **_fields(step))]


def _check_own(municipality: str, number: str, context: Context) -> None:
    """The list of the round's rules names the municipality's number; of one it does not name, any may be right."""
    known = context.rules.municipalities.by_code.get(municipality) if context.rules else None
    if known is not None and known.organisation_number not in {None, number}:
        raise refused("other-organisation", number=number, municipality=known.name, own=known.organisation_number)


def _fields(step: Pay | Reclaim) -> dict[str, object]:
    return {name: value for name, value in step if name != "type"}


def _decision(claim: GrantClaim) -> int:
    return claim.decisions[-1].number
