"""The log of reads: an answer about a case is sent only once it is committed who got it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Final

import psycopg
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from api.http.kinds import ANSWERS
from api.http.problems import Problem
from api.http.services import Services
from domain.store import Entry
from domain.values.refusals.refusal import OF_THE_STORE, Refused, refused

_DOCTORS: Final = re.compile(
    rb'"(?:hpr|supervisor|leader|replaced_by|doctor)": *"([0-9]{7,9})"'  # a field
    rb'|[\[,]\s*"([0-9]{7,9})"(?=\s*[,\]])'  # one of a list
    rb'|"([0-9]{7,9})"\s*:'  # what names stand by
    rb"|HPR-nummer ([0-9]{7,9})"  # in a sentence
)
"""Every way in which an answer names a doctor."""
_HPR: Final = re.compile(r"[0-9]{7,9}", re.ASCII)
_CODE: Final = re.compile(r"[0-9]{4}", re.ASCII)
_CLAIM: Final = re.compile(r"([0-9]{4})-[!-~]{1,64}", re.ASCII)
_NOT_FOUND: Final = 404
_TEXTS: Final = ("application/json", "image/svg+xml")

Handler = Callable[[Request], Awaitable[Response]]


async def logged(request: Request, operation: str, handle: Handler) -> Response:
    """Answer a request, after it is logged what came of it; raises `Refused` (access-log-unavailable)."""
    try:
        response = await handle(request)
    except (Refused, Problem, RequestValidationError) as error:
        code = "invalid-request" if isinstance(error, RequestValidationError) else error.code
        if code not in OF_THE_STORE:
            await _write(request, _read(request, operation, code, _named_by(error)))
        raise
    await _write(request, _read(request, operation, None, doctors_in(response, _shown(request))))
    return response


def doctors_in(response: Response, shown: bytes | None = None) -> set[str]:
    """The HPR numbers in an answer, or in what the caller has already if the answer is only that it still holds."""
    content = bytes(response.body) if shown is None and response.media_type in _TEXTS else shown or b""
    return {number.decode() for found in _DOCTORS.findall(content) for number in found if number}


def _shown(request: Request) -> bytes | None:
    found: bytes | None = getattr(request.state, "shown", None)
    return found


def _named_by(error: Exception) -> set[str]:
    """The doctor that a refusal names."""
    hpr = error.details.get("hpr") if isinstance(error, Refused) else None
    return {hpr} if isinstance(hpr, str) and _HPR.fullmatch(hpr) else set()


def _read(request: Request, operation: str, code: str | None, doctors: set[str]) -> Entry:
    """What is logged of a request."""
    actor = request.state.actor
    named: dict[str, str] = {**request.query_params, **request.path_params}
    claim = _CLAIM.fullmatch(named.get("claim", ""))
    place = _CODE.fullmatch(named.get("municipality") or (claim[1] if claim else ""))
    asked = {named[name] for name in ("hpr", "doctor") if _HPR.fullmatch(named.get(name, ""))}
    return Entry(
        subject=actor.subject,
        role=actor.role,
        organisation=actor.organisation,
        operation=operation,
        doctors=tuple(sorted(doctors | asked)),
        municipality=actor.organisation or (place and place[0]),
        claim=claim and claim[0],
        outcome="answered" if code is None else "not_found" if ANSWERS[code].status == _NOT_FOUND else "refused",
        code=code,
        channel="api",
        correlation_id=request.state.correlation,
    )


async def _write(request: Request, entry: Entry) -> None:
    services: Services = request.app.state.services
    written = asyncio.wrap_future(services.casework.store.access_log.put(entry))
    try:
        await asyncio.wait_for(written, services.limits.log_seconds)
    except (TimeoutError, psycopg.Error) as error:
        raise refused("access-log-unavailable") from error
