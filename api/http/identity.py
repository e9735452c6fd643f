"""The one place where identity enters: who asks.

Tokens will be read here, by `actor_of`. Until then whoever is let in says by themselves who they are.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import Depends, Request
from pydantic import TypeAdapter, ValidationError

from api.http.problems import FieldError, Problem
from domain.casework.commands.commands import Actor
from domain.values.refusals.person import GivenName
from domain.values.refusals.refusal import Refused, refused

_SUBJECT: Final[TypeAdapter[str]] = TypeAdapter(GivenName)
_PARAMETERS: Final = {
    "role": re.compile(r"[a-z_]{1,32}", re.ASCII),
    "organisation": re.compile(r"[0-9]{4}", re.ASCII),
}
HEADER: Final = "Alis-Actor"
REASON: Final = "Alis-Reason"
_MOST_REASON: Final = 500
WANTED: Final = "slag:navn, så eventuelt ; role=rolle og ; organisation=kommunenummer"


async def actor_of(request: Request) -> Actor:
    """Who asks, by their own account; raises `Problem` (not-signed-in, invalid-request)."""
    stated = request.headers.get(HEADER)
    if stated is None:
        raise Problem("not-signed-in")
    try:
        subject, *parameters = stated.encode("latin-1").decode().split(";")
        subject = _SUBJECT.validate_python(subject.rstrip(" "))
    except (UnicodeError, ValidationError):
        raise _bad_actor() from None
    if not subject.isprintable():
        raise _bad_actor()
    found = _parameters(parameters)
    try:
        return Actor.acting(subject, **found)
    except Refused as refusal:
        error = FieldError.of(refusal)
        raise Problem.invalid([FieldError(HEADER, error.code, error.detail)]) from None


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


def _parameters(stated: Iterable[str]) -> dict[str, str]:
    """The parameters after the subject, each at most once."""
    found: dict[str, str] = {}
    for each in stated:
        name, _, value = each.strip(" ").partition("=")
        if name not in _PARAMETERS or name in found or not _PARAMETERS[name].fullmatch(value):
            raise _bad_actor()
        found[name] = value
    return found


def _bad_actor() -> Problem:
    return Problem.invalid([FieldError.of(refused("bad-text", field=HEADER, wanted=WANTED))])


Asking = Annotated[Actor, Depends(_acting)]
