"""The decisions in force that a ruling touches."""

import json
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response

from api.access.guarded import Guarded
from api.claims.access import Asker
from api.described import responses as doc
from api.door.patience import heavy
from api.http.conditions import answer
from api.http.parameters import IfNoneMatch, Nothing
from domain.casework.claims.claim_rulings import RulingEffectShape
from domain.values.fields import RegisteredId
from domain.values.refusals.refusal import refused

router = APIRouter(prefix="/api/v1/rulings", tags=["claims"], route_class=Guarded)
_RULES: Final = "rules"
"""The role that sees what a ruling does to each municipality, and no doctor."""
Asked = Annotated[RegisteredId, Path(alias="question", description="The question's id.", examples=["fullt-fravær"])]


@router.get(
    "/{question}/decisions",
    summary="Read the decisions that a ruling touches",
    operation_id="read_ruling_decisions",
    response_model=RulingEffectShape,
    responses=doc.reading("takes-too-long", "crowded", "unknown-question", "no-answer"),
)
def touched(
    request: Request, question: Asked, asked: Annotated[Asker, Depends()], _query: Nothing, _seen: IfNoneMatch = None
) -> Response:
    """Read the decisions in force that were made under another value of the choice than the ruled one, with kroner.

    Each is computed under the ruled value with all else as it was decided; none is another for it. Of an answer that is
    proposed, those that it would touch. A municipality and its revisor see their own; `rules` sees the decisions
    without their lines.
    """
    casework, serving = asked.serving.casework, asked.serving
    ruling = casework.book.current().asked.question(question).ruling(serving.now())
    if ruling is None:
        raise refused("no-answer", question=question)
    with heavy(request, serving):
        found = casework.ruling_effects.of(ruling, asked.sight.places)
    told = found.as_json(lines=asked.actor.role != _RULES)
    return answer(request, json.dumps(told, ensure_ascii=False).encode())
