"""The limit of requests: so many a minute by one client, counted over all processes."""

from typing import Final

from fastapi import Request

from api.http.problems import Problem
from api.http.services import Services

_MINUTE: Final = 60


def count(request: Request, client: str) -> None:
    """Count a request of a client; raises `Problem` (too-many-requests) beyond the limit."""
    services: Services = request.app.state.services
    minute, second = divmod(int(services.now().timestamp()), _MINUTE)
    most = services.limits.requests_per_minute
    if services.casework.store.access_log.counts.add(client, minute) > most:
        problem = Problem("too-many-requests", limit=most)
        problem.retry_after = _MINUTE - second
        raise problem


def address_of(request: Request) -> str:
    """What a client is counted by before it has signed in."""
    return request.client.host if request.client else ""
