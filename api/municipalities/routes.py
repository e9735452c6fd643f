"""Municipalities: what holds of one on a day, its history, who had access, and what it registers."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.described import responses as doc
from api.described.typed_body import typed_body
from api.http.bodies import Body
from api.http.commands import CREATED, Answered, Changing, changing
from api.http.conditions import answer, etag_of
from api.http.identity import Asking
from api.http.parameters import IfNoneMatch, KnownQuery, NoQuery, Nothing
from api.http.services import Serving
from api.municipalities.access import SeenMunicipality
from api.municipalities.view import (
    EntryView,
    MunicipalityAccess,
    MunicipalityHistory,
    MunicipalityView,
    entry_view,
    municipality_access,
    municipality_history,
    municipality_view,
)
from domain.casework.access.table import roles_of
from domain.casework.commands.commands import Actor
from domain.casework.registers.register import RegisterReceipt
from domain.municipality.events import BY_TYPE
from domain.municipality.state import Municipality
from domain.values.fields import Day

PREFIX: Final = "/api/v1/municipalities"
NEW_ENTRY: Final = typed_body("NewEntry", BY_TYPE, "entry", frozenset({"municipality", "recorded_at", "recorded_by"}))
router = APIRouter(prefix=PREFIX, tags=["municipalities"], route_class=Guarded)
Registering = Annotated[Changing, Depends(changing("the municipality's history"))]


class OnQuery(NoQuery):
    """Which day is asked about."""

    on: Day | None = Field(default=None, description="The day that is asked about; else today in Norway.")


class OnKnownQuery(KnownQuery, OnQuery):
    """Which day is asked about, and as known when."""


@router.get(
    "/{municipality}",
    summary="Read a municipality",
    operation_id="read_municipality",
    response_model=MunicipalityView,
    responses=doc.reading("unknown-municipality"),
)
def shown(
    request: Request,
    municipality: SeenMunicipality,
    query: Annotated[OnKnownQuery, Query()],
    actor: Asking,
    serving: Serving,
    _seen: IfNoneMatch = None,
) -> Response:
    """Read what holds of a municipality on a day: contacts, account, coordinator, revisor, office, posts, supervisors.

    A municipality that has registered nothing has no entries; another's is not found.
    """
    found = serving.casework.municipalities.municipality(municipality, query.known_at)
    on = query.on or serving.today()
    view = municipality_view(municipality, found, on, query.known_at, personal=_sees_contacts(actor))
    return answer(request, to_json(view))


@router.get(
    "/{municipality}/history",
    summary="Read a municipality's history",
    operation_id="read_municipality_history",
    response_model=MunicipalityHistory,
    responses=doc.reading("unknown-municipality"),
)
def history(
    request: Request,
    municipality: SeenMunicipality,
    actor: Asking,
    serving: Serving,
    _query: Nothing,
    _seen: IfNoneMatch = None,
) -> Response:
    """Read every entry of a municipality, by whom and when, and what became of it. Its `ETag` is for `If-Match`."""
    return answer(request, _history(municipality, actor, serving.casework.municipalities.municipality(municipality)))


@router.get(
    "/{municipality}/access",
    summary="Read who had access on a day",
    operation_id="read_municipality_access",
    response_model=MunicipalityAccess,
    responses=doc.reading("unknown-municipality"),
)
def access(
    request: Request,
    municipality: SeenMunicipality,
    query: Annotated[OnQuery, Query()],
    serving: Serving,
    _seen: IfNoneMatch = None,
) -> Response:
    """Read which revisor firms, ALIS offices and coordinators had access on a day, since when, and who gave it.

    What was registered too late gave no access on the days before; what was withdrawn later gave it until then.
    """
    found = serving.casework.municipalities.municipality(municipality)
    return answer(request, to_json(municipality_access(municipality, found, query.on or serving.today())))


@router.post(
    "/{municipality}/entries",
    summary="Register an entry",
    operation_id="register_entry",
    status_code=CREATED,
    response_model=EntryView,
    responses=doc.creating(
        "EntryView",
        "unknown-municipality",
        "entry-id-used",
        "entry-withdrawn",
        "entry-overlaps",
        "unknown-entry",
        "ends-before-it-begins",
        "bad-organisation-number",
        "bad-account",
        "other-organisation",
        "no-municipality",
        "own-coordinator",
        location="The address of the municipality's history.",
        named_in_body=("unknown-entry",),
    ),
    openapi_extra=NEW_ENTRY,
)
def register(municipality: SeenMunicipality, body: Body, asked: Registering, _query: Nothing) -> Response:
    """Register something on a municipality, end it or withdraw it, once however often it is sent.

    The municipality registers its contacts, account, coordinators, revisor, ALIS office, closed posts and supervisors;
    a caseworker that it trains specialists. What was wrong is withdrawn, and stays in the history. 201 with the entry;
    200 where the same was registered already. The `ETag` is that of the history right after it.
    """
    municipalities, actor = asked.serving.casework.municipalities, asked.actor
    seen = asked.precondition(partial(_history, municipality, actor))

    def done(receipt: RegisterReceipt) -> Answered:
        then = municipalities.at(municipality, receipt.version)
        view = entry_view(then.entries[receipt.name], personal=_sees_contacts(actor))
        location = f"{PREFIX}/{municipality}/history"
        return Answered(to_json(view), location, receipt.stored, etag_of(_history(municipality, actor, then)))

    now = asked.serving.now()
    return asked.carry_out(body, lambda command: municipalities.register(municipality, body, now, command, seen), done)


def _history(municipality: str, actor: Actor, found: Municipality) -> bytes:
    return to_json(municipality_history(municipality, found, personal=_sees_contacts(actor)))


def _sees_contacts(actor: Actor) -> bool:
    """Whether somebody may see names, addresses and reasons of a municipality that they see."""
    return actor.role in roles_of("municipality.contacts")
