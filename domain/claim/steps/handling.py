"""What Helsedirektoratet does: return, assess, propose, approve, and open again."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.claim.lines.assessing import Computed
from domain.claim.lines.outdated import check_current
from domain.claim.parts.parts import AssessedLine, DecidedLine, LineEffect, Outcome, ReopenReason, in_line_order
from domain.claim.steps.commands import Approve, Assess, Propose, Reopen, Return, SendBack
from domain.claim.steps.deciding import Context, line_in
from domain.claim.stream.events import (
    ClaimAssessed,
    ClaimEvent,
    ClaimReopened,
    ClaimReturned,
    DecisionApproved,
    DecisionProposed,
    LinesProposed,
    ProposalSentBack,
)
from domain.claim.stream.made import Assessment, Proposal
from domain.claim.stream.state import GrantClaim
from domain.values.fields import MOST_KRONER
from domain.values.refusals.refusal import refused
from domain.values.words import listed

Events = Sequence[ClaimEvent]
_KNOWN_NOW: Final = (ReopenReason.LATER, ReopenReason.RATES)


def return_claim(claim: GrantClaim, step: Return, context: Context) -> Events:
    """Remarks are on lines of the claim."""
    for line in step.lines:
        line_in(claim, line.hpr)
    return [context.as_asked(ClaimReturned, step)]


def assess(claim: GrantClaim, _step: Assess, context: Context) -> Events:
    """What was computed, with all that it rests on."""
    now = _computed(context)
    number = claim.assessments.next
    return [context.event(ClaimAssessed, assessment=number, rests_on=now.rests_on, lines=now.lines)]


def propose(claim: GrantClaim, step: Propose, context: Context) -> Events:
    """Each line once; one that is not named is granted as assessed, unless it got less than it could before."""
    assessment = _assessment(claim)
    named = _by_doctor(step.lines)
    for hpr in named:
        line_in(claim, hpr)
    _check_reasons(assessment, named)
    lines = tuple(_decided(assessment.lines[hpr], named.get(hpr)) for hpr in in_line_order(assessment.lines))
    for line in lines:
        if line.hpr not in named and claim.decided and claim.decided.gave_less(line.hpr):
            raise refused("granted-less-before", hpr=line.hpr, kroner=claim.decided.lines[line.hpr].kroner)
    number = claim.proposals.next
    return [context.event(DecisionProposed, decision=number, assessment=assessment.number, lines=lines)]


def send_back(claim: GrantClaim, step: SendBack, context: Context) -> Events:
    """With a reason."""
    proposal = _proposal(claim)
    return [context.event(ProposalSentBack, decision=proposal.number, reason=step.reason)]


def approve(claim: GrantClaim, _step: Approve, context: Context) -> Events:
    """No line may come to anything else now than when it was assessed."""
    proposal = _proposal(claim)
    check_current(proposal.assessment, _computed(context), context.sides, claim.municipality)
    number, assessment = proposal.number, proposal.assessment.number
    return [context.event(DecisionApproved, decision=number, assessment=assessment, total=proposal.total)]


def reopen(claim: GrantClaim, step: Reopen, context: Context) -> Events:
    """For what changes a line now, for the answer to the revisor, or because the decision itself is wrong.

    Lines that the decision lacks are proposed with it.
    """
    effects = context.effects
    code = step.reason_code or _reason(claim, effects)
    if code is None or (code in _KNOWN_NOW and not effects):
        raise refused("nothing-affected")
    if code is ReopenReason.REVISOR and not claim.not_confirmed:
        raise refused("revisor-found-nothing")
    fields = {"reason_code": code, "reason": step.reason, "effects": effects}
    opened = context.event(ClaimReopened, decision=_decision(claim), **fields)
    new = in_line_order(line.hpr for line in effects if line.hpr not in claim.lines)
    return [opened, *([context.event(LinesProposed, lines=tuple(new))] if new else [])]


def _reason(claim: GrantClaim, effects: Sequence[LineEffect]) -> ReopenReason | None:
    """Why a claim can be opened again, where nobody says so; None where nothing is another."""
    if effects:
        return ReopenReason.LATER if any(line.facts for line in effects) else ReopenReason.RATES
    return ReopenReason.REVISOR if claim.to_reopen else None


def _computed(context: Context) -> Computed:
    assert context.computed is not None  # noqa: S101 - the service looks it up for these steps
    return context.computed


def _assessment(claim: GrantClaim) -> Assessment:
    assert claim.assessment is not None  # noqa: S101 - the status says so
    return claim.assessment


def _proposal(claim: GrantClaim) -> Proposal:
    assert claim.proposal is not None  # noqa: S101 - the status says so
    return claim.proposal


def _decision(claim: GrantClaim) -> int:
    return claim.decisions[-1].number


def _by_doctor(lines: Sequence[DecidedLine]) -> Mapping[str, DecidedLine]:
    found: dict[str, DecidedLine] = {}
    for line in lines:
        if line.hpr in found:
            raise refused("line-twice", hpr=line.hpr)
        found[line.hpr] = line
    return found


def _check_reasons(assessment: Assessment, named: Mapping[str, DecidedLine]) -> None:
    """Raise `Refused` with every line that comes to nothing and has no reason."""
    nothing = [hpr for hpr, line in assessment.lines.items() if line.amount == 0 and hpr not in named]
    if nothing:
        raise refused("reason-missing", lines=listed(in_line_order(nothing)))


def _decided(assessed: AssessedLine, named: DecidedLine | None) -> DecidedLine:
    """What is decided for a line; raises `Refused` where it cannot be."""
    if named is None:
        if assessed.amount is None:
            raise refused("line-without-amount", hpr=assessed.hpr)
        if assessed.amount > MOST_KRONER:
            raise refused("line-beyond-bounds", hpr=assessed.hpr)
        return DecidedLine(hpr=assessed.hpr, outcome=Outcome.GRANTED, kroner=assessed.amount)
    _check_outcome(assessed, named)
    return named


def _check_outcome(assessed: AssessedLine, named: DecidedLine) -> None:
    hpr, kroner, amount = named.hpr, named.kroner, assessed.amount
    if named.outcome is Outcome.REFUSED:
        if kroner:
            raise refused("refused-with-kroner", hpr=hpr)
    elif amount is None:
        raise refused("line-without-amount", hpr=hpr)
    elif kroner > amount or (named.outcome is Outcome.GRANTED and kroner != amount):
        raise refused("not-as-assessed", hpr=hpr, kroner=amount)
    elif named.outcome is Outcome.PARTLY_GRANTED and kroner in {0, amount}:
        raise refused("not-partly", hpr=hpr, kroner=amount)
    elif not kroner:
        raise refused("granted-nothing", hpr=hpr)
    if named.outcome is not Outcome.GRANTED and (named.reason_code is None or named.reason is None):
        raise refused("reason-missing", lines=hpr)
