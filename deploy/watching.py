"""Starts the embedded server again when it ends before its users: killed, or out of memory."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, Protocol

import structlog

from deploy.problems import DatabaseProblem

LOOK_SECONDS: Final = 1.0
MOST: Final = 5
"""How many restarts within `WITHIN_SECONDS`; after more, restarting does not help."""
WITHIN_SECONDS: Final = 600.0


class Watched(Protocol):
    """A server that can be watched."""

    def runs(self) -> bool:
        """Whether it runs; changes nothing."""

    def restart(self) -> None:
        """Start it again if it does not run."""


@contextmanager
def watching(
    server: Watched, only_one: Callable[[], AbstractContextManager[None]], look_seconds: float = LOOK_SECONDS
) -> Iterator[None]:
    """Watch a server until the end of the block; `only_one` lets one process at a time restart it."""
    ended = threading.Event()
    watcher = threading.Thread(
        target=_watch, args=(server, only_one, ended, look_seconds), name="database", daemon=True
    )
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _watch(
    server: Watched, only_one: Callable[[], AbstractContextManager[None]], ended: threading.Event, look_seconds: float
) -> None:
    log: Any = structlog.get_logger("database")
    begun: list[float] = []
    while not ended.wait(look_seconds):
        if server.runs():
            continue
        begun = [moment for moment in begun if time.monotonic() - moment < WITHIN_SECONDS]
        if len(begun) == MOST:
            log.error("database-given-up", attempts=MOST)
            return
        begun.append(time.monotonic())
        try:
            with only_one():
                if not ended.is_set():
                    server.restart()
        except (DatabaseProblem, OSError) as problem:
            log.warning("database-not-restarted", attempt=len(begun), error=str(problem))
        else:
            log.warning("database-restarted", attempt=len(begun))
