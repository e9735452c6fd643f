"""What later knowledge changes: the tasks that follow, a decision, and what a revisor signed."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from api.access.guarded import Guarded
from api.claims.access import Asker, SeenClaim
from api.described import responses as doc
from api.http.conditions import answer
from api.http.identity import Asking, Seeing
from api.http.lists import PageQuery, Reading, cursor_of, key_of
from api.http.parameters import IfNoneMatch, Nothing
from api.http.services import Serving
from domain.casework.claims.claim_effects import EffectShape
from domain.claim.lines.signed import SignedStatement
from domain.claim.parts.parts import ClaimName
from domain.values.fields import MunicipalityCode, RegisteredId, Shape
from domain.values.refusals.refusal import refused
from projections.claims.task_rows import Kind
from projections.claims.tasks import Task, TasksWanted, tasks

TASKS: Final = "t"
router = APIRouter(prefix="/api/v1", tags=["claims"], route_class=Guarded)


class NamedEffect(EffectShape):
    """The effect with the names of its doctors, by HPR number, as they are known now."""

    names: dict[str, str]


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
    """Tasks in the order of their claims and lines; `next` is the next cursor.

    `names` are those of their doctors, by HPR number, as they are known now; none for those who may not see them.
    """

    tasks: list[Task]
    names: dict[str, str]
    next: str | None


@router.get(
    "/tasks",
    summary="List tasks",
    operation_id="list_tasks",
    response_model=TaskList,
    responses=doc.listing(),
)
def listed(query: Annotated[TasksQuery, Query()], actor: Asking, sight: Seeing, reading: Reading) -> Response:
    """List what is to be done about the decided claims that the caller may see.

    `changed_after_decision`: a fact stored after the decision, or another rule set, makes another line of it; the
    caseworker opens the claim again. `attestation_stale`: a line that a revisor signed has another content now.
    `line_after_decision`: a doctor has a line now that the decision lacks, and nobody took it out as it is; it comes
    with the claim when that is opened again. A task is listed as long as it holds, and goes with a new decision, a new
    statement, or a correction back. What changes no line makes no task.
    """
    key = key_of(TASKS, query.cursor, r"[0-9]{4}-[^\x00]{1,64}/[0-9]{7,9}/[a-z_]{1,32}")
    wanted = TasksWanted(query.claim, query.municipality, query.round, query.kind, sight)
    line, _, kind = key.rpartition("/") if key else ("", "", "")
    found = reading.ask(lambda connection: tasks(connection, wanted, (line, kind), query.limit))
    following = cursor_of(TASKS, found.after)
    names = reading.serving.casework.names_for(actor, {each.hpr for each in found.items})
    return reading.answer(TaskList(found.items, names, following), following)


@router.get(
    "/claims/{claim}/effect",
    summary="Read what later knowledge makes of a decision",
    operation_id="read_claim_effect",
    response_model=NamedEffect,
    responses=doc.reading("unknown-claim", "not-decided"),
)
def effect(
    request: Request, claim: SeenClaim, asked: Annotated[Asker, Depends()], _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Read the decision that holds recomputed with today's facts and rules, before and after it is opened again.

    Answers with the earliest month affected, old and new kroner of each month, line and cause, and digests that prove
    the earlier months unchanged; and the lines that doctors have now and the decision lacks. Kroner are those that can
    be granted, within what a person limited a line to.
    """
    found = asked.serving.casework.claims.effect(claim, asked.sight)
    if found is None:
        raise refused("not-decided")
    names = asked.serving.casework.names_for(asked.actor, {line.subject.hpr for line in found.lines})
    return answer(request, _as_bytes({**found.as_json(whole=not asked.sight.places), "names": names}))


@router.get(
    "/claims/{claim}/statements",
    summary="Read the revisors' statements",
    operation_id="read_claim_statements",
    response_model=StatementsShape,
    responses=doc.reading("unknown-claim"),
)
def statements(
    request: Request, claim: SeenClaim, sight: Seeing, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Read the revisors' statements in order, whole, the replaced ones too.

    A signed line is `stale` if its canonical result is another now than the one signed, with the facts that caused it;
    the other lines stand.
    """
    found = serving.casework.claims.statements(claim, sight)
    return answer(request, _as_bytes({"claim": claim, "statements": found}))


def _as_bytes(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode()
