"""What every request passes through: whether it is let in, its correlation id, and its one line in the log.

The line has the template of the route and never the path, because a path names a doctor. For an exception it has the
class and the places in the code, never the message, because that may quote a fact.
"""

import time
import traceback
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final
from uuid import UUID

import structlog
from fastapi.datastructures import Headers

from api.door import arriving, once
from api.http.problems import Problem, problem_response
from deploy.clock import new_id
from deploy.network import Network

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CORRELATION: Final = "Correlation-Id"
SERVER_ERROR: Final = 500
HEAD_BYTES: Final = 16 * 1024
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_OPENED: Final = (*_ALWAYS, (b"strict-transport-security", b"max-age=63072000; includeSubDomains"))
"""Over plain HTTP a browser passes the last one over; a proxy may keep it from being said twice."""
_UNLESS_GIVEN: Final = (
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class Door:
    """The outermost middleware but for metrics; no exception leaves it."""

    def __init__(self, app: Application, network: Network) -> None:
        self._app = app
        self._network = network
        self._log: Any = structlog.get_logger("http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, answer it, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        visit = _Visit(scope, send, always=_OPENED if self._network.opened else _ALWAYS)
        try:
            _check_size(scope)
            arriving.check(scope, self._network)
            once.check(scope)
            await self._app(scope, receive, visit.send)
        except Problem as problem:
            await problem_response(scope, problem)(scope, receive, visit.send)
        except Exception as error:  # noqa: BLE001 - the caller gets a problem and the log a line, whatever it is
            visit.failure = error
            if not visit.status:
                fault = Problem("internal", correlation=visit.correlation)
                await problem_response(scope, fault)(scope, receive, visit.send)
        finally:
            self._write(visit)

    def _write(self, visit: "_Visit") -> None:
        line = visit.line()
        if visit.failure or visit.status >= SERVER_ERROR:
            self._log.error("request", **line)
        else:
            self._log.info("request", **line)


class _Visit:
    """One request, from its arrival to the end of its answer."""

    def __init__(self, scope: Scope, send: Send, always: Iterable[tuple[bytes, bytes]]) -> None:
        self._scope = scope
        self._send = send
        self._always = always
        self._began = time.perf_counter()
        self.status = 0
        self.failure: Exception | None = None
        self.correlation = _correlation(Headers(raw=list(scope["headers"])).get(CORRELATION))
        scope.setdefault("state", {}).update(correlation=self.correlation, problem=None)

    async def send(self, message: Message) -> None:
        """Send a message; the first one also gets the headers that every response has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": list(self._headers(message.get("headers", ())))}
        await self._send(message)

    def _headers(self, given: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
        headers = list(given)
        said = {name.lower() for name, _ in headers}
        yield from headers
        yield from self._always
        yield from (each for each in _UNLESS_GIVEN if each[0] not in said)
        yield CORRELATION.lower().encode(), str(self.correlation).encode()

    def line(self) -> dict[str, Any]:
        """Its line in the log."""
        route = self._scope.get("route")
        method = self._scope["method"]
        known = {
            "method": method if method in _METHODS else "other",
            "route": getattr(route, "path", None),
            "status": self.status,
            "ms": round((time.perf_counter() - self._began) * 1000, 1),
            "correlation": str(self.correlation),
            "problem": self._scope["state"]["problem"],
            "error": type(self.failure).__name__ if self.failure else None,
            "where": _places(self.failure) if self.failure else None,
        }
        return {name: value for name, value in known.items() if value is not None or name == "route"}


def _check_size(scope: Scope) -> None:
    """Limit the head of a request; the server itself accepts a far larger one if it comes all at once."""
    headers = sum(len(name) + len(value) for name, value in scope["headers"])
    if len(scope["raw_path"]) + len(scope["query_string"]) + headers > HEAD_BYTES:
        raise Problem("head-too-large", limit=HEAD_BYTES)


def _correlation(given: str | None) -> UUID:
    """The caller's own id if it is a UUID, else a new one: any other text could be personal data."""
    try:
        return UUID(given or "")
    except ValueError:
        return new_id()


def _places(error: Exception) -> list[str]:
    """Where it failed, the innermost frame first."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames[-8:])]
