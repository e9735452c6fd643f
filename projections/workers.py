"""Workers: projections run in threads until told to stop, woken by notifications or by the clock.

A notification is a hint: one can come between the first read and LISTEN, so every thread looks at least
every second. Whatever happens to a thread, it is begun again.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Any, Final, Self

import psycopg
import structlog
from psycopg import Connection

from domain.store import CHANNEL, Fault, Store, fault_of
from domain.values.patience import patient
from projections.engine.aside.set_aside import reason
from projections.engine.generations import install
from projections.engine.log import Log
from projections.engine.projection import Projection
from projections.engine.running import Leaving, Runner, Watcher, connect

POLL_SECONDS: Final = 1.0
BEAT_SECONDS: Final = 2.0
_SHORT_PAUSE: Final = 0.2
_BEAT: Final = """
WITH gone AS (DELETE FROM workers WHERE seen_at < clock_timestamp() - interval '1 day')
INSERT INTO workers (id, projections) VALUES (coalesce(%s, gen_random_uuid()), %s)
ON CONFLICT (id) DO UPDATE SET projections = excluded.projections, seen_at = clock_timestamp()
RETURNING id
"""


class Bell:
    """Wakes those who wait; a ring between a look and the wait for the next is not lost."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rung = 0

    def ring(self) -> None:
        """Wake all threads."""
        with self._condition:
            self._rung += 1
            self._condition.notify_all()

    def heard(self) -> int:
        """How often it has rung: what to wait from."""
        with self._condition:
            return self._rung

    def wait(self, heard: int, seconds: float) -> None:
        """Wait until it has rung more often than that."""
        with self._condition:
            self._condition.wait_for(lambda: self._rung != heard, seconds)


class Workers:
    """Runs projections in threads of this process; other processes may run the same ones."""

    def __init__(
        self,
        projections: Sequence[type[Projection]],
        store: Store,
        url: str,
        watcher: Watcher | None = None,
        log: Log | None = None,
    ) -> None:
        self._projections = projections
        self._watcher = watcher
        self._log = log or Log(store)
        self._url = url
        self._stopping = threading.Event()
        self._bell = Bell()
        self._threads: list[threading.Thread] = []
        self._say: Any = structlog.get_logger("projections")

    def start(self) -> None:
        """Install what is missing, try again what had stopped, and run."""
        with closing(connect(self._url)) as connection:
            install(connection, self._projections)
            for projection in self._projections:
                Runner(projection, self._log).resume(connection)
        for projection in self._projections:
            self._spawn(projection.name, partial(self._run, projection))
        self._spawn("listen", self._listen)
        self._spawn("beat", self._beat)

    def stop(self) -> None:
        """Leave pages under way, which undoes them, and wait until all have left."""
        self._stopping.set()
        self._bell.ring()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=self._supervise, args=(name, run), name=f"projection-{name}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _supervise(self, name: str, run: Callable[[], None]) -> None:
        """Run over broken connections and restarts of the database, and over whatever else."""
        while not self._stopping.is_set():
            try:
                run()
            except Leaving:
                return
            except Exception as error:  # noqa: BLE001 - a thread that is gone would be a projection that is silent
                tell = self._say.warning if fault_of(error) is Fault.PASSING else self._say.exception
                tell("projection-interrupted", projection=name, error=reason(error))
                self._stopping.wait(_SHORT_PAUSE if fault_of(error) is Fault.PASSING else POLL_SECONDS)

    def _run(self, projection: type[Projection]) -> None:
        runner = Runner(projection, self._log, self._tick, watcher=self._watcher)
        with closing(connect(self._url, self._watcher)) as connection, patient(self._leave_when_told):
            while not self._stopping.is_set():
                self._once(runner, connection)

    def _once(self, runner: Runner, connection: Connection[Any]) -> None:
        heard = self._bell.heard()
        runner.turn(connection)
        if not runner.more:
            self._bell.wait(heard, POLL_SECONDS)

    def _tick(self, _at: int, _of: int) -> None:
        self._leave_when_told()

    def _leave_when_told(self) -> None:
        if self._stopping.is_set():
            raise Leaving

    def _beat(self) -> None:
        """Say every other second that these projections are run here, and at the end that they are not."""
        names, mine = [each.name for each in self._projections], None
        with closing(connect(self._url)) as connection:
            while not self._stopping.is_set():
                [(mine,)] = connection.execute(_BEAT, (mine, names)).fetchall()
                self._stopping.wait(BEAT_SECONDS)
            connection.execute("DELETE FROM workers WHERE id = %s", (mine,))

    def _listen(self) -> None:
        with closing(psycopg.connect(self._url, autocommit=True, connect_timeout=5)) as connection:
            connection.execute(f"LISTEN {CHANNEL}".encode())
            self._bell.ring()
            while not self._stopping.is_set():
                for _ in connection.notifies(timeout=_SHORT_PAUSE, stop_after=1):
                    self._bell.ring()
