"""The one place where identity enters: who asks, and whether they are believed.

Who may do what comes later. Until then a request is believed only when it comes from the machine itself, straight
and under one of the machine's own names; the last keeps out web pages that point a name of theirs at 127.0.0.1 (DNS
rebinding). Tokens take over here: `check` then lets others in, and `actor` reads the token.
"""

import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Depends, Header
from fastapi.datastructures import Headers
from pydantic import TypeAdapter, ValidationError

from api.problems import FieldError, Problem
from domain.casework.commands import Actor
from domain.errors import refused
from domain.values import RecordedBy

_OWN_NAMES: Final = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
_OF_PROXIES: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
_SUBJECT: Final[TypeAdapter[str]] = TypeAdapter(RecordedBy)
HEADER: Final = "Alis-Actor"


def check(scope: Mapping[str, Any]) -> None:
    """Refuse whoever asks from elsewhere, through a proxy, or under a name that is not the machine's."""
    headers = Headers(raw=list(scope["headers"]))
    peer = scope.get("client")
    if not peer or not _is_loopback(peer[0]) or any(name in headers for name in _OF_PROXIES):
        raise Problem("not-loopback")
    names = headers.getlist("host")
    if not names or not all(_OWN_NAMES.fullmatch(name) for name in names):
        raise Problem("wrong-host")


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def actor(
    alis_actor: Annotated[
        str,
        Header(
            alias=HEADER,
            description="Who registers, `kind:name` in UTF-8. A claim that is believed from this machine only.",
            examples=["kommune:1804"],
            json_schema_extra=_SUBJECT.json_schema(),
        ),
    ],
) -> Actor:
    """Whoever asks, as they say; a municipality acts for itself."""
    try:
        subject = _SUBJECT.validate_python(alis_actor.encode("latin-1").decode())
    except (UnicodeError, ValidationError):
        raise _bad_actor() from None
    if not subject.isprintable():
        raise _bad_actor()
    return Actor.named(subject)


def _bad_actor() -> Problem:
    return Problem.invalid([FieldError.of(refused("bad-text", field=HEADER, wanted="kind:name, høyst 100 tegn"))])


Asking = Annotated[Actor, Depends(actor)]
