"""Shutdown on SIGTERM from an operator, or on Ctrl-C."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """An event that is set on SIGTERM or Ctrl-C, so that work under way can be finished first.

    Told a second time by Ctrl-C, it ends at once: a person waits no longer.
    """
    told = threading.Event()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def tell(number: int, _frame: object) -> None:
        if told.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        told.set()

    for number in SIGNALS:
        signal.signal(number, tell)
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
