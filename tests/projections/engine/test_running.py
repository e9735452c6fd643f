"""Projections that run: woken, competing, stopped, mended, and never past what is not committed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from domain.store import LOCK_KEY
from projections.all import ALL
from projections.doctors.case_history import CaseHistory
from projections.engine.log import Log
from projections.engine.running import Runner
from projections.engine.status import Status, status, wait_for
from projections.workers import Workers
from tests.benchmarks.stories import new_doctors, told
from tests.desk import command
from tests.projections.fragile import Mended
from tests.projections.house import House
from tests.scenario import BODO, full_time


def of(at: House, name: str) -> Status:
    with at.reads() as connection:
        [found] = [each for each in status(connection) if each.name == name and each.status != "building"]
    return found


def until(holds: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


def is_level(at: House) -> bool:
    with at.reads() as connection:
        return wait_for(connection, at.store.last_position() or 0, 20)


class Deaf(Workers):
    """Workers whose LISTEN never comes."""

    def _listen(self) -> None:
        self._stopping.wait()


@contextmanager
def writer_paused(at: House) -> Iterator[psycopg.Connection]:
    """Somebody who has taken the lock of the log, and has not committed."""
    with psycopg.connect(at.url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_KEY,))
        yield connection


def test_a_read_waits_until_it_sees_its_own_write(at: House) -> None:
    with Workers(ALL, at.store, at.url), at.reads() as connection:
        mine = command(source="import")
        at.imports(full_time().facts, mine)
        position = at.store.last_position(mine.id)
        assert position is not None
        assert wait_for(connection, position, 5)
        assert at.says(BODO, "2026")["total"] > 0
        assert not wait_for(connection, position + 1_000, 0.05)


def test_a_projection_that_is_not_run_tells_its_lag_in_events_and_seconds(at: House) -> None:
    at.levels()
    assert (of(at, "search").lag, of(at, "search").seconds) == (0, 0)
    at.imports(full_time().facts)
    behind = of(at, "search")
    assert behind.lag == 3
    assert behind.head - behind.position == 3
    assert 0 < behind.seconds < 60


def test_what_is_committed_between_the_first_read_and_listen_is_seen_within_a_second_or_so(at: House) -> None:
    with Deaf([CaseHistory], at.store, at.url):
        assert is_level(at)
        at.imports(full_time().facts)
        begun = time.monotonic()
        assert is_level(at)
        assert time.monotonic() - begun < 1.5


def test_a_writer_that_pauses_before_it_commits_is_waited_for_and_not_passed(at: House) -> None:
    with Workers([CaseHistory], at.store, at.url):
        assert is_level(at)
        before = of(at, "case_history").position
        with writer_paused(at) as paused:
            paused.execute("SELECT nextval(pg_get_serial_sequence('events', 'position'))")
            threads = [
                threading.Thread(target=at.imports, args=([f | {"hpr": hpr} for f in full_time().facts],))
                for hpr in ("9000001", "9000002")
            ]
            for thread in threads:
                thread.start()
            time.sleep(0.3)
            assert of(at, "case_history").position == before
            paused.rollback()
        for thread in threads:
            thread.join()
        assert is_level(at)
        assert len(at.rows(CaseHistory)) == 6


def test_eight_writers_of_whom_some_roll_back_are_all_seen_in_order(at: House) -> None:
    stories = [told(hpr, 12) for hpr in new_doctors(8)]

    def write(number: int) -> None:
        for fact in stories[number]:
            with psycopg.connect(at.url) as connection:
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_KEY,))
                connection.execute("SELECT nextval(pg_get_serial_sequence('events', 'position'))")
                connection.rollback()
            at.records(fact)

    with Workers([CaseHistory, Mended], at.store, at.url):
        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert is_level(at)
    assert len(at.rows(CaseHistory)) == 8 * 12
    assert at.differs_from_fresh(CaseHistory) == 0


def test_two_workers_on_each_projection_give_the_same_rows_as_one(at: House) -> None:
    stories = [told(hpr, 15) for hpr in new_doctors(6)]
    with Workers(ALL, at.store, at.url), Workers(ALL, at.store, at.url):
        for story in stories:
            at.imports(story)
        assert is_level(at)
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)


def test_a_page_is_taken_once_while_somebody_else_holds_the_projection(at: House) -> None:
    at.levels([CaseHistory])
    at.imports(full_time().facts)
    runner = Runner(CaseHistory, Log(at.store))
    with at.works() as one, at.works() as other:
        with one.transaction():
            assert runner.page(one, 1, 10**9) == 3
            assert runner.page(other, 1, 10**9) == 0
        assert runner.page(other, 1, 10**9) == 0
    assert len(at.rows(CaseHistory)) == 3


def test_workers_go_on_after_all_their_connections_are_broken(at: House) -> None:
    with Workers(ALL, at.store, at.url):
        assert is_level(at)
        at.asks(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        at.imports(full_time().facts)
        assert is_level(at)
    assert len(at.rows(CaseHistory)) == 3


def test_workers_can_be_stopped_and_started_again(at: House) -> None:
    workers = Workers(ALL, at.store, at.url)
    for number in range(3):
        at.imports([fact | {"hpr": f"900000{number}"} for fact in full_time().facts])
        workers = Workers(ALL, at.store, at.url)
        workers.start()
        workers.stop()
    with workers:
        pass
    at.levels()
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)
