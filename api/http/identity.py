"""Who acts in a request, as `api/access` has found out, and why, where they say so."""

from typing import Annotated, Final

from fastapi import Depends, Request

from api.http.problems import FieldError, Problem
from domain.casework.access.sight import Sight
from domain.casework.commands.commands import Actor
from domain.values.refusals.refusal import refused
from domain.values.texts import is_reason

REASON: Final = "Alis-Reason"


def reason_of(request: Request) -> str | None:
    """Why somebody asks, where they say so; raises `Problem` (invalid-request) for what is no sentence."""
    given = request.headers.get(REASON)
    try:
        reason = None if given is None else given.encode("latin-1").decode()
    except UnicodeError:
        reason = ""
    if reason is not None and not is_reason(reason):
        raise Problem.invalid([FieldError.of(refused("bad-text", field=REASON, wanted="1 til 500 synlige tegn"))])
    return reason


async def _acting(request: Request) -> Actor:
    """Who acts, as the route has found out."""
    found = request.state.actor
    assert isinstance(found, Actor)  # noqa: S101 - the route put it there
    return found


async def _sight(request: Request) -> Sight:
    """How far whoever acts sees, as the route has found out."""
    found = request.state.sight
    assert isinstance(found, Sight)  # noqa: S101 - the route put it there
    return found


def seen_place(sight: Sight, municipality: str) -> str:
    """A municipality that an address names; raises `Refused` (unknown-municipality) where it is not theirs to see."""
    if sight.doctor is None and not sight.sees_municipality(municipality):
        raise refused("unknown-municipality", municipality=municipality)
    return municipality


Asking = Annotated[Actor, Depends(_acting)]
Seeing = Annotated[Sight, Depends(_sight)]
