"""How long is computed for one doctor: whoever waits says when it is enough, and whatever can take long asks.

It is said once around all that is computed, for what can take long lies many calls below.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from domain.values.fields import Tick, untimed

_WAITING: Final[ContextVar[Tick]] = ContextVar("waiting", default=untimed)


class TakesTooLong(Exception):
    """One computation takes more of the processor than it may."""


def ask() -> None:
    """Go on, unless whoever waits has had enough; raises what they raise."""
    _WAITING.get()()


@contextmanager
def patient(tick: Tick) -> Iterator[None]:
    """What is computed here goes on as long as a tick lets it."""
    token = _WAITING.set(tick)
    try:
        yield
    finally:
        _WAITING.reset(token)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """What is computed here may take so much of the processor; raises `TakesTooLong`.

    Time in which others have the processor does not count, so that a busy machine makes nobody too slow.
    """
    outer, ends = _WAITING.get(), time.thread_time() + seconds

    def tick() -> None:
        outer()
        if time.thread_time() > ends:
            raise TakesTooLong

    with patient(tick):
        yield
