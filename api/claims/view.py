"""A claim as a caller sees it: made of its events, for whoever asks, at a moment."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from api.claims.shapes import (
    AssessmentBasis,
    AssessmentView,
    AttestedView,
    ClaimedCost,
    ClaimView,
    DocumentView,
    LimitView,
    LineView,
    StatementView,
    StepState,
)
from api.claims.told import decision_views, history_view, remarks_by_line
from domain.casework.claims.claim_loading import claim_in
from domain.claim.parts.limits import Limit
from domain.claim.parts.parts import AttestedLine, DecidedLine, in_line_order
from domain.claim.rights.steps import Who
from domain.claim.steps.deciding import Context
from domain.claim.steps.possible import plain_context, possible_steps
from domain.claim.stream.events import ClaimAttested, ClaimEvent, DocumentAttached, LineCostsReported
from domain.claim.stream.numbering import assessments_in, decisions_named
from domain.claim.stream.state import GrantClaim
from domain.rules.sets.rule_set import RuleSet
from domain.store import Recorded
from domain.values.refusals.refusal import refused
from projections.claims.claim_decisions import ProposalTold, lines_in_force, proposals_told
from projections.claims.claims import events_of, limit_reasons

Event = TypeVar("Event", bound=ClaimEvent)


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a claim is shown, at which moment, and the rule set in force for its round."""

    who: Who
    moment: datetime
    rules: RuleSet | None
    stale: Collection[str] = ()
    """The doctors whose lines come to something else now than what a revisor signed."""
    findings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What people should look at in the lines of what is proposed, by doctor."""
    context: Context | None = None
    """What can be known before a step says anything."""
    all_proposals: bool = True
    """Whether what is proposed and not approved is seen."""


def claim_view(recorded: Sequence[Recorded], asked: Asked) -> ClaimView:
    """A claim of its events."""
    events = events_of(recorded)
    claim = claim_in(recorded)
    assessed, told = list(_lines_assessed(claim)), proposals_told(events)
    return ClaimView(
        claim=claim.name,
        municipality=claim.municipality,
        round=claim.round,
        status=claim.status or "",
        deadline=asked.rules.round.claim_deadline if asked.rules else None,
        report_due=asked.rules.round.report_due if asked.rules else None,
        assessed=sum(assessed) if claim.assessment else None,
        granted=claim.decided.total if claim.decided else None,
        settled=claim.settled,
        outstanding=claim.outstanding,
        lines=_lines(claim, events, told, asked.stale),
        documents=_documents(claim, events),
        assessment=_assessment(claim, events),
        decisions=list(decision_views(told, asked.findings, all_proposals=asked.all_proposals)),
        statements=list(_statements(events)),
        steps=_steps(claim, asked),
        history=history_view(recorded, told, all_proposals=asked.all_proposals),
    )


def assessment_basis(recorded: Sequence[Recorded], number: str, *, with_log: bool) -> AssessmentBasis:
    """What an assessment of a claim rests on; raises `Refused` (unknown-assessment)."""
    made = {str(name): (name, event) for name, event in assessments_in(events_of(recorded)).items()}
    if number not in made:
        raise refused("unknown-assessment", number=number)
    name, event = made[number]
    on = event.rests_on
    return AssessmentBasis(
        claim=event.claim,
        assessment=name,
        at=event.recorded_at.astimezone(UTC),
        by=event.recorded_by,
        rule_set=on.rule_set,
        rule_set_digest=on.rule_set_digest,
        rule_book_version=on.rule_book_version,
        engine_version=on.engine_version,
        claim_version=on.claim_version,
        position=on.position if with_log else None,
        streams=on.streams if with_log else None,
        result=on.result,
        result_digest=on.result_digest,
    )


def _of(events: Sequence[ClaimEvent], kind: type[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def _lines_assessed(claim: GrantClaim) -> Iterator[int]:
    if claim.assessment:
        yield from (line.amount or 0 for line in claim.assessment.lines.values())


def _lines(
    claim: GrantClaim, events: Sequence[ClaimEvent], told: Sequence[ProposalTold], stale: Collection[str]
) -> list[LineView]:
    costs = {event.hpr: event for event in _of(events, LineCostsReported)}
    statements = _of(events, ClaimAttested)
    by_line = {line.hpr: event.statement for event in statements for line in event.lines}
    reasons = limit_reasons(events)
    texts, signed = lines_in_force(told), {line.hpr: line for event in statements for line in event.lines}
    remarks = remarks_by_line(events)
    lines = (
        replace(
            _written(_line(claim, hpr, costs, by_line), texts.get(hpr), signed.get(hpr)),
            limit=_limit(claim.lines[hpr].limit, reasons.get(hpr)),
            remarks=remarks.get(hpr, []),
        )
        for hpr in in_line_order(claim.lines)
    )
    return [_marked(line) if line.hpr in stale else line for line in lines]


def _written(line: LineView, decided: DecidedLine | None, signed: AttestedLine | None) -> LineView:
    """The line with what people wrote of it, which is in no state."""
    attested = line.attested and replace(line.attested, remark=signed.remark if signed else None)
    return replace(line, reason=decided.reason if decided else None, attested=attested)


def _limit(limit: Limit | None, reason: str | None) -> LimitView | None:
    return None if limit is None else LimitView(limit.by, limit.at.astimezone(UTC), reason)


def _marked(line: LineView) -> LineView:
    """The line as one that was signed with another content."""
    return replace(line, attested=replace(line.attested, stale=True)) if line.attested else line


def _line(
    claim: GrantClaim, hpr: str, costs: Mapping[str, LineCostsReported], statements: Mapping[str, int]
) -> LineView:
    line, reported = claim.lines[hpr], costs.get(hpr)
    assessed = claim.assessment.lines.get(hpr) if claim.assessment else None
    decided = claim.decided.lines.get(hpr) if claim.decided else None
    holding = claim.decided.assessment.lines.get(hpr) if claim.decided else assessed
    return LineView(
        hpr=hpr,
        basis=line.limits.basis,
        first_month=line.limits.first_month,
        last_month=line.limits.last_month,
        supplement=line.limits.supplement,
        limit=None,
        confirmed=line.confirmed,
        project_code=reported.project_code if reported else None,
        costs=[ClaimedCost(cost.element, cost.kroner, cost.fact) for cost in reported.costs] if reported else [],
        computed=assessed.computed if assessed else None,
        amount=assessed.amount if assessed else None,
        elements=assessed.elements if assessed else None,
        digest=holding.digest if holding else None,
        outcome=decided.outcome if decided else None,
        granted=decided.kroner if decided else None,
        reason_code=decided.reason_code if decided else None,
        reason=None,
        remarks=[],
        attested=_attested(claim, hpr, holding.digest if holding else None, statements),
    )


def _attested(claim: GrantClaim, hpr: str, digest: str | None, statements: Mapping[str, int]) -> AttestedView | None:
    signed = claim.attested.get(hpr)
    if signed is None:
        return None
    stale = signed.digest != digest
    return AttestedView(statements[hpr], signed.finding, signed.kroner, signed.remark, signed.digest, stale)


def _documents(claim: GrantClaim, events: Sequence[ClaimEvent]) -> list[DocumentView]:
    """Each document of the claim once, as it was attached last."""
    attached = {each.document: each for each in _of(events, DocumentAttached)}
    return [_document(event) for document, event in attached.items() if document in claim.documents]


def _document(event: DocumentAttached) -> DocumentView:
    return DocumentView(
        event.document,
        event.kind,
        event.media_type,
        event.size,
        event.hpr,
        event.name,
        event.recorded_at.astimezone(UTC),
        event.recorded_by,
    )


def _assessment(claim: GrantClaim, events: Sequence[ClaimEvent]) -> AssessmentView | None:
    if not claim.assessment:
        return None
    name = claim.assessment.name
    event = assessments_in(events)[name]
    on = event.rests_on
    return AssessmentView(
        name,
        event.recorded_at.astimezone(UTC),
        event.recorded_by,
        on.rule_set,
        on.rule_set_digest,
        on.engine_version,
        on.result_digest,
        sum(line.amount or 0 for line in event.lines),
    )


def _statements(events: Sequence[ClaimEvent]) -> Iterator[StatementView]:
    signed = _of(events, ClaimAttested)
    last = {line.hpr: event.statement for event in signed for line in event.lines}
    for event, decision in zip(events, decisions_named(events), strict=True):
        if not isinstance(event, ClaimAttested) or decision is None:
            continue
        content = event.model_dump(mode="json", exclude={"type", "claim", "recorded_at", "recorded_by", "decision"})
        number = content.pop("statement")
        standing = event.statement in last.values()
        yield StatementView(number, decision, event.recorded_at.astimezone(UTC), event.recorded_by, standing, content)


def _steps(claim: GrantClaim, asked: Asked) -> list[StepState]:
    context = asked.context or plain_context(claim, asked.who, asked.moment, asked.rules)
    return [
        StepState(each.step, possible=True, code=None, detail=None)
        if each.refusal is None
        else StepState(each.step, possible=False, code=each.refusal.code, detail=str(each.refusal))
        for each in possible_steps(claim, context)
    ]
