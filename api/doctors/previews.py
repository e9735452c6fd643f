"""Previews: what a fact would change, with nothing stored."""

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.described import responses as doc
from api.doctors.bodies import NEW_FACT, fact_of
from api.http.bodies import Body
from api.http.identity import Asking
from api.http.parameters import Hpr, Nothing
from api.http.services import Serving
from deploy.clock import new_id
from domain.casework.facts.seeing import bounds_of
from domain.casework.preview import PreviewShape

router = APIRouter(prefix="/api/v1/doctors", tags=["doctors"])


@dataclass(frozen=True, slots=True)
class Asked:
    """What a preview consists of besides the doctor."""

    body: Body
    actor: Asking
    query: Nothing


@router.post(
    "/{hpr}/facts/preview",
    summary="Preview a fact",
    operation_id="preview_fact",
    response_model=PreviewShape,
    responses=doc.previewing(),
    openapi_extra=NEW_FACT,
)
def preview(hpr: Hpr, asked: Annotated[Asked, Depends()], serving: Serving) -> Response:
    """Show what registering a fact would change, and store nothing.

    Every line, in every municipality and round, that would be another is shown with months and kroner before and after.
    The fact is checked as a registration is, and refused with the same codes. A job switch is one fact, and shows both
    municipalities; a caller who acts for a municipality sees its own only.
    """
    fact = fact_of(asked.body, hpr, serving.now(), asked.actor.subject, default_id=str(new_id()))
    found = serving.casework.preview.of_fact(fact, bounds_of(asked.actor))
    return Response(json.dumps(found.as_json(), ensure_ascii=False).encode(), media_type="application/json")
