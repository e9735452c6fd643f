"""Rebuilding a projection beside the one that serves: built, brought level, compared, swapped.

The comparison and the swap are one transaction in which both generations stand at the same position.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row

from domain.store import Fault, Store, fault_of
from projections.engine.generations import Registered, begin, differences, drop, install, of_name, swap
from projections.engine.log import Log
from projections.engine.projection import Projection
from projections.engine.running import Leaving, Runner, connect

_LOCKS: Final = 7_301_958
_ATTEMPTS: Final = 5
_NICE: Final = 10
_AT_ONCE: Final = 3
"""Rebuilds at the same time. They share one computation, and leave the database room for others."""
Progress = Callable[[int, int], None]
"""Told the position that is reached, and the one to reach."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The generation that serves now, and how many doctors, claims and rule sets it had to go on without.

    `differences` is None where nothing was compared: the shape is new, or the one that served had not begun.
    """

    name: str
    generation: int
    position: int
    differences: int | None
    set_aside: int


class Unlike(Exception):
    """A rebuild gave other rows; the old ones go on serving."""

    def __init__(self, name: str, rows: int) -> None:
        super().__init__(f"{name}: {rows} rows differ")
        self.rows = rows


class BeingRebuilt(Exception):
    """Another process is rebuilding this projection."""


def rebuild(
    projection: type[Projection],
    events: Store | Log,
    url: str,
    progress: Progress = lambda *_: None,
    *,
    accept_differences: bool = False,
) -> Rebuilt:
    """Build a projection anew while the old one serves, compare, and swap.

    Rebuilds that go on at the same time can share a log: then each doctor is computed once.

    Raises `Unlike` where rows of the same shape differ, unless they are accepted, `Poisoned` at an event
    that fails, and `BeingRebuilt`; then what was built is dropped.
    """
    with closing(connect(url)) as connection, _alone(connection, projection.name):
        install(connection, [projection])
        _drop_left_over(connection, projection)
        log = events if isinstance(events, Log) else Log(events)
        runner = Runner(projection, log, progress)
        generation = _own(connection, projection)
        try:
            _build(connection, runner, projection, generation, _Goals(log.head(), progress))
            return _finish(connection, runner, projection, generation, accept=accept_differences)
        except BaseException:
            if not connection.closed:
                _drop_left_over(connection, projection)
            raise


def rebuild_all(
    projections: Sequence[type[Projection]],
    store: Store,
    url: str,
    progress: Progress = lambda *_: None,
    *,
    accept_differences: bool = False,
) -> "list[Future[Rebuilt]]":
    """Build several projections anew at the same time, each doctor computed once, and give way to all other work.

    All are done when this returns, in the order asked for; each has what `rebuild` gives or raises.
    """
    log, together = Log(store), _Together(progress)

    def build(projection: type[Projection]) -> Rebuilt:
        told = together.of(projection.name)
        return rebuild(projection, log, url, told, accept_differences=accept_differences)

    with ThreadPoolExecutor(_AT_ONCE, "rebuild", _give_way) as pool:
        under_way = [pool.submit(build, projection) for projection in projections]
        try:
            wait(under_way)
        except BaseException:
            together.leave()
            raise
    return under_way


def _give_way() -> None:
    """Lower this thread's priority, on systems that have priorities for threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


class _Together:
    """One progress of several rebuilds: that of the one which is furthest behind."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._reached: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()
        self._leaving = False

    def of(self, name: str) -> Progress:
        """What one of them tells."""

        def tell(here: int, goal: int) -> None:
            with self._lock:
                if self._leaving:
                    raise Leaving
                self._reached[name] = (here, goal)
                self._progress(*min(self._reached.values()))

        return tell

    def leave(self) -> None:
        """End all of them where they are."""
        self._leaving = True


def _own(connection: Connection[Any], projection: type[Projection]) -> int:
    """A new generation, or the one that is on its way to a new shape already."""
    known = of_name(connection, projection.name)
    under_way = [each.generation for each in known if each.building and each.shape == projection.shape()]
    return under_way[0] if under_way else begin(connection, projection)


def _drop_left_over(connection: Connection[Any], projection: type[Projection]) -> None:
    """Drop what a rebuild leaves behind that fails or is killed; what is built for a new shape goes on."""
    with connection.transaction():
        known = of_name(connection, projection.name)
        if _serving(known).shape == projection.shape():
            for each in known:
                if each.building:
                    drop(connection, projection, each.generation)


@dataclass(frozen=True, slots=True)
class _Goals:
    """The end of the log when a rebuild began, and where its progress is reported."""

    head: int
    progress: Progress


def _build(
    connection: Connection[Any], runner: Runner, projection: type[Projection], generation: int, goals: _Goals
) -> None:
    """Take pages until the generation is as far as the one that serves is now, or the log where that has not begun."""
    while True:
        known = of_name(connection, projection.name)
        mine = next(each for each in known if each.generation == generation)
        goal = _goal(known, mine) if _serving(known).position else goals.head
        goals.progress(mine.position, goal)
        if not runner.step(connection, generation, goal):
            return


def _goal(known: list[Registered], mine: Registered) -> int:
    """Of one shape both must stand at the same position to be compared; a new shape has no such bound."""
    serving = _serving(known)
    return serving.position if serving.shape == mine.shape else max(serving.position, mine.position)


def _finish(
    connection: Connection[Any], runner: Runner, projection: type[Projection], generation: int, *, accept: bool
) -> Rebuilt:
    for attempt in range(_ATTEMPTS):
        try:
            with connection.transaction():
                return _level_and_swap(connection, runner, projection, generation, accept=accept)
        except Exception as error:
            if fault_of(error) is not Fault.PASSING or connection.closed or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError


def _level_and_swap(
    connection: Connection[Any], runner: Runner, projection: type[Projection], generation: int, *, accept: bool
) -> Rebuilt:
    known = of_name(connection, projection.name, lock=True)
    serving, mine = _serving(known), next(each for each in known if each.generation == generation)
    while runner.page(connection, generation, _goal(known, mine)):
        pass
    rows = None
    if serving.shape == mine.shape and mine.position <= serving.position:
        runner.take_up(connection, serving.generation, serving.aside.subjects())
        rows = differences(connection, projection, serving.generation, generation)
        if rows and not accept:
            raise Unlike(projection.name, rows)
    swap(connection, projection, generation)
    [built] = of_name(connection, projection.name)
    return Rebuilt(projection.name, generation, built.position, rows, len(built.aside.subjects()))


def _serving(known: list[Registered]) -> Registered:
    return next(each for each in known if not each.building)


@contextmanager
def _alone(connection: Connection[Any], name: str) -> Iterator[None]:
    """One rebuild of a projection at a time; the database lets go when this process is gone."""
    asked = (_LOCKS, name)
    row = connection.cursor(row_factory=tuple_row).execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", asked)
    found = row.fetchone()
    if not found or not found[0]:
        raise BeingRebuilt(name)
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", asked)
