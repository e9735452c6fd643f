"""Every connection is cut in turn, and the database restarts: all goes on by itself, and nothing is lost."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest

from deploy.database import embedded
from deploy.migrate import migrate
from deploy.server import Server
from domain.store import CHANNEL
from projections.all import ALL
from projections.doctors.case_history import CaseHistory
from projections.doctors.search import Search
from projections.engine.log import Page
from projections.engine.projection import Projection, Table, Writer
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.desk import desk, guidance
from tests.projections.house import House
from tests.scenario import full_time

SECONDS = 5.0
"""Within so many of being cut off, everything is level again."""
CONNECTED = """
SELECT pid, query FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def connected(outside: psycopg.Connection) -> dict[int, str]:
    """The connections of service and workers, and what each asked last."""
    return dict(outside.execute(CONNECTED).fetchall())


def is_level(outside: psycopg.Connection) -> bool:
    """Whether the read side comes level in time, as seen from a connection that nobody cuts."""
    position = outside.execute("SELECT max(position) FROM events").fetchone()
    assert position
    return wait_for(outside, position[0], SECONDS)


def test_each_connection_is_cut_in_turn_and_all_goes_on_within_seconds(at: House) -> None:
    at.imports(full_time().facts)
    cut: set[int] = set()
    asked: list[str] = []
    with psycopg.connect(at.url, autocommit=True) as outside, Workers([CaseHistory, Search], at.store, at.url):
        assert is_level(outside)
        first = connected(outside)
        for pid in first:
            assert outside.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,)).fetchone() == (True,)
            asked.append(first[pid])
            cut.add(pid)
            assert at.records(guidance(len(cut))).stored
            assert is_level(outside)
        assert all_made_anew(outside, cut)
    assert f"LISTEN {CHANNEL}" in asked
    assert len(cut) >= 4
    assert sorted(fact for _, fact in at.log()) == sorted(["1", "2", "3", *(f"g{n + 1}" for n in range(len(cut)))])
    assert [at.differs_from_fresh(projection) for projection in (CaseHistory, Search)] == [0, 0]


def all_made_anew(outside: psycopg.Connection, cut: set[int]) -> bool:
    """Whether there are as many connections as before, all of them others, and one of them listens."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        now = connected(outside)
        if len(now) >= len(cut) and not cut & now.keys() and list(now.values()).count(f"LISTEN {CHANNEL}") == 1:
            return True
        time.sleep(0.05)
    return False


class Paused(Projection):
    """The number of events of each doctor; waits in the middle of a page until it may go on."""

    name: ClassVar[str] = "paused"
    table: ClassVar[Table] = Table("paused", {"hpr": "text", "events": "integer"}, keys=1)
    within: ClassVar[threading.Event] = threading.Event()
    go_on: ClassVar[threading.Event] = threading.Event()

    def project(self, page: Page, writer: Writer) -> None:
        for doctors in page.touched():
            writer.replace(
                self.table, [each.hpr for each in doctors], [(each.hpr, len(each.logged)) for each in doctors]
            )
        self.within.set()
        assert self.go_on.wait(30)


def test_the_connection_that_holds_the_lease_is_cut_in_mid_page_and_the_page_is_taken_again_whole(at: House) -> None:
    at.imports(full_time().facts)
    Paused.within.clear()
    Paused.go_on.clear()
    with psycopg.connect(at.url, autocommit=True) as outside, Workers([Paused], at.store, at.url):
        assert Paused.within.wait(10)
        holding = outside.execute(
            "SELECT l.pid FROM pg_locks l WHERE l.relation = 'projections'::regclass AND l.mode = 'RowShareLock'"
        ).fetchall()
        assert len(holding) == 1
        assert outside.execute("SELECT count(*) FROM read.paused").fetchone() == (0,)
        outside.execute("SELECT pg_terminate_backend(%s, 5000)", holding[0])
        Paused.go_on.set()
        assert is_level(outside)
        assert outside.execute("SELECT * FROM read.paused").fetchall() == [("9000001", 3)]


@pytest.fixture
def own(data_folder: Path) -> Iterator[tuple[House, Server]]:
    """A house on a server of this test's own, which it may stop."""
    with embedded(data_folder) as url:
        migrate(url)
        server = Server(data_folder.resolve())
        server.start()
        with desk(url, 4) as opened:
            opened.publishes()
            yield House(opened.url, opened.store, opened.casework), server


@pytest.mark.long
def test_the_database_restarts_under_running_workers_and_writers_and_nothing_is_lost(
    own: tuple[House, Server],
) -> None:
    at, server = own
    at.records_all(full_time())
    stored: list[bool] = []

    def write(first: int) -> None:
        stored.extend(at.records(guidance(n)).stored for n in range(first, first + 40))

    with Workers(ALL, at.store, at.url), Workers(ALL, at.store, at.url):
        for turn in range(3):
            threads = [threading.Thread(target=write, args=(first,)) for first in (turn * 80, turn * 80 + 40)]
            for thread in threads:
                thread.start()
            time.sleep(0.1)
            server.stop()
            time.sleep(0.5)
            server.start()
            for thread in threads:
                thread.join()
            with psycopg.connect(at.url, autocommit=True) as outside:
                assert is_level(outside)
    assert stored == [True] * 240
    assert sorted(fact for _, fact in at.log()[3:]) == sorted(f"g{n}" for n in range(240))
    assert at.is_gap_free("9000001")
    assert at.store.verify()
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)
