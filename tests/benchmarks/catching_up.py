"""A projection that begins with nothing, or is built anew beside the one that serves; and all in one process."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

from domain.store import Store
from projections.doctors.case_history import CaseHistory
from projections.doctors.eligible_months import EligibleMonths
from projections.doctors.grant_amounts import GrantAmounts
from projections.doctors.overview import Overview
from projections.doctors.productivity_window import ProductivityWindow
from projections.doctors.search import Search
from projections.engine.generations import begin, drop, install, of_name
from projections.engine.log import Log
from projections.engine.projection import Projection
from projections.engine.rebuilding import rebuild, rebuild_all
from projections.engine.running import Runner, connect
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.benchmarks.house import MASTER_KEY, Desk
from tests.benchmarks.measure import stopped
from tests.benchmarks.raw_pages import RawPages
from workers.shell.collecting import gc_seldom

_PATIENCE_SECONDS = 600
Kind = type[Projection]
KINDS: Final[tuple[Kind, ...]] = (EligibleMonths, ProductivityWindow, GrantAmounts, CaseHistory, Search, Overview)
"""Those that the facts of doctors fill; a log without claims leaves the others empty."""


class Contest:
    """The projections of a log, brought level again and again, each turn with nothing in memory and no key open."""

    def __init__(self, at: Desk) -> None:
        self._desk = at
        self._head = at.store.last_position() or 0
        self.events = self._count()
        self._level()
        at.beside.execute("VACUUM (ANALYZE)")

    def catch_up(self, projection: Kind) -> float:
        """Events a second of one projection alone."""
        with self._fresh() as store, closing(connect(self._desk.url)) as connection:
            generation = begin(connection, projection)
            runner = Runner(projection, Log(store))
            with stopped() as watch:
                while runner.step(connection, generation, self._head):
                    pass
            drop(connection, projection, generation)
        return self.events / watch.seconds

    def rebuild(self, projection: Kind) -> float:
        """Events a second from the beginning of a rebuild to the swap."""
        with self._fresh() as store, stopped() as watch:
            done = rebuild(projection, store, self._desk.url)
        assert (done.differences, done.position) == (0, self._head)
        return self.events / watch.seconds

    def together(self) -> float:
        """Events a second of all projections in one process, as `alis worker` runs them, until the last is level."""
        with self._fresh() as store, closing(connect(self._desk.url)) as connection:
            for projection in KINDS:
                connection.execute(f"DROP VIEW read.{projection.table.name}".encode())
                for each in of_name(connection, projection.name):
                    drop(connection, projection, each.generation)
            install(connection, KINDS)
            workers = Workers(KINDS, store, self._desk.url)
            with stopped() as watch:
                workers.start()
                assert wait_for(connection, self._head, _PATIENCE_SECONDS)
            workers.stop()
        return self.events / watch.seconds

    def rebuild_all(self) -> float:
        """Events a second of all projections rebuilt at the same time, as `alis projections rebuild` does."""
        with self._fresh() as store, stopped() as watch:
            done = rebuild_all(KINDS, store, self._desk.url)
        assert [each.result().differences for each in done] == [0] * len(KINDS)
        return self.events / watch.seconds

    def raw(self, projection: Kind) -> float:
        """Events a second of psycopg alone, with the rows that the projection serves."""
        with closing(RawPages(self._desk.url, projection)) as pages:
            return pages.put()

    def _level(self) -> None:
        with closing(connect(self._desk.url)) as connection:
            install(connection, KINDS)
        with Workers(KINDS, self._desk.store, self._desk.url), closing(connect(self._desk.url)) as connection:
            assert wait_for(connection, self._head, _PATIENCE_SECONDS)

    @contextmanager
    def _fresh(self) -> Iterator[Store]:
        """A store as of a worker that has just begun: connected, and nothing more."""
        with gc_seldom(), closing(Store(self._desk.url, MASTER_KEY)) as store:
            assert store.answers()
            yield store

    def _count(self) -> int:
        found = self._desk.beside.execute("SELECT count(*) FROM events").fetchone()
        return int(found[0]) if found else 0


def one_after_the_other(speeds: Sequence[float]) -> float:
    """Events a second through all of several that take turns."""
    return 1 / sum(1 / speed for speed in speeds)
