"""What the routes ask: the casework behind the application, and the key that requests are digested with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import BoundedSemaphore
from typing import Annotated, Final

from fastapi import Depends, Request

from api.http.problems import Problem
from deploy import clock
from domain.casework.recent import Recent
from domain.casework.service import Casework
from domain.values.norwegian_time import norwegian_day

DOCUMENT_MAX_BYTES: Final = 10 * 1024 * 1024
"""The most that a document can be, unless the settings say otherwise."""

COMPUTE_SECONDS: Final = 20.0
"""A computation for a request is given up after this."""
ROOM_BYTES: Final = 256 * 1024 * 1024
"""More than the largest document that the settings allow, twice."""
HEAVY_AT_ONCE: Final = 8
"""Less than there are threads, so that others are answered meanwhile."""
REMEMBERED_BYTES: Final = 64 * 1024 * 1024
"""So much of what was answered is remembered."""


def _bytes_of(answered: tuple[bytes, str]) -> int:
    return len(answered[0])


class Room:
    """Bytes of documents that are held while they come and are stored; asked by the event loop only."""

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes

    def take(self, wanted: int) -> None:
        """Hold some more; raises `Problem` (crowded)."""
        if wanted > self._left:
            raise Problem("crowded")
        self._left -= wanted

    def give_back(self, held: int) -> None:
        """Hold them no longer."""
        self._left += held


@dataclass(frozen=True, slots=True)
class Services:
    """Given to `create_app`, and through the application's state to every route."""

    casework: Casework
    master_key: bytes
    document_max_bytes: int = DOCUMENT_MAX_BYTES
    now: Callable[[], datetime] = clock.now
    compute_seconds: float = COMPUTE_SECONDS
    heavy: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(HEAVY_AT_ONCE))
    """A place for each of the long computations that go on at the same time."""
    room: Room = field(default_factory=lambda: Room(ROOM_BYTES))
    """For the documents that come at the same time."""
    calculations: Recent[tuple[bytes, str]] = field(default_factory=lambda: Recent(REMEMBERED_BYTES, _bytes_of))
    """The calculations that were answered lately, each with its tag."""

    def today(self) -> date:
        """The day in Norway."""
        return norwegian_day(self.now())


async def services(request: Request) -> Services:
    """The services of the application that a request came to.

    Like all that only looks at a request, it is `async`: then the framework takes no thread for it.
    """
    found = request.app.state.services
    assert isinstance(found, Services)  # noqa: S101 - create_app put it there
    return found


Serving = Annotated[Services, Depends(services)]
