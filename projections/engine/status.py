"""Where the projections are, and waiting until they are somewhere."""

import time
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import dict_row, tuple_row

from projections.engine.aside.set_aside import Shown, shown

_FIRST_PAUSE: Final = 0.002
_LONGEST_PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Status:
    """One generation: how far it is, how far the log is, and what lies between.

    `status` is live, building, stopped (nobody could be taken), unattended (no worker has said for some time that it
    runs it), or behind. `seconds` is how long the first event that is not seen yet has stood in the log; 0 where there
    is none. `worker` is how many seconds ago a worker last said that it runs it; None where none did.
    `poison` is the position of the event that it stopped at, `set_aside` what it goes on without.
    """

    name: str
    generation: int
    status: str
    position: int
    head: int
    lag: int
    seconds: float
    worker: float | None
    poison: int | None
    error: str | None
    set_aside: list[Shown]


_STATUS: Final = """
SELECT p.name, p.generation, p.status, p.position, coalesce(head.position, 0) AS head,
       (SELECT count(*) FROM events e WHERE e.position > p.position)::int AS lag,
       coalesce(extract(epoch FROM clock_timestamp() - unseen.stored_at), 0)::float8 AS seconds,
       (SELECT extract(epoch FROM clock_timestamp() - max(w.seen_at)) FROM workers w
        WHERE p.name = ANY(w.projections))::float8 AS worker,
       p.poison, p.error
FROM projections p
CROSS JOIN (SELECT max(position) AS position FROM events) head
LEFT JOIN LATERAL (
    SELECT stored_at FROM events e WHERE e.position > p.position ORDER BY e.position LIMIT 1) unseen ON true
ORDER BY p.name, p.generation
"""
_SILENT_SECONDS: Final = 15
"""Seconds without a sign of life after which a worker counts as gone; it gives one every two."""
_BEHIND_SECONDS: Final = 10


def status(connection: Connection[Any]) -> list[Status]:
    """Every generation of every projection."""
    aside: dict[tuple[str, int], list[Shown]] = defaultdict(list)
    for each in shown(connection):
        aside[each.projection, each.generation].append(each)
    rows = connection.cursor(row_factory=dict_row).execute(_STATUS)
    return [_status(row, aside[row["name"], row["generation"]]) for row in rows]


def _status(row: dict[str, Any], aside: list[Shown]) -> Status:
    if row["status"] == "live" and (row["worker"] is None or row["worker"] > _SILENT_SECONDS):
        row["status"] = "unattended"
    elif row["status"] == "live" and row["seconds"] > _BEHIND_SECONDS:
        row["status"] = "behind"
    return Status(**row, set_aside=aside)


@dataclass(frozen=True, slots=True)
class Behind:
    """How far the projections that serve are behind the log, in positions and seconds, and how many they lack.

    `seen` is the last position that all of them have seen (None: there are none yet), `stopped` the first at which one
    of them has stopped.
    """

    seen: int | None
    stopped: int | None
    positions: int
    seconds: int
    set_aside: int

    def has(self, position: int) -> bool:
        """Whether they have seen a position; where there are none, there is nothing to wait for."""
        return self.seen is None or self.seen >= position

    def stops_before(self, position: int) -> bool:
        """Whether one of them will not get to a position."""
        return self.stopped is not None and self.stopped < position


_BEHIND: Final = """
SELECT serving.seen, serving.stopped, greatest(head.position - coalesce(serving.seen, 0), 0) AS positions,
       coalesce(ceil(extract(epoch FROM clock_timestamp() - (
           SELECT stored_at FROM events e WHERE e.position > serving.seen ORDER BY e.position LIMIT 1))), 0)::int
           AS seconds,
       (SELECT count(DISTINCT (s.kind, s.subject))::int FROM set_aside s
        JOIN projections p ON (p.name, p.generation) = (s.projection, s.generation)
        WHERE p.status <> 'building') AS set_aside
FROM (SELECT coalesce(max(position), 0) AS position FROM events) head,
     (SELECT min(position) AS seen, min(position) FILTER (WHERE status = 'stopped') AS stopped
      FROM projections WHERE status <> 'building') serving
"""


def behind(connection: Connection[Any]) -> Behind:
    """How far what serves is behind the log, by the database's clock."""
    [row] = connection.cursor(row_factory=dict_row).execute(_BEHIND)
    return Behind(**row)


_ASIDE: Final = """
SELECT DISTINCT s.name FROM set_aside s JOIN projections p ON (p.name, p.generation) = (s.projection, s.generation)
WHERE p.status <> 'building' AND s.kind = %s AND s.projection = ANY(%s)
"""


def names_aside(connection: Connection[Any], kind: str, projections: Collection[str]) -> set[str]:
    """Those of a kind that some projections go on without, where their names are known."""
    rows = connection.cursor(row_factory=tuple_row).execute(_ASIDE, (kind, list(projections)))
    return {name for (name,) in rows if name is not None}


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
