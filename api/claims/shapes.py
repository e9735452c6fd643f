"""What is asked of claims and answered about them. No position of the log stands in it but for Helsedirektoratet."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import Field, JsonValue

from api.http.parameters import NoQuery
from api.round.read_side_shapes import PageQuery
from domain.claim.parts.parts import DocumentKind
from domain.claim.stream.state import Status
from domain.values import fields as values
from domain.values.fields import RegisteredHpr, RegisteredId
from projections.claims.claim_decisions import DecidedLineView
from projections.claims.claims import ClaimInShort


class ClaimsQuery(PageQuery):
    """Which claims."""

    municipality: values.MunicipalityCode | None = Field(
        default=None, description="Those of this municipality.", examples=["1804"]
    )
    round: RegisteredId | None = Field(default=None, description="Those of this round.", examples=["2026"])
    status: Status | None = Field(default=None, description="Those that are here in their life.", examples=["assessed"])
    doctor: RegisteredHpr | None = Field(
        default=None, description="Those with a line for this doctor.", examples=["9000001"]
    )


class DocumentQuery(NoQuery):
    """What a document is."""

    kind: DocumentKind = Field(description="What it is.", examples=["agreement"])
    hpr: RegisteredHpr | None = Field(
        default=None, description="The line that it belongs to; else to the claim.", examples=["9000001"]
    )
    name: str | None = Field(
        default=None, min_length=1, max_length=200, pattern=r"\S", description="What to call it; else its kind."
    )


@dataclass(frozen=True, slots=True)
class ClaimList:
    """Claims in the order of their names; `next` is the next cursor."""

    claims: list[ClaimInShort]
    next: str | None


@dataclass(frozen=True, slots=True)
class StepState:
    """A step, and whether whoever asks can take it now; where not, why, and what to do instead."""

    step: str
    possible: bool
    code: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class ClaimedCost:
    """A cost as reported: whole kroner, and the fact of the doctor's that it was recorded as."""

    element: str
    kroner: int
    fact: str


@dataclass(frozen=True, slots=True)
class AttestedView:
    """What a revisor said last of a line, in which statement, and over which content.

    `kroner` are those of a deviation: positive where the grant was too high, negative where it was too low. `stale`
    says that the line comes to something else now, for what became known or was decided since.
    """

    statement: int
    finding: str
    kroner: int | None
    remark: str | None
    digest: str
    stale: bool


@dataclass(frozen=True, slots=True)
class RemarkView:
    """What was to be put right on a line when the claim was returned."""

    at: datetime
    by: str
    remark: str


@dataclass(frozen=True, slots=True)
class LimitView:
    """Who limited a line, when, and why where that was said."""

    by: str
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line: what it is limited to, what it was assessed to, what is decided, what the revisor found.

    `basis`, `first_month`, `last_month` and `supplement` are what a person limited it to, as `limit` says; each is
    null where nobody did, for then the line applies for all that is computed. `computed` is without regard to the
    limits, `amount` within them, and `elements` what that consists of. `digest` is of the line's canonical result,
    which a revisor signs.
    """

    hpr: str
    basis: str | None
    first_month: str | None
    last_month: str | None
    supplement: bool | None
    limit: LimitView | None
    confirmed: bool
    project_code: str | None
    costs: list[ClaimedCost]
    computed: int | None
    amount: int | None
    elements: dict[str, int] | None
    digest: str | None
    outcome: str | None
    granted: int | None
    reason_code: str | None
    reason: str | None
    remarks: list[RemarkView]
    attested: AttestedView | None


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
class AssessmentView:
    """What the last assessment rests on, but for the log."""

    assessment: int | str
    at: datetime
    by: str
    rule_set: str
    rule_set_digest: str
    engine_version: str
    result_digest: str
    amount: int


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
    """A claim with its lines, its documents, what was decided, what can be done now, and its history."""

    claim: str
    municipality: str
    round: str
    status: str
    deadline: date | None
    report_due: date | None
    assessed: int | None
    granted: int | None
    settled: int
    outstanding: int
    lines: list[LineView]
    documents: list[DocumentView]
    assessment: AssessmentView | None
    decisions: list[DecisionView]
    statements: list[StatementView]
    steps: list[StepState]
    history: list[Happened]


@dataclass(frozen=True, slots=True)
class AssessmentBasis:
    """All that an assessment rests on. Only Helsedirektoratet sees how far the log was read; to others it is null."""

    claim: str
    assessment: int | str
    at: datetime
    by: str
    rule_set: str
    rule_set_digest: str
    rule_book_version: int
    engine_version: str
    claim_version: int
    position: int | None
    streams: dict[str, int] | None
    result: dict[str, JsonValue]
    result_digest: str


@dataclass(frozen=True, slots=True)
class RepeatedDecisionView:
    """A decision computed again from exactly what it rests on."""

    decision: int | str
    assessment: int | str
    engine_version: str
    identical: bool
    first_difference: str | None
    result: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class RepeatedView:
    """Every decision of a claim repeated."""

    claim: str
    identical: bool
    decisions: list[RepeatedDecisionView]
