"""What later knowledge changes: the tasks it opens, its effect on a decision, and on what a revisor signed."""

import json
from dataclasses import replace
from datetime import UTC
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from api.claims import claim_documentation as shared
from api.claims import claim_effect_documentation as doc
from api.claims.access import SeenClaim, own_municipality
from api.claims.effect_shapes import EffectShape, StatementsShape, TaskList, TasksQuery
from api.http.conditions import answer
from api.http.identity import Asking
from api.http.lists import Reading, cursor_of, key_of
from api.http.parameters import IfNoneMatch, Nothing
from api.http.services import Serving
from domain.casework.commands.commands import Actor
from domain.values.refusals.refusal import refused
from projections.claims.tasks import Task, Wanted, tasks

TASKS: Final = "t"
router = APIRouter(prefix="/api/v1", tags=["claims"])


@router.get(
    "/tasks",
    summary="List tasks",
    operation_id="list_tasks",
    description=doc.LIST_TASKS,
    response_model=TaskList,
    responses=shared.listing(),
)
def listed(query: Annotated[TasksQuery, Query()], actor: Asking, reading: Reading) -> Response:
    """The tasks of the claims that whoever asks may see, those that the filters let through."""
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
    description=doc.READ_EFFECT,
    response_model=EffectShape,
    responses=shared.reading("unknown-claim", "not-decided"),
)
def effect(
    request: Request, claim: SeenClaim, actor: Asking, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Line by line, month by month, cause by cause, with the months before the first one proved unchanged."""
    found = serving.casework.claims.effect(claim)
    if found is None:
        raise refused("not-decided")
    return answer(request, _as_bytes(found.as_json(whole=_sees_all(actor))))


@router.get(
    "/claims/{claim}/statements",
    summary="Read the revisors' statements",
    operation_id="read_claim_statements",
    description=doc.READ_STATEMENTS,
    response_model=StatementsShape,
    responses=shared.reading("unknown-claim"),
)
def statements(
    request: Request, claim: SeenClaim, actor: Asking, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Every statement with its lines, and which of them are replaced or stale, and why."""
    found = serving.casework.claims.statements(claim, whole=_sees_all(actor))
    return answer(request, _as_bytes({"claim": claim, "statements": found}))


def _sees_all(actor: Actor) -> bool:
    """Whether somebody sees the whole doctor, and not what one municipality does."""
    return own_municipality(actor) is None


def _as_bytes(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode()


def _in_utc(task: Task) -> Task:
    """Moments as everywhere else, whatever the database's time zone is."""
    return replace(task, since=task.since and task.since.astimezone(UTC))
