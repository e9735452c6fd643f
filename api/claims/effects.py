"""What later knowledge changes: the tasks that follow, a decision, and what a revisor signed."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, JsonValue

from api.claims.access import INVISIBLE, SeenClaim, own_municipality, sees_all
from api.described import responses as doc
from api.described.responses import listing
from api.http.conditions import answer
from api.http.identity import Asking
from api.http.lists import PageQuery, Reading, cursor_of, key_of
from api.http.parameters import IfNoneMatch, Nothing
from api.http.services import Serving
from domain.claim.parts.parts import AttestedContent, ClaimName, Finding, Outcome
from domain.rules.compare.changes import LineChangeShape
from domain.rules.findings.view import FindingShape
from domain.rules.sets.rule_set import Digest
from domain.values.fields import MonthText, MunicipalityCode, RegisteredHpr, RegisteredId, Shape
from domain.values.refusals.refusal import refused
from projections.claims.task_rows import Kind
from projections.claims.tasks import Task, Wanted, tasks

TASKS: Final = "t"
router = APIRouter(prefix="/api/v1", tags=["claims"])


class CauseShape(Shape):
    """What became known, or which parameters are others, and the kroner that it makes of the line.

    `limit` is that what the program once proposed limits the line no more.
    """

    kind: Literal["fact", "parameter", "limit"]
    kroner: int | None
    text: str
    facts: list[dict[str, JsonValue]]
    parameters: list[dict[str, JsonValue]]


class UnchangedShape(Shape):
    """The months before the earliest one affected: digests over what they came to then and now, which are the same."""

    months: list[MonthText]
    digest_before: Digest
    digest_after: Digest
    identical: bool


class AffectedLineShape(LineChangeShape):
    """A decided line that comes to something else now, in kroner that can be granted, or one that the decision lacks.

    `decided` are the kroner of the decision; a line that it lacks has none, and no `outcome`. The kroner of `causes`
    sum to the difference, gone through in `order`.
    """

    first_month: MonthText | None
    unchanged: UnchangedShape
    order: str
    causes: list[CauseShape]
    findings: list[FindingShape]
    outcome: Outcome | None
    decided: int


class RulesThenAndNow(Shape):
    """The rule sets that the line is seen under."""

    decided: RegisteredId
    now: RegisteredId


class EffectShape(Shape):
    """The decision that holds, recomputed with today's facts and rules.

    `would_grant` is a decision that grants what can be on the lines that change, and the rest as decided; one that got
    less than it could, for a reason, gets no more than it got. `outstanding` is what would then remain to be paid, or
    below zero reclaimed.
    """

    claim: str
    decision: int | str
    rules: RulesThenAndNow
    decided: int
    settled: int
    would_grant: int | None
    difference: int | None
    outstanding: int | None
    first_month: MonthText | None
    lines: list[AffectedLineShape]


class SignedLineShape(Shape):
    """A signed line, and whether it stands: `stale` where its content has changed since, with the causes."""

    hpr: RegisteredHpr
    digest: Digest
    finding: Finding
    kroner: int | None
    remark: str | None
    state: Literal["stands", "stale", "replaced"]
    replaced_by: int | None
    causes: list[CauseShape]


class SignedStatement(Shape):
    """A revisor's statement, whole."""

    statement: int
    decision: int | str
    recorded_at: datetime
    recorded_by: str
    grant_scheme: str
    budget_item: str
    addressee: str
    attested: list[AttestedContent]
    control_actions: list[str]
    lines: list[SignedLineShape]
    place: str
    signed_on: date
    name: str
    firm: str


class StatementsShape(Shape):
    """The statements of a claim in order, those that were replaced too."""

    claim: str
    statements: list[SignedStatement]


class TasksQuery(PageQuery):
    """Which tasks."""

    municipality: MunicipalityCode | None = Field(
        default=None, description="Those of this municipality's claims.", examples=["1804"]
    )
    round: RegisteredId | None = Field(default=None, description="Those of this round.", examples=["2026"])
    claim: ClaimName | None = Field(default=None, description="Those of this claim.", examples=["1804-2026"])
    kind: Kind | None = Field(default=None, description="Those of this kind.", examples=["changed_after_decision"])


@dataclass(frozen=True, slots=True)
class TaskList:
    """Tasks in the order of their claims and lines; `next` is the next cursor."""

    tasks: list[Task]
    next: str | None


@router.get(
    "/tasks",
    summary="List tasks",
    operation_id="list_tasks",
    response_model=TaskList,
    responses=listing(*INVISIBLE),
)
def listed(query: Annotated[TasksQuery, Query()], actor: Asking, reading: Reading) -> Response:
    """List what is to be done about the decided claims that the caller may see.

    `changed_after_decision`: a fact stored after the decision, or another rule set, makes another line of it; the
    caseworker opens the claim again. `attestation_stale`: a line that a revisor signed has another content now.
    `line_after_decision`: a doctor has a line now that the decision lacks, and nobody took it out as it is; it comes
    with the claim when that is opened again. A task is listed as long as it holds, and goes with a new decision, a new
    statement, or a correction back. What changes no line makes no task.
    """
    own = own_municipality(actor)
    key = key_of(TASKS, query.cursor, r"[0-9]{4}-[^\x00]{1,64}/[0-9]{7,9}/[a-z_]{1,32}")
    if own is not None and query.municipality not in {None, own}:
        return reading.answer(TaskList([], None))
    wanted = Wanted(query.claim, own or query.municipality, query.round, query.kind, whole=own is None)
    line, _, kind = key.rpartition("/") if key else ("", "", "")
    found = reading.ask(lambda connection: tasks(connection, wanted, (line, kind), query.limit))
    following = cursor_of(TASKS, found.after)
    return reading.answer(TaskList([_in_utc(each) for each in found.items], following), following)


@router.get(
    "/claims/{claim}/effect",
    summary="Read what later knowledge makes of a decision",
    operation_id="read_claim_effect",
    response_model=EffectShape,
    responses=doc.reading(*INVISIBLE, "unknown-claim", "not-decided"),
)
def effect(
    request: Request, claim: SeenClaim, actor: Asking, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Read the decision that holds recomputed with today's facts and rules, before and after it is opened again.

    Answers with the earliest month affected, old and new kroner of each month, line and cause, and digests that prove
    the earlier months unchanged; and the lines that doctors have now and the decision lacks. Kroner are those that can
    be granted, within what a person limited a line to.
    """
    found = serving.casework.claims.effect(claim)
    if found is None:
        raise refused("not-decided")
    return answer(request, _as_bytes(found.as_json(whole=sees_all(actor))))


@router.get(
    "/claims/{claim}/statements",
    summary="Read the revisors' statements",
    operation_id="read_claim_statements",
    response_model=StatementsShape,
    responses=doc.reading(*INVISIBLE, "unknown-claim"),
)
def statements(
    request: Request, claim: SeenClaim, actor: Asking, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Read the revisors' statements in order, whole, the replaced ones too.

    A signed line is `stale` if its canonical result is another now than the one signed, with the facts that caused it;
    the other lines stand.
    """
    found = serving.casework.claims.statements(claim, whole=sees_all(actor))
    return answer(request, _as_bytes({"claim": claim, "statements": found}))


def _as_bytes(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode()


def _in_utc(task: Task) -> Task:
    """Moments as everywhere else, whatever the database's time zone is."""
    return replace(task, since=task.since and task.since.astimezone(UTC))
