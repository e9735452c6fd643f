"""What follows a decision: the revisor's attestation, the report, the end."""

from collections.abc import Sequence

from domain.claim.parts.parts import Answer, in_line_order
from domain.claim.rights.steps import other_roles
from domain.claim.steps.attesting import granted_line
from domain.claim.steps.commands import AcceptReport, Close, RequestAttestation
from domain.claim.steps.deciding import Context
from domain.claim.stream.events import AttestationRequested, ClaimClosed, ClaimEvent, ReportAccepted
from domain.claim.stream.state import GrantClaim
from domain.values.refusals.refusal import refused

Events = Sequence[ClaimEvent]


def request_attestation(claim: GrantClaim, step: RequestAttestation, context: Context) -> Events:
    """Of lines that were granted, by somebody who may sign; due on the report date, or today if that is over."""
    if other_roles(step.revisor, "revisor", claim.parts, context.registrants):
        raise refused("revisor-involved")
    lines = step.lines or tuple(in_line_order(claim.granted))
    for hpr in lines:
        granted_line(claim, hpr)
    if not lines:
        raise refused("nothing-granted")
    due = context.rules.round.report_due if context.rules else None
    due = due and max(due, context.day)
    return [context.event(AttestationRequested, revisor=step.revisor, lines=lines, due_on=due)]


def accept_report(claim: GrantClaim, step: AcceptReport, context: Context) -> Events:
    """Once every line that was granted is attested as it was decided, and is so still; with an answer to the others."""
    wanting = in_line_order(hpr for hpr in claim.granted if not claim.is_attested(hpr))
    if wanting:
        raise refused("lines-not-attested", lines=", ".join(wanting))
    if context.stale:
        raise refused("attestation-stale", lines=", ".join(in_line_order(context.stale)))
    _check_answers(claim, step)
    return [context.as_asked(ReportAccepted, step)]


def close(claim: GrantClaim, step: Close, context: Context) -> Events:
    """Nothing more is expected."""
    if claim.to_reopen:
        raise refused("answered-reopened", lines=", ".join(in_line_order(claim.to_reopen)))
    return [context.as_asked(ClaimClosed, step)]


def _check_answers(claim: GrantClaim, step: AcceptReport) -> None:
    """Each line that the revisor did not confirm is answered once, and no other line."""
    asked, answered = claim.not_confirmed, set[str]()
    for each in step.answers:
        if each.hpr in answered:
            raise refused("line-twice", hpr=each.hpr)
        answered.add(each.hpr)
        if each.hpr not in asked:
            raise refused("nothing-to-answer", hpr=each.hpr)
        if each.answer is Answer.ACCEPTED and each.reason is None:
            raise refused("answer-without-reason", hpr=each.hpr)
    missing = [hpr for hpr in asked if hpr not in answered]
    if missing:
        raise refused("answers-missing", lines=", ".join(missing))
