"""What the routes work with: the casework service, and limits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import BoundedSemaphore
from typing import Annotated, Final

from fastapi import Depends, Request

from api.http.problems import Problem
from deploy import clock
from domain.casework.commands.recent import Recent
from domain.casework.service import Casework
from domain.values.norwegian_time import norwegian_day

DOCUMENT_MAX_BYTES: Final = 10 * 1024 * 1024
"""The most that a document can be, unless the settings say otherwise."""

COMPUTE_SECONDS: Final = 20.0
"""A computation for a request is stopped after this time."""
ROOM_BYTES: Final = 256 * 1024 * 1024
"""More than twice the largest document that the settings allow."""
HEAVY_AT_ONCE: Final = 8
"""Fewer than there are threads, so that other requests are answered meanwhile."""
REMEMBERED_BYTES: Final = 64 * 1024 * 1024
"""How much of earlier answers is kept in memory."""


def _bytes_of(answered: tuple[bytes, str]) -> int:
    return len(answered[0])


class Room:
    """Memory for documents while they are received and stored; used from the event loop only."""

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes

    def take(self, wanted: int) -> None:
        """Reserve some bytes; raises `Problem` (crowded)."""
        if wanted > self._left:
            raise Problem("crowded")
        self._left -= wanted

    def give_back(self, taken: int) -> None:
        """Release bytes that were reserved."""
        self._left += taken


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """How large, how long and how often.

    `log_seconds` is how long an answer waits for the log of reads. The settings say less of it, and of requests.
    """

    document_max_bytes: int = DOCUMENT_MAX_BYTES
    compute_seconds: float = COMPUTE_SECONDS
    log_seconds: float = 5.0
    requests_per_minute: int = 1_000_000
    session_idle_minutes: int = 30
    session_hours: int = 8


@dataclass(frozen=True, slots=True)
class Services:
    """What `create_app` is given, and each route reads from the application's state."""

    casework: Casework
    limits: RequestLimits = RequestLimits()
    now: Callable[[], datetime] = clock.now
    heavy: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(HEAVY_AT_ONCE))
    """Limits how many long computations run at the same time."""
    room: Room = field(default_factory=lambda: Room(ROOM_BYTES))
    """Limits the memory for documents that arrive at the same time."""
    calculations: Recent[tuple[bytes, str]] = field(default_factory=lambda: Recent(REMEMBERED_BYTES, _bytes_of))
    """Recent calculations, each with its tag."""

    def today(self) -> date:
        """The day in Norway."""
        return norwegian_day(self.now())


async def services(request: Request) -> Services:
    """The services of the application that the request was sent to.

    Dependencies that only look at the request are `async`, so that the framework needs no thread for them.
    """
    found = request.app.state.services
    assert isinstance(found, Services)  # noqa: S101 - create_app put it there
    return found


Serving = Annotated[Services, Depends(services)]
