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
from domain.store.access.doctors import doctors_in
from domain.values.refusals.refusal import OF_THE_STORE, Refused, refused

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
    await _write(request, _read(request, operation, None, doctors_in(_answered(request, response))))
    return response


def _answered(request: Request, response: Response) -> bytes:
    """The answer, also where the caller has it already and is told only that it still holds."""
    shown: bytes | None = getattr(request.state, "shown", None)
    return bytes(response.body) if shown is None and response.media_type in _TEXTS else shown or b""


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
        on_behalf_of=request.state.somebody.on_behalf,
        operation=operation,
        doctors=tuple(sorted(doctors | asked)),
        municipality=actor.organisation or (place and place[0]),
        claim=claim and claim[0],
        reason=actor.reason or None,
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
