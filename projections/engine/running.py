"""Moving a projection on: pages of events, their effects and the position in one transaction.

A worker locks the generation's row while it runs a page, so of many workers one at a time writes, and one
that dies leaves nothing behind. A page that fails because of its content is taken apart: subjects that fail alone
are set aside, and all others go on.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, Protocol

import psycopg
import structlog
from psycopg import Connection
from psycopg.rows import tuple_row

from domain.store import NEWEST, Fault, fault_of
from projections.engine.apart import Apart
from projections.engine.aside.books import BookFault
from projections.engine.aside.set_aside import reason, try_soon
from projections.engine.aside.subjects import Subject
from projections.engine.generations import Registered, hold, install, of_name, swap
from projections.engine.log import Log, Page
from projections.engine.projection import Projection, Writer

_AT_ONCE: Final = 20
"""Subjects set aside that are retried before other work goes on."""
Tick = Callable[[int, int], None]
"""Told how far a page has come, and where it ends; may raise `Leaving`."""


class Watcher(Protocol):
    """Observes pages and their statements, for metrics and traces."""

    cursor: type[psycopg.Cursor[Any]]

    def page(self, projection: str, generation: int, last: int, events: int) -> AbstractContextManager[None]:
        """Around the work on a page."""


class Poisoned(Exception):
    """A projection cannot go on, and neither a doctor nor a claim nor a rule set is to blame."""

    def __init__(self, position: int, error: BaseException) -> None:
        super().__init__(reason(error))
        self.position = position


class Leaving(BaseException):
    """There is no time for the rest of a page; it is undone."""


def connect(url: str, watcher: Watcher | None = None) -> Connection[Any]:
    """A connection for a worker. Commits are not waited for: what a crash loses is projected again."""
    connection: Connection[Any] = psycopg.connect(url, autocommit=True, connect_timeout=5)
    connection.execute("SET synchronous_commit = off")
    if watcher:
        connection.cursor_factory = watcher.cursor
    return connection


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
        self._most = most or projection.most
        self.more = False
        """Whether the last page was full, so that there may be events beyond it already."""
        self._say: Any = structlog.get_logger("projections").bind(projection=projection.name)

    def turn(self, connection: Connection[Any]) -> int:
        """Take one page of the generation that serves, or of the one to come where the shape is new.

        Returns how many events it took. If no subject is to blame for a failure, the projection stops.
        """
        self.more = False
        known = of_name(connection, self._type.name)
        if not known:  # as when an older database was put in the place of the one that was there
            install(connection, [self._type])
        mine = self._to_run(known)
        if mine is None or mine.poison is not None:
            return 0
        try:
            taken = self.step(connection, mine.generation)
            self.take_up(connection, mine.generation, mine.due[:_AT_ONCE])
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
        """Take one page; returns how many events it had. Raises `Poisoned` if no subject is to blame for a failure."""
        try:
            taken = self.page(connection, generation, until)
        except Exception as error:
            if fault_of(error) is Fault.PASSING:
                raise
            raise Poisoned(self._next_position(connection, generation), error) from error
        self.more = taken >= self._most
        return taken

    def page(self, connection: Connection[Any], generation: int, until: int) -> int:
        """Take the next events in one transaction; if they fail, retry them one by one."""
        is_apart = False
        while True:
            try:
                return self._taken(connection, generation, until, Apart.one_by_one if is_apart else Apart.whole)
            except BookFault as fault:
                self._without(connection, generation, fault)
            except Exception as error:
                if is_apart or fault_of(error) is not Fault.EVENT:
                    raise
                is_apart = True

    def _taken(
        self, connection: Connection[Any], generation: int, until: int, way: Callable[[Apart, Page], Page]
    ) -> int:
        with connection.transaction():
            state = hold(connection, self._type.name, generation)
            if state is None or state.poison is not None:
                return 0
            page = self._log.page(state.position, self._most, until, self._telling(state, until), state.aside)
            if page is None:
                return 0
            with self._watched(generation, page):
                page = way(self._apart(connection, generation), page)
                connection.execute(
                    "UPDATE projections SET position = %s WHERE name = %s AND generation = %s",
                    (page.last, self._type.name, generation),
                )
            return page.events

    def take_up(self, connection: Connection[Any], generation: int, subjects: Sequence[Subject]) -> None:
        """Retry some subjects that are set aside; those that fail again stay there."""
        if not subjects:
            return
        with connection.transaction():
            state = hold(connection, self._type.name, generation)
            if state is not None:
                page = self._log.standstill(state.position, self._telling(state, state.position), state.aside)
                self._apart(connection, generation).again(page, subjects)

    def _without(self, connection: Connection[Any], generation: int, fault: BookFault) -> None:
        with connection.transaction():
            if hold(connection, self._type.name, generation) is not None:
                apart = self._apart(connection, generation)
                apart.put(Subject("rules", fault.position), fault, fault.position)

    def _apart(self, connection: Connection[Any], generation: int) -> Apart:
        return Apart(self._projection, self._log, Writer(connection, generation), self._say)

    def _telling(self, state: Registered, until: int) -> Callable[[float], None]:
        return lambda part: self._tick(_between(state.position, until, part), until)

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
        """Try again where it stopped, and what it has set aside, as after a mend."""
        connection.execute(
            "UPDATE projections SET status = CASE status WHEN 'stopped' THEN 'live' ELSE status END,"
            " poison = NULL, error = NULL WHERE name = %s AND poison IS NOT NULL",
            (self._type.name,),
        )
        try_soon(connection, self._type.name)

    def _next_position(self, connection: Connection[Any], generation: int) -> int:
        query = (
            "SELECT min(e.position) FROM events e, projections p"
            " WHERE p.name = %s AND p.generation = %s AND e.position > p.position"
        )
        found = connection.cursor(row_factory=tuple_row).execute(query, (self._type.name, generation)).fetchone()
        return int(found[0]) if found and found[0] else 0

    def _stop_at(self, connection: Connection[Any], generation: int, poisoned: Poisoned) -> None:
        """Say loudly where it stopped; the rows stay as they were before it."""
        connection.execute(
            "UPDATE projections SET status = CASE status WHEN 'live' THEN 'stopped' ELSE status END,"
            " poison = %s, error = %s WHERE name = %s AND generation = %s",
            (poisoned.position, str(poisoned), self._type.name, generation),
        )
        self._say.error("projection-stopped", position=poisoned.position, error=str(poisoned))


def _between(start: int, end: int, part: float) -> int:
    return start + int((end - start) * part) if end != NEWEST else start
