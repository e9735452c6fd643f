"""No reader passes an event that has its position but is not committed: position order is commit order."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.rows import dict_row

from domain.casework.facts.cases import case_of
from domain.store import CommandRecord, EventMapper
from domain.store.log.append import append_few
from projections.all import ALL
from projections.doctors.case_history import CaseHistory
from projections.workers import Workers
from tests.benchmarks.stories import new_doctors, told
from tests.desk import Desk, command, fact_of
from tests.projections.engine.test_running import is_level, of, until
from tests.projections.house import House
from tests.scenario import Json, full_time


@contextmanager
def appended(at: Desk, fact: Json) -> Iterator[psycopg.Connection]:
    """A fact that has got its position, and is not committed yet; the caller commits it or takes it back."""
    order = command()
    recorded, _ = case_of([]).versions.next(fact_of(fact), order.origin())
    [row] = EventMapper(at.store.keys).to_rows([recorded])
    with psycopg.connect(at.url, row_factory=dict_row) as connection:
        append_few(connection, [row], CommandRecord(order.id, order.request, "{}", order.actor.subject))
        yield connection  # type: ignore[misc]


def waiting(at: Desk) -> int:
    """How many wait for the log."""
    [row] = at.asks("SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return int(row["n"])


def first_fact(hpr: str) -> Json:
    return full_time().facts[0] | {"hpr": hpr}


@pytest.mark.parametrize("commits", [True, False], ids=["commits", "rolls back"])
def test_while_a_writer_has_its_position_and_has_not_committed_nobody_commits_a_later_one(
    at: House, *, commits: bool
) -> None:
    with Workers([CaseHistory], at.store, at.url):
        assert is_level(at)
        before = of(at, "case_history").position
        with appended(at, first_fact("9000001")) as paused:
            others = [threading.Thread(target=at.records, args=(first_fact(f"900000{n}"),)) for n in (2, 3, 4)]
            for other in others:
                other.start()
            assert until(lambda: waiting(at) == 3)
            time.sleep(1.2)  # longer than any reader sleeps
            assert of(at, "case_history").position == before
            if commits:
                paused.commit()
            else:
                paused.rollback()
        for other in others:
            other.join()
        assert is_level(at)
    seen = {row[1] for row in at.rows(CaseHistory)}
    assert seen == ({"9000001"} if commits else set()) | {"9000002", "9000003", "9000004"}
    assert at.differs_from_fresh(CaseHistory) == 0


def read_all(at: Desk, done: threading.Event, seen: list[tuple[int, int]]) -> None:
    """Page through the log until nothing comes any more: where each page ended, and how many events it had."""
    position = 0
    while True:
        last_look = done.is_set()
        found = at.store.touched(position, 7)
        if found:
            position = max(each.position for each in found)
            seen.append((position, sum(each.events for each in found)))
        elif last_look:
            return


def test_a_reader_that_pages_all_the_time_sees_every_event_once_whoever_pauses_or_rolls_back(at: House) -> None:
    """The reader keeps no memory but its position, as a projection does."""
    stories = [told(hpr, 10) for hpr in new_doctors(6)]
    done = threading.Event()
    seen: list[tuple[int, int]] = []

    def write(number: int) -> None:
        for fact in stories[number]:
            at.records(fact)

    def pause(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - the same pauses every time
        for n in range(12):
            with appended(at, first_fact(f"92{number:02}{n:03}")) as paused:
                time.sleep(chance.random() * 0.03)
                if chance.random() < 0.5:
                    paused.rollback()

    reader = threading.Thread(target=read_all, args=(at, done, seen))
    writers = [threading.Thread(target=write, args=(number,)) for number in range(len(stories))]
    writers += [threading.Thread(target=pause, args=(number,)) for number in range(2)]
    with Workers(ALL, at.store, at.url):
        reader.start()
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        done.set()
        reader.join()
        assert is_level(at)
    [row] = at.asks("SELECT count(*) AS events, max(position) AS last FROM events")
    assert row["last"] > row["events"]  # some were rolled back: their positions are nobody's
    assert sum(events for _, events in seen) == row["events"]
    assert [last for last, _ in seen] == sorted({last for last, _ in seen})
    assert [at.differs_from_fresh(projection) for projection in ALL] == [0] * len(ALL)
