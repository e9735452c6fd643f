"""Writes the access log: what all requests have to say while one batch is committed is the next batch."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final

import psycopg
import structlog

from domain.store.access.appending import Counts, append
from domain.store.access.counting import RequestCounts
from domain.store.access.entry import Entry

_MOST: Final = 500
"""The most entries of one batch: the lock is held until it is committed, and other services wait for it."""
_LOOK_SECONDS: Final = 1.0
"""Counts that no entry comes with are written after this time, and a lost connection is made again."""
_END_SECONDS: Final = 10.0
_LIMITS: Final = b"SET statement_timeout = '5s'; SET lock_timeout = '2s'; SET synchronous_commit = on"

Waiting = tuple[Entry, "Future[None]"]


class AccessLog:
    """A thread with a connection of its own, so that no long question of others holds up the log.

    An entry whose caller has stopped waiting is left out. One that is committed when its caller has left stays: more
    may be logged than was answered, and never less.
    """

    def __init__(self, url: str) -> None:
        self.counts = RequestCounts()
        self._url = url
        self._changed = threading.Condition()
        self._waiting: list[Waiting] = []
        self._closing = False
        self._thread: threading.Thread | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._log: Any = structlog.get_logger("access")

    def open(self) -> None:
        """Begin, and connect before the first entry comes."""
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
                self._thread.start()

    def put(self, entry: Entry) -> "Future[None]":
        """Give an entry to the next batch; done when it is committed."""
        self.open()
        written: Future[None] = Future()
        with self._changed:
            if self._closing:
                written.set_exception(psycopg.InterfaceError("the access log is closed"))
            else:
                self._waiting.append((entry, written))
                self._changed.notify()
        return written

    def close(self) -> None:
        """Write what is waiting, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread:
            self._thread.join(_END_SECONDS)

    def _run(self) -> None:
        while True:
            with suppress(psycopg.Error):
                self._connected()
            batch = self._next()
            self._write([(entry, written) for entry, written in batch if written.set_running_or_notify_cancel()])
            if self._closing and not self._waiting:
                self._disconnect()
                return

    def _next(self) -> Sequence[Waiting]:
        """What waits; nothing after some time without any."""
        with self._changed:
            if not self._waiting and not self._closing:
                self._changed.wait(_LOOK_SECONDS)
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            return batch

    def _write(self, batch: Sequence[Waiting]) -> None:
        counts = self.counts.added()
        if not batch and not counts:
            return
        try:
            totals = self._append([entry for entry, _ in batch], counts)
        except Exception as error:  # noqa: BLE001 - whatever it is, no caller is left waiting, and the next batch is tried
            self._log.error("access-log-failed", error=type(error).__name__, entries=len(batch))
            for _, written in batch:
                written.set_exception(error)
            return
        self.counts.settle(counts, totals)
        for _, written in batch:
            written.set_result(None)

    def _append(self, entries: Sequence[Entry], counts: Counts) -> Counts:
        """Append, and again if the connection was lost while nobody used it."""
        try:
            return append(self._connected(), entries, counts)
        except psycopg.OperationalError:
            if self._connection is None or not self._connection.broken:
                raise
            return append(self._connected(), entries, counts)

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = None
            self._connection = psycopg.connect(self._url, autocommit=True)
            self._connection.execute(_LIMITS)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
