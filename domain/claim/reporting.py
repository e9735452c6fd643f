"""What follows a decision: the revisor's attestation, the report, the end."""

from collections.abc import Sequence

from domain.claim.commands import AcceptReport, Attest, Close, RequestAttestation
from domain.claim.deciding import Context
from domain.claim.events import (
    AttestationRequested,
    ClaimAttested,
    ClaimClosed,
    ClaimEvent,
    ReportAccepted,
)
from domain.claim.parts import in_line_order
from domain.claim.state import GrantClaim
from domain.claim.steps import same_person
from domain.errors import refused

Events = Sequence[ClaimEvent]


def request_attestation(claim: GrantClaim, step: RequestAttestation, context: Context) -> Events:
    """Of lines that were granted; due on the report date of the round."""
    lines = step.lines or tuple(in_line_order(claim.granted))
    for hpr in lines:
        _granted(claim, hpr)
    if not lines:
        raise refused("nothing-granted")
    due = context.rules.round.report_due if context.rules else None
    return [context.event(AttestationRequested, revisor=step.revisor, lines=lines, due_on=due)]


def attest(claim: GrantClaim, step: Attest, context: Context) -> Events:
    """By somebody who had no part in the claim, over lines exactly as they were decided."""
    if any(same_person(each, context.who.subject) for each in claim.involved):
        raise refused("revisor-involved")
    for line in step.lines:
        _granted(claim, line.hpr)
        if line.digest != claim.decisions[-1].assessment.lines[line.hpr].digest:
            raise refused("line-content-differs", hpr=line.hpr)
    fields = {name: value for name, value in step if name != "type"}
    decision, statement = claim.decisions[-1].number, claim.statements + 1
    return [context.event(ClaimAttested, statement=statement, decision=decision, **fields)]


def accept_report(claim: GrantClaim, step: AcceptReport, context: Context) -> Events:
    """Once every line that was granted is attested as it stands."""
    wanting = in_line_order(hpr for hpr in claim.granted if not is_attested(claim, hpr))
    if wanting:
        raise refused("lines-not-attested", lines=", ".join(wanting))
    return [context.as_asked(ReportAccepted, step)]


def close(_claim: GrantClaim, step: Close, context: Context) -> Events:
    """Nothing more is expected."""
    return [context.as_asked(ClaimClosed, step)]


def is_attested(claim: GrantClaim, hpr: str) -> bool:
    """Whether a line is attested with the content that was decided last."""
    signed, decided = claim.attested.get(hpr), claim.decided
    return bool(signed and decided and signed.digest == decided.assessment.lines[hpr].digest)


def _granted(claim: GrantClaim, hpr: str) -> None:
    if hpr not in claim.granted:
        raise refused("line-not-granted", hpr=hpr)
