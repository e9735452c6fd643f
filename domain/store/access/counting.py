"""How many requests a client has made in a minute: here, and as far as is known in all other processes."""

import threading

from domain.store.access.appending import Counts


class RequestCounts:
    """Counts in memory; the writer of the log adds them up in the database, and says what all have counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._added: dict[tuple[str, int], int] = {}
        self._known: dict[tuple[str, int], int] = {}
        self._minute = 0

    def add(self, client: str, minute: int) -> int:
        """Count a request; gives how many the client has made in this minute."""
        key = client, minute
        with self._lock:
            if minute > self._minute:
                self._minute = minute
                self._known = {}
            self._added[key] = self._added.get(key, 0) + 1
            return self._known.get(key, 0) + self._added[key]

    def added(self) -> Counts:
        """What is not in the database yet."""
        with self._lock:
            return dict(self._added)

    def settle(self, written: Counts, totals: Counts) -> None:
        """Note what was written, and what all processes have counted with it."""
        with self._lock:
            for key, count in written.items():
                left = self._added.pop(key) - count
                if left:
                    self._added[key] = left
            self._known |= {key: total for key, total in totals.items() if key[1] == self._minute}
