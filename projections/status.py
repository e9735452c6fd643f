"""Where the projections are, and waiting until they are somewhere."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import dict_row, tuple_row

_FIRST_PAUSE: Final = 0.002
_LONGEST_PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Status:
    """One generation: how far it is, how far the log is, and what lies between.

    `seconds` is how long the first event that is not seen yet has stood in the log; 0 where there is none.
    `poison` is the position of the event that it stopped at.
    """

    name: str
    generation: int
    status: str
    position: int
    head: int
    lag: int
    seconds: float
    poison: int | None
    error: str | None


_STATUS: Final = """
SELECT p.name, p.generation, p.status, p.position, coalesce(head.position, 0) AS head,
       (SELECT count(*) FROM events e WHERE e.position > p.position)::int AS lag,
       coalesce(extract(epoch FROM clock_timestamp() - unseen.stored_at), 0)::float8 AS seconds, p.poison, p.error
FROM projections p
CROSS JOIN (SELECT max(position) AS position FROM events) head
LEFT JOIN LATERAL (
    SELECT stored_at FROM events e WHERE e.position > p.position ORDER BY e.position LIMIT 1) unseen ON true
ORDER BY p.name, p.generation
"""


def status(connection: Connection[Any]) -> list[Status]:
    """Every generation of every projection."""
    return [Status(**row) for row in connection.cursor(row_factory=dict_row).execute(_STATUS)]


def wait_for(
    connection: Connection[Any], position: int, timeout_seconds: float, names: Collection[str] | None = None
) -> bool:
    """Wait until the projections (all, or those named) have seen a position.

    False when the time is out, or at once where one has stopped short of it and will not get there.
    """
    deadline, pause = time.monotonic() + timeout_seconds, _FIRST_PAUSE
    while True:
        behind = states_behind(connection, position, names)
        if not behind:
            return True
        left = deadline - time.monotonic()
        if "stopped" in behind or left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def states_behind(connection: Connection[Any], position: int, names: Collection[str] | None = None) -> list[str]:
    """The states of those that have not seen a position."""
    rows = connection.cursor(row_factory=tuple_row).execute(
        "SELECT status FROM projections WHERE status <> 'building' AND position < %(position)s"
        " AND (%(names)s::text[] IS NULL OR name = ANY(%(names)s))",
        {"position": position, "names": None if names is None else list(names)},
    )
    return [status for (status,) in rows]
