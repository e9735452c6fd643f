"""Moving a projection on: pages of events, their effects and the position in one transaction.

Whoever runs a page holds the row of the generation, so of many workers one at a time writes, and one
that dies leaves nothing behind. A page that fails is taken in smaller pieces until the event that
fails stands alone; there the projection stops, and the event is named.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, Protocol

import psycopg
import structlog
from psycopg import Connection
from psycopg.rows import tuple_row
from pydantic import ValidationError

from domain.casework.store import NEWEST
from domain.errors import OF_THE_STORE, Refused
from projections.generations import Registered, hold, of_name, swap
from projections.log import Log, Page
from projections.projection import Projection, Writer

_SHRINK: Final = 8
Tick = Callable[[int, int], None]
"""Told how far a page has come, and where it ends; may raise `Leaving`."""


class Watcher(Protocol):
    """Whoever wants to know of the pages that are taken, and of their statements."""

    cursor: type[psycopg.Cursor[Any]]

    def page(self, projection: str, generation: int, last: int, events: int) -> AbstractContextManager[None]:
        """Around the work on a page."""


class Poisoned(Exception):
    """One event that a projection cannot take."""

    def __init__(self, position: int, error: BaseException) -> None:
        super().__init__(_named(error))
        self.position = position


class Leaving(Exception):
    """There is no time for the rest of a page; it is undone."""


def connect(url: str, watcher: Watcher | None = None) -> Connection[Any]:
    """A connection for a worker. Commits are not waited for: what a crash loses is projected again."""
    connection: Connection[Any] = psycopg.connect(url, autocommit=True, connect_timeout=5)
    connection.execute("SET synchronous_commit = off")
    if watcher:
        connection.cursor_factory = watcher.cursor
    return connection


def passes(error: BaseException) -> bool:
    """Whether an error is of the database or the way to it, and not of an event."""
    if isinstance(error, Refused):
        return error.code in OF_THE_STORE
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


class Runner:
    """Moves the generations of one projection on."""

    def __init__(
        self,
        projection: type[Projection],
        log: Log,
        tick: Tick = lambda *_: None,
        most: int | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self._projection = projection()
        self._type = projection
        self._log = log
        self._tick = tick
        self._watcher = watcher
        self._limit = most or projection.most
        self._most = self._limit
        self.more = False
        """Whether the last page was full, so that there may be events beyond it already."""
        self._say: Any = structlog.get_logger("projections").bind(projection=projection.name)

    def turn(self, connection: Connection[Any]) -> int:
        """Take one page of the generation that serves, or of the one to come where the shape is new.

        Gives how many events it took; an event that fails stops the projection.
        """
        self.more = False
        mine = self._to_run(of_name(connection, self._type.name))
        if mine is None or mine.poison is not None:
            return 0
        try:
            taken = self.step(connection, mine.generation)
            if mine.building and not self.more:
                self.take_over(connection, mine.generation)
        except Poisoned as poisoned:
            self._stop_at(connection, mine.generation, poisoned)
            return 0
        return taken

    def _to_run(self, known: list[Registered]) -> Registered | None:
        """The generation of this shape: the one that serves before any that is built beside it."""
        mine = [each for each in known if each.shape == self._type.shape()]
        return min(mine, key=lambda each: (each.building, each.generation), default=None)

    def step(self, connection: Connection[Any], generation: int, until: int = NEWEST) -> int:
        """Take one page; gives how many events it had. Raises `Poisoned` at an event that fails."""
        while True:
            try:
                taken = self.page(connection, generation, until)
            except Leaving:
                raise
            except Exception as error:
                if passes(error):
                    raise
                if self._most == 1:
                    raise Poisoned(self._next_position(connection, generation), error) from error
                self._most = max(1, self._most // _SHRINK)
            else:
                self.more = taken >= self._most
                self._most = min(self._limit, self._most * 2)
                return taken

    def page(self, connection: Connection[Any], generation: int, until: int) -> int:
        """Take the next events in one transaction."""
        with connection.transaction():
            state = hold(connection, self._type.name, generation)
            if state is None or state.poison is not None:
                return 0
            page = self._log.page(
                state.position, self._most, until, lambda part: self._tick(_between(state.position, until, part), until)
            )
            if page is None:
                return 0
            with self._watched(generation, page):
                self._projection.project(page, Writer(connection, generation))
                connection.execute(
                    "UPDATE projections SET position = %s WHERE name = %s AND generation = %s",
                    (page.last, self._type.name, generation),
                )
            return page.events

    def _watched(self, generation: int, page: Page) -> AbstractContextManager[None]:
        if self._watcher is None:
            return nullcontext()
        return self._watcher.page(self._type.name, generation, page.last, page.events)

    def take_over(self, connection: Connection[Any], generation: int) -> bool:
        """Let a generation of a new shape serve, once it is as far as the one that serves."""
        with connection.transaction():
            known = of_name(connection, self._type.name, lock=True)
            new = next((each for each in known if each.generation == generation), None)
            serving = max((each.position for each in known if not each.building), default=0)
            if new is None or new.position < serving:
                return False
            swap(connection, self._type, generation)
        self._say.info("projection-swapped", generation=generation, position=new.position)
        return True

    def resume(self, connection: Connection[Any]) -> None:
        """Try again where it stopped, as after a mend."""
        connection.execute(
            "UPDATE projections SET status = CASE status WHEN 'stopped' THEN 'live' ELSE status END,"
            " poison = NULL, error = NULL WHERE name = %s AND poison IS NOT NULL",
            (self._type.name,),
        )

    def _next_position(self, connection: Connection[Any], generation: int) -> int:
        query = (
            "SELECT min(e.position) FROM events e, projections p"
            " WHERE p.name = %s AND p.generation = %s AND e.position > p.position"
        )
        found = connection.cursor(row_factory=tuple_row).execute(query, (self._type.name, generation)).fetchone()
        return int(found[0]) if found and found[0] else 0

    def _stop_at(self, connection: Connection[Any], generation: int, poisoned: Poisoned) -> None:
        """Say loudly which event it stopped at; the rows stay as they were before it."""
        connection.execute(
            "UPDATE projections SET status = CASE status WHEN 'live' THEN 'stopped' ELSE status END,"
            " poison = %s, error = %s WHERE name = %s AND generation = %s",
            (poisoned.position, str(poisoned), self._type.name, generation),
        )
        self._say.error("projection-stopped", position=poisoned.position, error=str(poisoned))


def _named(error: BaseException) -> str:
    """An error without what it was about: what pydantic cites can be personal."""
    if isinstance(error, ValidationError):
        return "ValidationError: " + ", ".join(each["type"] for each in error.errors(include_input=False))
    return f"{type(error).__name__}: {error}"


def _between(start: int, end: int, part: float) -> int:
    return start + int((end - start) * part) if end != NEWEST else start
