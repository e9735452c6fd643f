"""Writers who register facts at a steady pace, whatever else goes on, and what they feel of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from time import perf_counter, sleep
from typing import Final

from tests.benchmarks.house import Desk, Order, orders, stories
from tests.benchmarks.stories import facts, new_doctors

PER_SECOND: Final = 25
"""Commands of each caller."""
_DOCTORS: Final = 75
_FACTS: Final = 50
_KNOWN: Final = 10


@dataclass(slots=True)
class Felt:
    """Seconds of each call, and seconds from the moment that each was due: waiting behind another counts too."""

    calls: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class Pace:
    """Callers who share a service, each with doctors of its own, whose cases the service knows."""

    def __init__(self, desk: Desk, callers: int, per_second: float = PER_SECOND) -> None:
        self._desk = desk
        self._between = 1 / per_second
        self._stop = Event()
        self._orders = [self._prepared() for _ in range(callers)]
        self.recorded = 0

    @contextmanager
    def kept(self) -> Iterator[Felt]:
        """Keep the pace for as long as the block takes."""
        felt = Felt()
        self._stop.clear()
        callers = [Thread(target=self._call, args=(each, felt)) for each in self._orders]
        for caller in callers:
            caller.start()
        try:
            yield felt
        finally:
            self._stop.set()
            for caller in callers:
                caller.join()
        self.recorded += len(felt.calls)

    def _prepared(self) -> Iterator[Order]:
        every = stories(new_doctors(_DOCTORS), (_FACTS,))
        self._desk.take_in([fact for story in every for fact in story[:_KNOWN]])
        passes: Sequence[Sequence[Order]] = list(zip(*(orders(facts(s[_KNOWN:])) for s in every), strict=True))
        for fact, command in passes[0]:
            self._desk.casework.recording.record(fact, command)
        return (order for each in passes[1:] for order in each)

    def _call(self, some: Iterator[Order], felt: Felt) -> None:
        due = perf_counter()
        while not self._stop.is_set():
            fact, command = next(some)
            sleep(max(0.0, due - perf_counter()))
            begun = perf_counter()
            self._desk.casework.recording.record(fact, command)
            ended = perf_counter()
            felt.calls.append(ended - begun)
            felt.waits.append(ended - due)
            due += self._between
