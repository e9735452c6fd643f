"""Whether the process lives, and whether it can do its work."""

from dataclasses import dataclass, field
from typing import Final, Literal

from fastapi import APIRouter, Response
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.described import responses as doc
from api.http.parameters import Nothing
from api.http.problems import Problem
from api.http.services import Serving
from deploy.migrate import FOLDER
from deploy.version import VERSION
from projections.engine.status import status
from projections.engine.troubles import troubles

router = APIRouter(prefix="/api/v1", tags=["operation"], route_class=Guarded)
_STEPS: Final = frozenset(file.name for file in FOLDER.glob("*.sql"))


@dataclass(frozen=True, slots=True)
class Health:
    """That it goes well, and which release answers; where it does not, a problem is answered."""

    status: Literal["ok"] = "ok"
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is not as it should be: a stable code, a sentence."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """That the service does its work. `degraded` says that its lists and overviews are behind or lack something."""

    status: Literal["ok", "degraded"] = "ok"
    troubles: list[Trouble] = field(default_factory=list)


@router.get(
    "/health",
    summary="Is the process alive?",
    operation_id="read_health",
    response_model=Health,
    responses=doc.always(),
)
async def health(_query: Nothing) -> Response:
    """Answer with the version of the release; nothing is asked of the database."""
    return Response(to_json(Health()), media_type="application/json")


@router.get(
    "/ready",
    summary="Can the service do its work?",
    operation_id="read_readiness",
    response_model=Readiness,
    responses=doc.always("store-unavailable", "store-busy", "store-read-only", "not-migrated", "clock-differs"),
)
def ready(serving: Serving, _query: Nothing) -> Response:
    """Answer that the database answers, is up to date with this release, can be written, and has the right time.

    `degraded` says that the read side is not as it should be: no worker runs it, it stopped, it is behind, or it goes
    on without some; `troubles` says which. Facts and decisions are recorded all the same.
    """
    missing = sorted(_STEPS - serving.casework.store.steps())
    if missing:
        raise Problem("not-migrated", missing=", ".join(missing))
    serving.casework.store.check_writable()
    serving.casework.store.compare_clocks()
    with serving.casework.store.reading(None) as connection:
        found = [Trouble(each.code, str(each)) for each in troubles(status(connection))]
    return Response(to_json(Readiness("degraded" if found else "ok", found)), media_type="application/json")
