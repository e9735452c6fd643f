"""What the municipality does until the claim is with Helsedirektoratet, and what it reports."""

from collections.abc import Collection, Sequence
from datetime import date

from domain.claim.lines.applied import check_limits, whole_round
from domain.claim.parts.limits import EVERYTHING, Limits, limits_of
from domain.claim.parts.parts import Applied, in_line_order
from domain.claim.rights.days import check_to_come
from domain.claim.steps.commands import (
    AddLine,
    AllowLateSubmission,
    AttachDocument,
    ConfirmLine,
    Open,
    ProposeLines,
    RemoveDocument,
    RemoveLine,
    ReportCosts,
    Submit,
    Withdraw,
)
from domain.claim.steps.deciding import Context, line_in
from domain.claim.stream.events import (
    ClaimEvent,
    ClaimOpened,
    ClaimSubmitted,
    ClaimWithdrawn,
    DocumentAttached,
    DocumentRemoved,
    LateSubmissionAllowed,
    LineAdded,
    LineConfirmed,
    LineCostsReported,
    LineRemoved,
    LinesProposed,
)
from domain.claim.stream.state import GrantClaim
from domain.values.refusals.refusal import refused

Events = Sequence[ClaimEvent]


def open_claim(_claim: GrantClaim, _step: Open, context: Context) -> Events:
    """Begin with the lines that follow from what is registered."""
    municipality, _, round_id = context.claim.partition("-")
    opened = context.event(ClaimOpened, municipality=municipality, round=round_id)
    return [opened, *_proposed(context, known=frozenset())]


def propose_lines(claim: GrantClaim, _step: ProposeLines, context: Context) -> Events:
    """Only doctors that are neither in the claim nor were removed from it."""
    events = _proposed(context, known=claim.lines.keys() | claim.removed)
    if not events:
        raise refused("nothing-to-propose")
    return events


def confirm_line(claim: GrantClaim, step: ConfirmLine, context: Context) -> Events:
    """All that is computed, or within limits that lie in the round."""
    line_in(claim, step.hpr)
    limits = _limits(step, context, claim.proposed.get(step.hpr), claim.lines[step.hpr].limits)
    return [context.event(LineConfirmed, hpr=step.hpr, limits=limits, reason=step.reason)]


def add_line(claim: GrantClaim, step: AddLine, context: Context) -> Events:
    """Only for a doctor who held a position in the municipality in the round."""
    if step.hpr in claim.lines:
        raise refused("line-there", hpr=step.hpr)
    if step.hpr not in (context.registered or {}):
        raise refused("no-position-in-round", hpr=step.hpr, municipality=claim.municipality, round=claim.round)
    limits = _limits(step, context, claim.proposed.get(step.hpr))
    return [context.event(LineAdded, hpr=step.hpr, limits=limits, reason=step.reason)]


def remove_line(claim: GrantClaim, step: RemoveLine, context: Context) -> Events:
    """It can be added again. One that was decided on stays, to be decided on anew."""
    line_in(claim, step.hpr)
    if claim.decided and step.hpr in claim.decided.lines:
        raise refused("line-decided", hpr=step.hpr)
    return [context.as_asked(LineRemoved, step)]


def report_costs(claim: GrantClaim, step: ReportCosts, context: Context) -> Events:
    """The costs are facts of the doctor, which the event names."""
    line_in(claim, step.hpr)
    return [context.event(LineCostsReported, hpr=step.hpr, costs=context.costs, project_code=step.project_code)]


def attach_document(claim: GrantClaim, step: AttachDocument, context: Context) -> Events:
    """Each document once; one of a line must be of a doctor in the claim."""
    if step.hpr is not None:
        line_in(claim, step.hpr)
    if step.document in claim.documents:
        raise refused("document-there", document=step.document)
    return [context.as_asked(DocumentAttached, step)]


def remove_document(claim: GrantClaim, step: RemoveDocument, context: Context) -> Events:
    """Only one that is there."""
    if step.document not in claim.documents:
        raise refused("unknown-document", document=step.document)
    return [context.as_asked(DocumentRemoved, step)]


def allow_late_submission(_claim: GrantClaim, step: AllowLateSubmission, context: Context) -> Events:
    """Until a day that is not over."""
    if step.until is not None:
        check_to_come(step.until, context.day)
    return [context.as_asked(LateSubmissionAllowed, step)]


def submit(claim: GrantClaim, step: Submit, context: Context) -> Events:
    """Every line is confirmed, in time or with late submission allowed; a claim that was returned is in time."""
    if not claim.lines:
        raise refused("no-lines")
    waiting = in_line_order(hpr for hpr, line in claim.lines.items() if not line.confirmed)
    if waiting:
        raise refused("lines-not-confirmed", lines=", ".join(waiting))
    deadline = context.rules.round.claim_deadline if context.rules else None
    if deadline is not None and not _in_time(claim, deadline, context.day):
        raise refused("too-late", deadline=deadline)
    return [context.as_asked(ClaimSubmitted, step)]


def withdraw(_claim: GrantClaim, step: Withdraw, context: Context) -> Events:
    """It can be opened again."""
    return [context.as_asked(ClaimWithdrawn, step)]


def _in_time(claim: GrantClaim, deadline: date, today: date) -> bool:
    allowed = claim.late_until is not None and today <= claim.late_until
    return claim.submitted_before or allowed or today <= deadline


def _limits(
    step: ConfirmLine | AddLine, context: Context, proposed: Applied | None, standing: Limits = EVERYTHING
) -> Limits:
    """What a person limits a line to: what is stated and is not what the program shows as all that there is."""
    if step.applied is None or context.rules is None:
        return EVERYTHING
    check_limits(step.applied, context.rules)
    shown = (whole_round(context.rules), (context.registered or {}).get(step.hpr), proposed)
    return limits_of(step.applied, filter(None, shown), standing)


def _proposed(context: Context, known: Collection[str]) -> Events:
    registered = context.registered or {}
    new = in_line_order(registered.keys() - set(known))
    return [context.event(LinesProposed, lines=tuple(new))] if new else []
