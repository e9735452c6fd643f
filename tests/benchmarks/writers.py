"""Eight processes that register facts at the same time, or write the same rows by psycopg alone."""

import gc
import multiprocessing
from collections.abc import Sequence
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from tests.benchmarks import raw
from tests.benchmarks.clerk import Clerk
from tests.benchmarks.house import desk, log_to_nowhere
from tests.benchmarks.measure import stopped
from tests.benchmarks.stories import Json


def _work(pipe: Connection, url: str) -> None:
    """One writer: does what it is told, and answers when it is done."""
    log_to_nowhere()
    rows: list[raw.Values] = []
    with desk(url) as mine:
        clerk = Clerk(mine)
        pipe.send(0)
        for order, batch in iter(pipe.recv, None):
            match order:
                case "take":
                    clerk.take(batch)
                    gc.collect()
                case "record":
                    clerk.record()
                case "read":
                    rows = clerk.rows()
                    gc.collect()
                case "insert":
                    raw.insert(mine.beside, rows, lock=True)
            pipe.send(len(rows) if order == "insert" else clerk.recorded)


class Writers:
    """Processes that live as long as the benchmark, each with warm connections."""

    def __init__(self, url: str, how_many: int) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes: list[Any] = []
        for _ in range(how_many):
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=_work, args=(theirs, url), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)
        self.recorded: int = sum(pipe.recv() for pipe in self._pipes)

    def record(self, batch: Sequence[Sequence[Json]]) -> float:
        """Commands a second, all writers together."""
        shares = [batch[place :: len(self._pipes)] for place in range(len(self._pipes))]
        begun = self._all("take", shares)
        with stopped() as watch:
            self.recorded = self._all("record")
        return (self.recorded - begun) / watch.seconds

    def insert(self) -> float:
        """Rows a second, all writers together."""
        self._all("read")
        with stopped() as watch:
            rows = self._all("insert")
        return rows / watch.seconds

    def _all(self, order: str, shares: Sequence[Any] = ()) -> int:
        for place, pipe in enumerate(self._pipes):
            pipe.send((order, shares[place] if shares else None))
        done: int = sum(pipe.recv() for pipe in self._pipes)
        return done

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            pipe.send(None)
            process.join(5)
            if process.is_alive():
                process.terminate()
