"""How soon a save is seen in the projections, and what somebody who saves feels of a rebuild."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from queue import Queue
from threading import Event, Thread
from time import perf_counter, sleep
from typing import Final, LiteralString

import psycopg
from psycopg import sql

from projections.all import ALL
from projections.engine.status import wait_for
from tests.benchmarks import beside, raw
from tests.benchmarks.house import Desk, Order, orders, stories
from tests.benchmarks.measure import quantile
from tests.benchmarks.pace import Pace
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stories import Json, facts, new_doctors

P95: Final = 0.95
_CALLERS: Final = 2
_PER_SECOND: Final = 10
_FACTS: Final = 20
_EACH: Final = 5
_PAUSE: Final = 0.01
_PATIENCE: Final = 30
_CHANNEL: Final[LiteralString] = "passed"
_TELL: Final = f"""
CREATE FUNCTION tell_passed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('{_CHANNEL}', NEW.name || ' ' || NEW.position); RETURN NULL; END $$;
CREATE TRIGGER told_passed AFTER UPDATE ON projections FOR EACH ROW EXECUTE FUNCTION tell_passed();
""".encode()
_HUSH: Final = b"DROP TRIGGER told_passed ON projections; DROP FUNCTION tell_passed()"
Heard = tuple[str, float]
"""What was said, and the moment it was heard."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds: from each save to when a projection had it, to when all had it, and from commit to notification."""

    each: dict[str, list[float]]
    all: list[float]
    notified: list[float]

    @property
    def figure(self) -> float:
        """The projection that is last, p95, divided by the notification's."""
        return max(quantile(each, P95) for each in self.each.values()) / quantile(self.notified, P95)


@dataclass(frozen=True, slots=True)
class Felt:
    """Seconds of each save of a round, alone and during a rebuild of all projections."""

    idle: list[list[float]]
    busy: list[list[float]]
    rebuild_seconds: list[float]

    @property
    def figures(self) -> tuple[float, ...]:
        """How much slower, p95, round by round."""
        rounds = zip(self.busy, self.idle, strict=True)
        return tuple(quantile(busy, P95) / quantile(idle, P95) for busy, idle in rounds)


def seen(at: Desk, sizes: Sizes) -> Seen:
    """Saves one at a time, with workers in a process of their own, and raw commits between them."""
    told = stories(new_doctors(sizes.saves // _EACH), (_FACTS,))
    at.take_in([fact for story in told for fact in story[:-_EACH]])
    rows = _raw_rows(at, sizes.saves)
    found = Seen({projection.name: [] for projection in ALL}, [], [])
    at.beside.execute(_TELL)
    with (
        beside.process(beside.workers, at.url),
        _heard(at.url, _CHANNEL) as passed,
        _heard(at.url, "raw") as notified,
        psycopg.connect(at.url) as connection,
    ):
        _wait(at)
        passed.queue.clear()
        for (fact, command), row in zip(_saves(told), rows, strict=True):
            sleep(_PAUSE)
            begun = perf_counter()
            at.casework.recording.record(fact, command)
            _note(found, passed, at.store.last_position(command.id) or 0, begun)
            sleep(_PAUSE)
            found.notified.append(_committed(connection, row, notified))
    at.beside.execute(_HUSH)
    return found


def felt(at: Desk, sizes: Sizes, rounds: int) -> Felt:
    """Writers at a steady pace with workers running, alone and while all projections are built anew, by turns."""
    pace, found = Pace(at, _CALLERS, _PER_SECOND), Felt([], [], [])
    at.beside.execute("VACUUM (ANALYZE)")
    with beside.process(beside.workers, at.url), beside.process(beside.rebuilder, at.url) as rebuilder:
        _wait(at)
        for _ in range(rounds):
            with pace.kept() as idle:
                sleep(sizes.idle_seconds)
            begun = perf_counter()
            with pace.kept() as busy:
                rebuilder.send("all")
                assert rebuilder.recv() == [0] * len(ALL)
            found.rebuild_seconds.append(perf_counter() - begun)
            found.idle.append(idle.calls)
            found.busy.append(busy.calls)
    return found


def _saves(told: Sequence[Sequence[Json]]) -> list[Order]:
    """One fact of each doctor after the other, none of them twice in a row."""
    return [order for each in zip(*(orders(facts(story[-_EACH:])) for story in told), strict=True) for order in each]


def _raw_rows(at: Desk, how_many: int) -> list[raw.Values]:
    """Rows of the log for a table like it that is empty."""
    raw.prepare_tables(at.url)
    at.beside.execute("TRUNCATE raw_events")
    found = at.beside.execute(
        sql.SQL("SELECT {} FROM events ORDER BY position LIMIT %s").format(raw.COLUMNS), (how_many,)
    )
    return found.fetchall()


def _committed(connection: raw.Connection, row: raw.Values, notified: "Queue[Heard]") -> float:
    """Seconds from a commit to its notification."""
    raw.insert_uncommitted(connection, row)
    begun = perf_counter()
    connection.commit()
    _, at = notified.get(timeout=_PATIENCE)
    return at - begun


def _note(found: Seen, passed: "Queue[Heard]", position: int, begun: float) -> None:
    """Wait until every projection has the position, and note when each had."""
    behind, at = set(found.each), begun
    while behind:
        text, at = passed.get(timeout=_PATIENCE)
        name, reached = text.split()
        if name in behind and int(reached) >= position:
            behind.remove(name)
            found.each[name].append(at - begun)
    found.all.append(at - begun)


def _wait(at: Desk) -> None:
    assert wait_for(at.beside, at.store.last_position() or 0, _PATIENCE)


@contextmanager
def _heard(url: str, channel: LiteralString) -> Iterator["Queue[Heard]"]:
    """What is said on a channel, each with the moment it was heard."""
    heard: Queue[Heard] = Queue()
    stopping, ready = Event(), Event()

    def listen() -> None:
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            ready.set()
            while not stopping.is_set():
                for each in connection.notifies(timeout=0.2, stop_after=1):
                    heard.put((each.payload, perf_counter()))

    thread = Thread(target=listen)
    thread.start()
    ready.wait(_PATIENCE)
    try:
        yield heard
    finally:
        stopping.set()
        thread.join()
