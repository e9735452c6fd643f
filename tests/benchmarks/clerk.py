"""Somebody who registers facts at a desk, one command at a time, going from doctor to doctor."""

from collections import deque
from collections.abc import Sequence
from uuid import UUID

from domain.casework.service import Casework
from domain.values.streams import track_id
from tests.benchmarks import raw
from tests.benchmarks.house import Desk, Order, orders
from tests.benchmarks.measure import stopped
from tests.benchmarks.stories import Json, facts


class Clerk:
    """Takes one batch after the other; what a batch wrote can be had as rows for a baseline."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._passes: list[Sequence[Order]] = []
        self._written: deque[list[UUID]] = deque()
        self.recorded = 0

    def take(self, batch: Sequence[Sequence[Json]]) -> None:
        """Take on the facts of some doctors, and begin with one of each, so that their cases are known here."""
        self._passes = list(zip(*(orders(facts(story)) for story in batch), strict=True))
        self._written.append([track_id(str(story[0]["hpr"])) for story in batch])
        self._record(self._desk.casework, self._passes.pop(0))

    def record(self) -> float:
        """Commands a second with cases at hand."""
        with stopped() as watch:
            for each in self._passes:
                self._record(self._desk.casework, each)
        return sum(map(len, self._passes)) / watch.seconds

    def record_cold(self) -> float:
        """Commands a second where each has to load its doctor and open the key, as after a restart."""
        seconds = 0.0
        for each in self._passes:
            casework = Casework(self._desk.store)
            for fact, _ in each:
                self._desk.store.keys.forget(track_id(fact.hpr))
            with stopped() as watch:
                self._record(casework, each)
            seconds += watch.seconds
        return sum(map(len, self._passes)) / seconds

    def rows(self) -> list[raw.Values]:
        """What the earliest batch that nobody asked for yet wrote."""
        return raw.written(self._desk.beside, self._written.popleft(), "api")

    def _record(self, casework: Casework, some: Sequence[Order]) -> None:
        for fact, command in some:
            receipt = casework.recording.record(fact, command)
            assert receipt.stored
        self.recorded += len(some)
