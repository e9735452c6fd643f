"""Who acts in a request, as `api/access` has found out, and why, where they say so."""

from typing import Annotated, Final

from fastapi import Depends, Request

from api.http.problems import FieldError, Problem
from domain.casework.commands.commands import Actor
from domain.values.refusals.refusal import refused

REASON: Final = "Alis-Reason"
_MOST_REASON: Final = 500


def reason_of(request: Request) -> str | None:
    """Why somebody asks, where they say so; raises `Problem` (invalid-request) for what is no sentence."""
    given = request.headers.get(REASON)
    try:
        reason = None if given is None else given.encode("latin-1").decode()
    except UnicodeError:
        reason = ""
    if reason is not None and not (0 < len(reason.strip()) <= _MOST_REASON and reason.isprintable()):
        raise Problem.invalid([FieldError.of(refused("bad-text", field=REASON, wanted="1 til 500 synlige tegn"))])
    return reason


async def _acting(request: Request) -> Actor:
    """Who acts, as the route has found out."""
    found = request.state.actor
    assert isinstance(found, Actor)  # noqa: S101 - the route put it there
    return found


Asking = Annotated[Actor, Depends(_acting)]
