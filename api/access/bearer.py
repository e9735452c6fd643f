"""Who acts in a request: by its bearer token or its session, in the role and for the organisation that it chooses."""

import asyncio
import json
import re
from typing import Final

from fastapi import Request, Response

from api.access.session import Browser, acting_in
from api.http.problems import Problem
from api.identity.acting import Capacity, Identity, Somebody
from api.identity.keys import KeysUnavailable
from api.identity.tokens import TokenRefused
from domain.casework.commands.commands import Actor
from domain.store.persons import Persons
from domain.values import words
from domain.values.places import in_role

ROLE: Final = "Alis-Role"
ORGANISATION: Final = "Alis-Organisation"
"""The headers in which somebody with several roles or municipalities chooses one."""
_BEARER: Final = re.compile(r"Bearer +(\S+) *", re.ASCII | re.IGNORECASE)
_PERSON: Final = re.compile(rb"(?<![:\w-])p-[a-z2-7]{20}\b")
"""A person's id in a sentence; in `kind:name` it stands as it is."""


async def actor_of(request: Request) -> Actor:
    """Who acts; raises `Problem` (not-signed-in, token-refused, issuer-unavailable, no-role, choose-role).

    A token goes before a session, and needs no other proof that its page is ours.
    """
    by_session = None if "authorization" in request.headers else await asyncio.to_thread(_by_session, request)
    somebody, acts_in = by_session or (await _by_token(request), None)
    request.state.somebody = somebody
    if acts_in:
        return somebody.acting(acts_in)
    return chosen(somebody, request.headers.get(ROLE), request.headers.get(ORGANISATION))


def somebody_of(identity: Identity, token: str) -> Somebody:
    """Whoever a token is of; raises `Problem` (token-refused, issuer-unavailable)."""
    try:
        return identity.bearer(token)
    except TokenRefused as refused:
        raise Problem("token-refused", why=str(refused)) from None
    except KeysUnavailable:
        raise Problem("issuer-unavailable") from None


def chosen(somebody: Somebody, role: str | None, organisation: str | None) -> Actor:
    """Somebody in the capacity that they choose; raises `Problem` (no-role, not-your-role, choose-role)."""
    fitting = [
        each for each in somebody.capacities if role in {None, each.role} and organisation in {None, each.organisation}
    ]
    if len(fitting) == 1:
        return somebody.acting(fitting[0])
    if not fitting:
        raise Problem("no-role" if not somebody.capacities else "not-your-role")
    raise Problem("choose-role", roles=words.listed(dict.fromkeys(_told(each) for each in fitting)))


def _by_session(request: Request) -> tuple[Somebody, Capacity | None] | None:
    """Who has signed in in this browser, and what they chose to act as; raises `Problem` (not-from-our-page)."""
    browser, identity = Browser(request), request.app.state.identity
    session = browser.session()
    if session is None:
        return None
    browser.check_request(session)
    somebody: Somebody = identity.somebody(session.signed_in.believed)
    return somebody, acting_in(somebody, session)


async def _by_token(request: Request) -> Somebody:
    identity: Identity | None = request.app.state.identity
    given = _BEARER.fullmatch(request.headers.get("authorization", ""))
    if identity is None or given is None:
        raise Problem("not-signed-in")
    return await asyncio.to_thread(somebody_of, identity, given[1])


def _told(capacity: Capacity) -> str:
    return in_role(capacity.role, capacity.organisation)


async def with_names(response: Response, persons: Persons) -> Response:
    """The answer with the names of persons in its sentences, where there are only ids until now."""
    found = {each.decode() for each in _PERSON.findall(response.body)}
    if found:
        names = await asyncio.to_thread(persons.names, found)
        body = _PERSON.sub(lambda each: _in_json(names.get(each[0].decode(), "")), bytes(response.body))
        response.body = body
        response.headers["content-length"] = str(len(body))
    return response


def _in_json(name: str) -> bytes:
    return json.dumps(name, ensure_ascii=False)[1:-1].encode()
