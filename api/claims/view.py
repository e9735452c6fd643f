"""A claim as a caller sees it: made from its events, for one person, at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from pydantic import JsonValue
from pydantic_core import to_json

from api.claims.access import Asker
from api.claims.decisions import (
    AssessmentView,
    DecisionView,
    StatementView,
    assessment_view,
    decision_views,
    statement_views,
)
from api.claims.lines import LineView, line_views
from domain.casework.claims.claim_loading import claim_in
from domain.claim.parts.parts import DocumentKind
from domain.claim.rights.known import Dates, Known
from domain.claim.rights.step import Acting
from domain.claim.steps.possible import possible_steps
from domain.claim.stream.events import ClaimAttested, ClaimEvent, DocumentAttached
from domain.claim.stream.state import GrantClaim
from domain.store import NEWEST, Recorded
from projections.claims.claim_decisions import ProposalView, proposal_views
from projections.claims.claim_details import content
from projections.claims.claim_sentences import PROPOSED, sentences
from projections.claims.claims import events_of
from projections.claims.known_of_lines import KnownOfLines

_WRITTEN = ("reason", "remark")


@dataclass(frozen=True, slots=True)
class StepState:
    """A step, and whether whoever asks can take it now; where not, why, and what to do instead."""

    step: str
    possible: bool
    code: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document: its digest is its name in the address."""

    document: str
    kind: DocumentKind
    media_type: str
    size: int
    hpr: str | None
    name: str
    attached_at: datetime
    attached_by: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened: a sentence, the text that somebody wrote with it, and all that it says."""

    at: datetime
    by: str
    role: str | None
    event: str
    sentence: str
    text: str | None
    content: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with its lines, its documents, what was decided, what can be done now, and its history.

    `names` are those of its doctors, by HPR number, as they are known now; none for those who may not see them.

    A doctor is told of the own line alone: the kroner are its, and null where they are known of the whole claim only.
    """

    claim: str
    municipality: str
    round: str
    status: str
    deadline: date | None
    report_due: date | None
    assessed: int | None
    granted: int | None
    settled: int | None
    outstanding: int | None
    names: dict[str, str]
    lines: list[LineView]
    documents: list[DocumentView]
    assessment: AssessmentView | None
    decisions: list[DecisionView]
    statements: list[StatementView]
    steps: list[StepState]
    history: list[Happened]


@dataclass(frozen=True, slots=True)
class ViewContext:
    """What one person is shown of a claim at one moment, besides its events."""

    acting: Acting
    """Who is shown it, and when."""
    known: Known
    """What is known about the steps before one is taken."""
    lines: KnownOfLines = field(default_factory=KnownOfLines)
    """What is known of the lines beside the claim's own events."""
    all_proposals: bool = True
    """Whether proposals are shown before they are approved."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names that this person may see, by HPR number."""


def shown(asked: Asker, recorded: list[Recorded], *, as_of_last: bool = False) -> bytes:
    """A claim as JSON for one person: as of this moment, or as of the last of its events."""
    serving, actor, sight = asked.serving, asked.actor, asked.sight
    claims, whole = serving.casework.claims, sight.whole
    moment = recorded[-1].event.recorded_at if as_of_last else serving.now()
    events = events_of(recorded)
    signed = any(isinstance(event, ClaimAttested) for event in events)
    statements = claims.statements(events[0].claim) if signed else []
    stale = {line["hpr"] for each in statements for line in each["lines"] if line["state"] == "stale"}
    stored = claim_in(recorded)
    findings = claims.findings(stored.state) if whole else {}
    acting, known = Acting(stored.state.name, actor, moment), claims.beforehand(stored, actor, moment)
    until = recorded[-1].position if as_of_last else None
    of_lines = KnownOfLines(claims.costs(stored.state, until or NEWEST), stale, findings)
    names = serving.casework.names_for(actor, stored.state.doctors)
    context = ViewContext(acting, known, of_lines, whole, names)
    view = claim_view(stored.state, claims.told(recorded, sight), context)
    return to_json(view if sight.doctor is None else _of_line(view, sight.doctor))


def _of_line(view: ClaimView, hpr: str) -> ClaimView:
    """The claim as the doctor of a line is told it; what happened and was decided is of the line already."""
    lines = [line for line in view.lines if line.hpr == hpr]
    made = view.assessment and replace(view.assessment, result_digest=None)
    assessed = sum(line.amount or 0 for line in lines) if made else None
    granted = None if view.granted is None else sum(line.granted or 0 for line in lines)
    told = replace(view, names={}, lines=lines, assessment=made, steps=[])
    return replace(told, assessed=assessed, granted=granted, settled=None, outstanding=None)


def claim_view(claim: GrantClaim, recorded: Sequence[Recorded], seen: ViewContext) -> ClaimView:
    """A claim and its events, as one person sees them."""
    events, dates = events_of(recorded), seen.known[Dates]
    made, proposals = claim.assessment, proposal_views(events)
    return ClaimView(
        claim=claim.name,
        municipality=claim.municipality,
        round=claim.round,
        status=claim.status or "",
        deadline=dates.claim_deadline,
        report_due=dates.report_due,
        assessed=sum(line.amount or 0 for line in made.lines.values()) if made else None,
        granted=claim.decided.total if claim.decided else None,
        settled=claim.settled,
        outstanding=claim.outstanding,
        names=dict(seen.names),
        lines=line_views(claim, events, proposals, seen.lines),
        documents=_documents(claim, events),
        assessment=assessment_view(events, made.name) if made else None,
        decisions=list(decision_views(proposals, seen.lines.findings, all_proposals=seen.all_proposals)),
        statements=list(statement_views(events)),
        steps=_steps(claim, seen),
        history=_history(recorded, proposals, all_proposals=seen.all_proposals),
    )


def _documents(claim: GrantClaim, events: Sequence[ClaimEvent]) -> list[DocumentView]:
    """Each document of the claim once, as it was attached last."""
    attached = {each.document: each for each in events if isinstance(each, DocumentAttached)}
    return [_document(event) for document, event in attached.items() if document in claim.documents]


def _document(event: DocumentAttached) -> DocumentView:
    at, by = event.recorded_at.astimezone(UTC), event.recorded_by
    return DocumentView(event.document, event.kind, event.media_type, event.size, event.hpr, event.name, at, by)


def _steps(claim: GrantClaim, seen: ViewContext) -> list[StepState]:
    return [
        StepState(each.step, possible=True, code=None, detail=None)
        if each.refusal is None
        else StepState(each.step, possible=False, code=each.refusal.code, detail=str(each.refusal))
        for each in possible_steps(claim, seen.acting, seen.known)
    ]


def _history(recorded: Sequence[Recorded], proposals: Sequence[ProposalView], *, all_proposals: bool) -> list[Happened]:
    """Everything that happened, with all that was written."""
    unseen = set[int]() if all_proposals else {id(each.event) for each in proposals if not each.approved}
    said = sentences(events_of(recorded))
    return [_happened(each, text, seen=id(each.event) not in unseen) for each, text in zip(recorded, said, strict=True)]


def _happened(each: Recorded, sentence: str, *, seen: bool) -> Happened:
    event = each.event
    assert isinstance(event, ClaimEvent)  # noqa: S101 - nothing else is in a claim's stream
    text = next((written for name in _WRITTEN if (written := getattr(event, name, None))), None)
    at, said = event.recorded_at.astimezone(UTC), sentence if seen else PROPOSED
    return Happened(at, event.recorded_by, each.origin.role, event.event_topic, said, text, content(event, whole=seen))
