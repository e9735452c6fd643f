"""What Helsedirektoratet does: return, assess, propose, approve, and open again."""

from collections.abc import Mapping, Sequence

from domain.claim.commands import Approve, Assess, Propose, Reopen, Return, SendBack
from domain.claim.deciding import Computed, Context, line_in
from domain.claim.events import (
    ClaimAssessed,
    ClaimEvent,
    ClaimReopened,
    ClaimReturned,
    DecisionApproved,
    DecisionProposed,
    ProposalSentBack,
)
from domain.claim.outdated import check_current
from domain.claim.parts import AssessedLine, DecidedLine, Outcome, in_line_order
from domain.claim.state import Assessment, GrantClaim, Proposal
from domain.errors import refused

Events = Sequence[ClaimEvent]


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
    """Only where something that is known now changes a line of the decision, or the answer to the revisor says so."""
    if not context.effects and not claim.to_reopen:
        raise refused("nothing-affected")
    return [context.event(ClaimReopened, decision=_decision(claim), reason=step.reason, effects=context.effects)]


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


def _decided(assessed: AssessedLine, named: DecidedLine | None) -> DecidedLine:
    """What is decided for a line; raises `Refused` where it cannot be."""
    if named is None:
        if assessed.amount is None:
            raise refused("line-without-amount", hpr=assessed.hpr)
        outcome = Outcome.GRANTED if assessed.amount else Outcome.REFUSED
        if outcome is Outcome.REFUSED:
            raise refused("reason-missing", hpr=assessed.hpr)
        return DecidedLine(hpr=assessed.hpr, outcome=outcome, kroner=assessed.amount)
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
        raise refused("reason-missing", hpr=hpr)
