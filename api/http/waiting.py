"""Waiting for the read side: one look at the database for all who wait, and no thread for any of them."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from api.http.problems import Problem
from domain.casework.service import Casework
from projections.engine.status import Behind, behind

MOST: Final = 500
"""So many wait at the same time; whoever comes beyond them is told at once to come again."""
_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 0.1


@dataclass(slots=True)
class Waiting:
    """Those who wait, on the loop of the application."""

    casework: Casework
    waiters: int = 0
    """How many wait now."""
    _look: "asyncio.Task[Behind] | None" = field(default=None)

    async def until(self, request: Request, position: int, seconds: float) -> None:
        """Wait until the projections have seen a position, or the caller has left.

        Raises `Problem` (not-yet-visible) when the time is out, there are too many, or one has stopped short of it.
        """
        deadline, pause = asyncio.get_running_loop().time() + seconds, _PAUSE
        self.waiters += 1
        try:
            while not (found := await self._seen()).has(position):
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0 or self.waiters > MOST or found.stops_before(position):
                    raise not_yet_visible(found)
                await asyncio.sleep(min(pause, left))
                pause = min(pause * 1.5, _LONGEST_PAUSE)
                if await request.is_disconnected():
                    raise Problem("aborted")
        finally:
            self.waiters -= 1

    async def _seen(self) -> Behind:
        """Where the projections are: all who ask while one asks the database are told what that one is told."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(asyncio.to_thread(self._ask))
        return await asyncio.shield(self._look)

    def _ask(self) -> Behind:
        with self.casework.reading() as connection:
            return behind(connection)


def not_yet_visible(found: Behind) -> Problem:
    """What is stored is not shown yet, and how far behind that is."""
    return Problem("not-yet-visible", seconds=found.seconds)
