"""Ties: declared and ended by those who handle cases, and asked for by those who control them."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.described import responses as doc
from api.described.typed_body import typed_body
from api.door.patience import heavy
from api.http.bodies import Body
from api.http.commands import CREATED, Answered, Changing, changing
from api.http.conditions import answer
from api.http.identity import Asking
from api.http.parameters import IfNoneMatch, NoQuery, Nothing
from api.http.services import Serving
from api.ties.view import TiedDecisions, TieList, TieView, decisions_view, tie_view, ties_view
from domain.casework.access.table import roles_of
from domain.casework.commands.commands import Actor
from domain.casework.registers.register import RegisterReceipt
from domain.ties.events import TIE_TYPES
from domain.ties.ties import Ties
from domain.values.fields import RecordedBy

PREFIX: Final = "/api/v1/ties"
NEW_TIE: Final = typed_body("NewTie", TIE_TYPES, "tie", frozenset({"recorded_at", "recorded_by"}))
router = APIRouter(prefix=PREFIX, tags=["ties"], route_class=Guarded)
Registering = Annotated[Changing, Depends(changing("the tie as it was answered"))]


class DecisionsQuery(NoQuery):
    """Whose ties."""

    person: RecordedBy | None = Field(
        default=None, description="The ties of this person alone; else of all.", examples=["godkjenner:cd"]
    )


@router.get(
    "",
    summary="List ties",
    operation_id="list_ties",
    response_model=TieList,
    responses=doc.reading(),
)
def listed(request: Request, actor: Asking, serving: Serving, _query: Nothing, _seen: IfNoneMatch = None) -> Response:
    """List the ties that are declared, ended ones too, in the order declared."""
    ties = serving.casework.ties
    view = ties_view(ties.current(), ties.current_code, personal=_sees_reasons(actor))
    return answer(request, to_json(view))


@router.get(
    "/decisions",
    summary="Find decided claims touched by ties",
    operation_id="list_tied_decisions",
    response_model=TiedDecisions,
    responses=doc.reading("takes-too-long", "crowded"),
)
def decisions(
    request: Request, query: Annotated[DecisionsQuery, Query()], serving: Serving, _seen: IfNoneMatch = None
) -> Response:
    """Find the decided claims in which somebody with a tie took part while it was in force, with what they did when.

    `declared_before` says of each step whether the tie had been declared by then, or was only later.
    """
    with heavy(request, serving):
        found = serving.casework.tie_search.decisions(query.person)
    return answer(request, to_json(decisions_view(found, serving.casework.ties.current_code)))


@router.post(
    "",
    summary="Declare or end a tie",
    operation_id="register_tie",
    status_code=CREATED,
    response_model=TieView,
    responses=doc.creating(
        "TieView",
        "unknown-municipality",
        "tie-id-used",
        "unknown-tie",
        "own-tie",
        "ends-before-it-begins",
        location="The address of the list of ties.",
        named_in_body=("unknown-tie", "unknown-municipality"),
    ),
    openapi_extra=NEW_TIE,
)
def register(body: Body, asked: Registering, _query: Nothing) -> Response:
    """Declare a tie to a doctor or a municipality, of oneself or of a colleague, or end one.

    Whoever has a tie in force takes no step in its cases as caseworker or approver, and registers nothing on the
    doctor. A tie is ended by somebody else than the person who has it. 201 with the tie; 200 where that was known.
    """
    ties, personal = asked.serving.casework.ties, _sees_reasons(asked.actor)

    def content(known: Ties) -> bytes | None:
        tie = known.by_id.get(str(body.get("tie")))
        return None if tie is None else to_json(tie_view(tie, ties.current_code, personal=personal))

    def done(receipt: RegisterReceipt) -> Answered:
        then = tie_view(ties.at(receipt.name, receipt.version), ties.current_code, personal=personal)
        return Answered(to_json(then), PREFIX, receipt.stored)

    now, seen = asked.serving.now(), asked.precondition(content)
    return asked.carry_out(body, lambda command: ties.register(body, now, command, seen), done)


def _sees_reasons(actor: Actor) -> bool:
    return actor.role in roles_of("ties.change")
