"""Whether the log is still the same, and not an older copy that was restored in its place."""

import threading
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import structlog
from psycopg import Connection
from psycopg.errors import UndefinedTable

_SECONDS: Final = 1.0
_LOOK: Final = """
SELECT position, command_id, (SELECT command_id FROM events WHERE position = %s) AS known
FROM events ORDER BY position DESC LIMIT 1
"""


class SameLog:
    """Checks that the last event seen is still there: once a second, and on every new connection.

    An event is known by its position and its command, whose id is like no other. `epoch` counts the logs that there
    were; a cache of something in the log keeps the epoch with it.
    """

    def __init__(self, forget: Callable[[], None]) -> None:
        self._forget = forget
        self._last: tuple[int, UUID] | None = None
        self._due = 0.0
        self._lock = threading.Lock()
        self.epoch = 0
        self._log: Any = structlog.get_logger("casework")

    def suspect(self) -> None:
        """Look at the next question: the connection is new."""
        self._due = 0.0

    def saw(self, position: int, command: UUID) -> None:
        """Note the event that was just appended."""
        with self._lock:
            if self._last is None or position > self._last[0]:
                self._last = (position, command)

    def look(self, connection: Connection[Any]) -> None:
        """Look, if it is time."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + _SECONDS
        before = self._last
        try:
            found = connection.execute(_LOOK, (before[0] if before else 0,)).fetchone()
        except UndefinedTable:
            return
        with self._lock:
            if before and (found is None or found["known"] != before[1]):
                self._last = None
                self._other()
            if found and (self._last is None or found["position"] > self._last[0]):
                self._last = (found["position"], found["command_id"])

    def _other(self) -> None:
        self.epoch += 1
        self._forget()
        self._log.warning("another-log", epoch=self.epoch)
