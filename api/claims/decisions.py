"""What was assessed, decided and signed of a claim, as a caller sees it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from domain.casework.access.sight import Sight
from domain.claim.stream.events import ClaimAssessed, ClaimAttested, ClaimEvent
from domain.claim.stream.numbering import NumberName, assessments_in, decisions_named
from domain.values.refusals.refusal import refused
from projections.claims.claim_decisions import DecidedLineView, ProposalView


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """What the last assessment rests on, but for the log; a doctor is told no digest of all lines."""

    assessment: int | str
    at: datetime
    by: str
    rule_set: str
    rule_set_digest: str
    engine_version: str
    result_digest: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class AssessmentBasis:
    """All that an assessment rests on. Only Helsedirektoratet sees how far the log was read; to others it is null.

    A doctor sees the own line of the result, and nothing that follows from the others.
    """

    claim: str
    assessment: int | str
    at: datetime
    by: str
    rule_set: str
    rule_set_digest: str
    rule_book_version: int
    engine_version: str
    claim_version: int | None
    position: int | None
    streams: dict[str, int] | None
    result: dict[str, JsonValue]
    result_digest: str | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as proposed and, by another person, approved or sent back for a reason, line by line.

    What is proposed and not approved is seen by Helsedirektoratet alone: to others it has no total and no lines.
    """

    decision: int | str
    assessment: int | str
    total: int | None
    proposed_at: datetime
    proposed_by: str
    state: str
    settled_at: datetime | None
    settled_by: str | None
    reason: str | None
    lines: list[DecidedLineView]


@dataclass(frozen=True, slots=True)
class StatementView:
    """What a revisor signed, whole; `standing` says that no later statement is about the same lines."""

    statement: int
    decision: int | str
    at: datetime
    by: str
    standing: bool
    content: dict[str, JsonValue]


def assessment_view(events: Sequence[ClaimEvent], name: NumberName) -> AssessmentView:
    """An assessment of a claim by what it is called."""
    event = assessments_in(events)[name]
    at, on, amount = event.recorded_at.astimezone(UTC), event.rests_on, sum(line.amount or 0 for line in event.lines)
    return AssessmentView(
        name, at, event.recorded_by, on.rule_set, on.rule_set_digest, on.engine_version, on.result_digest, amount
    )


def assessment_basis(events: Sequence[ClaimEvent], number: str, sight: Sight) -> AssessmentBasis:
    """What an assessment of a claim rests on; raises `Refused` (unknown-assessment)."""
    for name, event in assessments_in(events).items():
        if str(name) == number:
            rests_on = {**dict(event.rests_on), **_unseen(event, sight)}
            at, by = event.recorded_at.astimezone(UTC), event.recorded_by
            return AssessmentBasis(event.claim, name, at, by, **rests_on)
    raise refused("unknown-assessment", number=number)


def _unseen(event: ClaimAssessed, sight: Sight) -> dict[str, Any]:
    """What somebody sees otherwise of what an assessment rests on."""
    log: dict[str, Any] = {} if sight.whole else dict.fromkeys(("position", "streams"))
    if sight.doctor is None:
        return log
    result = event.rests_on.result
    lines = [line for line in result["lines"] if line["hpr"] == sight.doctor]
    return {**log, "claim_version": None, "result_digest": None, "result": {**result, "lines": lines}}


def decision_views(
    proposals: Sequence[ProposalView], findings: Mapping[str, tuple[str, ...]], *, all_proposals: bool
) -> Iterator[DecisionView]:
    """Each decision; one that is not approved has no kroner and no lines for those who may not see them."""
    for each in proposals:
        event, settled = each.event, each.settled
        seen = each.approved or all_proposals
        looked_at = findings if settled is None else {}
        lines = [replace(line, findings=looked_at.get(line.hpr, ())) for line in each.lines]
        yield DecisionView(
            each.name,
            each.assessment,
            sum(line.kroner for line in event.lines) if seen else None,
            event.recorded_at.astimezone(UTC),
            event.recorded_by,
            each.state,
            settled.recorded_at.astimezone(UTC) if settled else None,
            settled.recorded_by if settled else None,
            each.sent_back_for,
            lines if seen else [],
        )


def statement_views(events: Sequence[ClaimEvent]) -> Iterator[StatementView]:
    """Each statement of a revisor, in order."""
    last = {line.hpr: event.statement for event in events if isinstance(event, ClaimAttested) for line in event.lines}
    for event, decision in zip(events, decisions_named(events), strict=True):
        if isinstance(event, ClaimAttested) and decision is not None:
            at, by, standing = event.recorded_at.astimezone(UTC), event.recorded_by, event.statement in last.values()
            apart = {"type", "claim", "recorded_at", "recorded_by", "decision", "statement"}
            content = event.model_dump(mode="json", exclude=apart)
            yield StatementView(event.statement, decision, at, by, standing, content)
