"""The money of a decision: paid, or reclaimed; recorded here, carried out elsewhere."""

from collections.abc import Sequence

from domain.claim.parts.numbers import check_account, check_organisation_number
from domain.claim.parts.parts import LineEffect
from domain.claim.rights.days import check_happened, check_to_come
from domain.claim.steps.commands import Pay, Reclaim
from domain.claim.steps.deciding import Context
from domain.claim.stream.events import ClaimEvent, ClaimPaid, ClaimReclaimed
from domain.claim.stream.state import GrantClaim
from domain.values import words
from domain.values.refusals.refusal import refused

Events = Sequence[ClaimEvent]


def pay(claim: GrantClaim, step: Pay, context: Context) -> Events:
    """Exactly what is outstanding, to the municipality's own organisation number and an account that can be right."""
    if claim.outstanding < 0:
        raise refused("to-be-reclaimed", kroner=-claim.outstanding)
    if step.kroner != claim.outstanding:
        raise refused("wrong-amount", kroner=claim.outstanding)
    check_happened(step.paid_on, context.day, claim.decided_on, "vedtaket")
    check_organisation_number(step.organisation_number)
    check_account(step.account)
    _check_own(claim.municipality, step.organisation_number, context)
    _check_known(step, context)
    return [context.event(ClaimPaid, decision=_decision(claim), **_fields(step))]


def reclaim(claim: GrantClaim, step: Reclaim, context: Context) -> Events:
    """Exactly what was paid too much."""
    if claim.outstanding > 0:
        raise refused("to-be-paid", kroner=claim.outstanding)
    if step.kroner != -claim.outstanding:
        raise refused("wrong-amount", kroner=-claim.outstanding)
    check_to_come(step.due_on, context.day)
    _check_known(step, context)
    return [context.event(ClaimReclaimed, decision=_decision(claim), **_fields(step))]


def _check_own(municipality: str, number: str, context: Context) -> None:
    """The list of the round's rules names the municipality's number; of one it does not name, any may be right."""
    known = context.rules.municipalities.by_code.get(municipality) if context.rules else None
    if known is not None and known.organisation_number not in {None, number}:
        raise refused("other-organisation", number=number, municipality=known.name, own=known.organisation_number)


def _check_known(step: Pay | Reclaim, context: Context) -> None:
    """What is known now must say the same amount, or somebody why it is done all the same."""
    if not context.effects or step.reason is not None:
        return
    told = [_told(line) for line in context.effects]
    places = [f"lines/{line.hpr}" for line in context.effects]
    problems = [{"key": place, "reason": text} for place, text in zip(places, told, strict=True)]
    raise refused("another-amount-known", lines="; ".join(told), problems=problems)


def _told(line: LineEffect) -> str:
    """`lege 9000001: 283 992 kroner i stedet for 378 656 kroner, 94 664 kroner mindre`."""
    decided = words.kroner(line.before or 0)
    if line.after is None:
        return f"lege {line.hpr}: ukjent beløp i stedet for {decided}"
    difference = line.after - (line.before or 0)
    change = f"{words.kroner(abs(difference))} {'mindre' if difference < 0 else 'mer'}"
    return f"lege {line.hpr}: {words.kroner(line.after)} i stedet for {decided}, {change}"


def _fields(step: Pay | Reclaim) -> dict[str, object]:
    return {name: value for name, value in step if name != "type"}


def _decision(claim: GrantClaim) -> int:
    return claim.decisions[-1].number
