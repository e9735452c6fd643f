"""Whether the process lives, and whether it can do its work."""

from dataclasses import dataclass
from typing import Final, Literal

from fastapi import APIRouter, Response
from pydantic_core import to_json

from api import documentation as doc
from api.parameters import Nothing
from api.problems import Problem
from api.services import Serving
from deploy.migrate import FOLDER

router = APIRouter(prefix="/api/v1", tags=["operation"])
_STEPS: Final = frozenset(file.name for file in FOLDER.glob("*.sql"))


@dataclass(frozen=True, slots=True)
class Health:
    """That it goes well; where it does not, a problem is answered."""

    status: Literal["ok"] = "ok"


@router.get(
    "/health",
    summary="Is the process alive?",
    description=doc.HEALTH,
    response_model=Health,
    responses=doc.always(),
)
def health(_query: Nothing) -> Response:
    """The process answers, and asks nothing of the database."""
    return Response(to_json(Health()), media_type="application/json")


@router.get(
    "/ready",
    summary="Can the service do its work?",
    description=doc.READY,
    response_model=Health,
    responses=doc.always("store-unavailable", "store-busy", "not-migrated", "clock-differs"),
)
def ready(serving: Serving, _query: Nothing) -> Response:
    """The database answers, has every step that this release needs, and its clock is as ours."""
    missing = sorted(_STEPS - serving.casework.steps())
    if missing:
        raise Problem("not-migrated", missing=", ".join(missing))
    serving.casework.compare_clocks()
    return Response(to_json(Health()), media_type="application/json")
