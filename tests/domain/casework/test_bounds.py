"""What goes on beside the writers does not hold them up: upkeep, index builds, transactions that stay open.

Writers keep a steady pace, alone and then beside something that lasts for seconds. How long each save took is counted
from when it was due, so that whoever is held up is late with the next ones too.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

import psycopg
import pytest
from psycopg import Connection

from deploy.clock import now
from projections.all import ALL
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.benchmarks.house import Desk, command, desk, stories
from tests.benchmarks.measure import quantile
from tests.benchmarks.pace import Pace
from tests.benchmarks.stories import new_doctors

CALLERS: Final = 2
ALONE_SECONDS: Final = 3.0
LASTS_SECONDS: Final = 4.0
P99: Final = 0.99
TIMES: Final = 8
"""A save in a hundred may take so many times what it takes alone ..."""
FLOOR_SECONDS: Final = 0.25
"""... or this long, and never half of what lasts."""
Disturbance = Callable[[str, float], None]


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    """A service with a log of some size, and the read side level with it."""
    with desk(database_url) as opened:
        opened.casework.book.publish_release(now(), lambda _: command(source="release"))
        opened.take_in([fact for story in stories(new_doctors(150), (20,)) for fact in story])
        with Workers(ALL, opened.store, opened.url):
            assert wait_for(opened.beside, opened.store.last_position() or 0, 60)
        yield opened


def vacuum_of_the_log(url: str, until: float) -> None:
    with _beside(url) as connection:
        connection.execute("SET vacuum_cost_delay = '10ms'")
        connection.execute("SET vacuum_cost_limit = 1")
        while time.monotonic() < until:
            connection.execute("VACUUM (ANALYZE, DISABLE_PAGE_SKIPPING) events")


def rewriting_the_read_models(url: str, until: float) -> None:
    with _beside(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'read'").fetchall()
        while time.monotonic() < until:
            for (table,) in tables:
                connection.execute(f"VACUUM (FULL, ANALYZE) read.{table}".encode())


def index_built_concurrently(url: str, until: float) -> None:
    """It waits for whoever has read the log before it, and the writers go on meanwhile."""
    with _beside(url) as reader, _beside(url) as builder:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM events")
        build = Thread(target=builder.execute, args=("CREATE INDEX CONCURRENTLY events_by_topic ON events (topic)",))
        build.start()
        _rest(until)
        assert build.is_alive()
        reader.execute("COMMIT")
        build.join()
        [(valid,)] = reader.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'events_by_topic'::regclass")
        assert valid


def reader_that_stays(url: str, until: float) -> None:
    _held(url, until, "SELECT count(*) FROM events", "SELECT count(*) FROM read.eligible_months")


def projection_that_stays(url: str, until: float) -> None:
    """As a worker that was stopped in the middle of a page."""
    _held(
        url,
        until,
        "SELECT * FROM projections WHERE name = 'search' FOR UPDATE",
        "DELETE FROM read.search_1",
        "UPDATE projections SET position = position WHERE name = 'search'",
    )


def share_of_events_that_stays(url: str, until: float) -> None:
    _held(url, until, "SELECT position FROM events FOR KEY SHARE", "LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE")


def backup_that_goes_on(url: str, until: float) -> None:
    """A copy by PostgreSQL's own tools holds such locks on all tables, and one snapshot."""
    _held(url, until, "LOCK TABLE events, commands, doctor_keys, projections IN ACCESS SHARE MODE")


@pytest.mark.long
@pytest.mark.parametrize(
    "disturb",
    [
        vacuum_of_the_log,
        rewriting_the_read_models,
        index_built_concurrently,
        reader_that_stays,
        projection_that_stays,
        share_of_events_that_stays,
        backup_that_goes_on,
    ],
)
def test_writers_are_not_held_up_by(disturb: Disturbance, at: Desk) -> None:
    pace = Pace(at, CALLERS)
    with pace.kept() as alone:
        time.sleep(ALONE_SECONDS)
    with pace.kept() as beside:
        begun = time.monotonic()
        disturb(at.url, begun + LASTS_SECONDS)
        assert time.monotonic() - begun >= LASTS_SECONDS
    bound = min(max(TIMES * quantile(alone.waits, P99), FLOOR_SECONDS), LASTS_SECONDS / 2)
    assert quantile(beside.waits, P99) <= bound
    assert len(beside.waits) > LASTS_SECONDS * CALLERS


@pytest.mark.long
def test_a_plain_index_build_holds_the_writers_up_and_lets_them_go_on_when_it_ends(at: Desk) -> None:
    """So the program's own steps build no index on the log this way while it is written to."""
    pace = Pace(at, CALLERS)
    with pace.kept() as beside, _beside(at.url) as builder:
        builder.execute("BEGIN")
        builder.execute("CREATE INDEX events_by_topic ON events (topic)")
        time.sleep(LASTS_SECONDS / 2)
        builder.execute("COMMIT")
        time.sleep(LASTS_SECONDS / 2)
    assert quantile(beside.waits, P99) > LASTS_SECONDS / 3
    assert beside.waits[-1] < LASTS_SECONDS / 3


@contextmanager
def _beside(url: str) -> Iterator[Connection[tuple[object, ...]]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def _held(url: str, until: float, *statements: str) -> None:
    """A transaction that does something, stays open, and is undone."""
    with _beside(url) as connection:
        connection.execute("BEGIN")
        for statement in statements:
            connection.execute(statement.encode())
        _rest(until)
        connection.execute("ROLLBACK")


def _rest(until: float) -> None:
    time.sleep(max(0.0, until - time.monotonic()))
