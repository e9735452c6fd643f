"""What follows a decision: the revisor's attestation, the report, the end."""

from collections.abc import Sequence

from domain.claim.attesting import granted_line
from domain.claim.commands import AcceptReport, Close, RequestAttestation
from domain.claim.deciding import Context
from domain.claim.events import (
    AttestationRequested,
    ClaimClosed,
    ClaimEvent,
    ReportAccepted,
)
from domain.claim.parts import in_line_order
from domain.claim.state import GrantClaim
from domain.errors import refused

Events = Sequence[ClaimEvent]


def request_attestation(claim: GrantClaim, step: RequestAttestation, context: Context) -> Events:
    """Of lines that were granted; due on the report date of the round, and where that is over, today."""
    lines = step.lines or tuple(in_line_order(claim.granted))
    for hpr in lines:
        granted_line(claim, hpr)
    if not lines:
        raise refused("nothing-granted")
    due = context.rules.round.report_due if context.rules else None
    due = due and max(due, context.day)
    return [context.event(AttestationRequested, revisor=step.revisor, lines=lines, due_on=due)]


def accept_report(claim: GrantClaim, step: AcceptReport, context: Context) -> Events:
    """Once every line that was granted is attested as it was decided, and is so still."""
    wanting = in_line_order(hpr for hpr in claim.granted if not claim.is_attested(hpr))
    if wanting:
        raise refused("lines-not-attested", lines=", ".join(wanting))
    if context.stale:
        facts = ", ".join(fact for each in context.stale.values() for fact in each) or "ingen"
        raise refused("attestation-stale", lines=", ".join(in_line_order(context.stale)), facts=facts)
    return [context.as_asked(ReportAccepted, step)]


def close(_claim: GrantClaim, step: Close, context: Context) -> Events:
    """Nothing more is expected."""
    return [context.as_asked(ClaimClosed, step)]
