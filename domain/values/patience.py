"""How long a computation may take: the caller says when to stop, and code that can take long asks.

The caller says it once, around the whole computation, because the slow code lies many calls below.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

Tick = Callable[[], None]
"""Called now and then during a computation that can take long: it raises when the caller waits no longer."""


def _untimed() -> None:
    """The caller waits however long it takes."""


_WAITING: Final[ContextVar[Tick]] = ContextVar("waiting", default=_untimed)


class TakesTooLong(Exception):
    """One computation takes more of the processor than it may."""


def ask() -> None:
    """Go on, unless the caller waits no longer; then raises what the caller's tick raises."""
    _WAITING.get()()


@contextmanager
def patient(tick: Tick) -> Iterator[None]:
    """Within this block the computation goes on until the tick raises."""
    token = _WAITING.set(tick)
    try:
        yield
    finally:
        _WAITING.reset(token)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Within this block the computation may use this much of the processor; raises `TakesTooLong`.

    Time in which others have the processor does not count, so that a busy machine makes nobody too slow.
    """
    outer, ends = _WAITING.get(), time.thread_time() + seconds

    def tick() -> None:
        outer()
        if time.thread_time() > ends:
            raise TakesTooLong

    with patient(tick):
        yield
