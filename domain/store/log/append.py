"""The one statement that appends: lock, clock, chain, events, command and notification.

Position order is commit order, because the lock is held until the commit. Up to `FEW` events go as
values of the statement; more are copied to a temporary table first, outside the lock.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import psycopg
from eventsourcing.persistence import IntegrityError
from psycopg import sql
from psycopg.rows import tuple_row

from domain.store.log.recorded import CommandRecord, Condition, IfUnchangedSince, Row

LOCK_KEY: Final = 7_301_955
"""The advisory lock that every append holds until it commits."""
CHANNEL: Final = "events"
FEW: Final = 16
_STAGED_SECONDS: Final = 600
"""The facts of a whole country may take this long to copy; others who wait for the lock have limits of their own."""
_COLUMNS: Final = (
    ("stream", "uuid"),
    ("version", "integer"),
    ("topic", "text"),
    ("payload", "bytea"),
    ("doctor", "uuid"),
    ("doctor_version", "integer"),
    ("municipality", "text"),
    ("recorded_at", "timestamptz"),
    ("recorded_by", "text"),
    ("role", "text"),
    ("organisation", "text"),
    ("command_id", "uuid"),
    ("correlation_id", "uuid"),
    ("causation_id", "uuid"),
    ("source", "text"),
    ("content", "bytea"),
    ("n", "integer"),
)
STORED: Final = sql.SQL(", ").join(sql.Identifier(name) for name, _ in _COLUMNS if name not in {"content", "n"})
_NEW: Final = sql.SQL(", ").join(
    sql.SQL("new.") + sql.Identifier(name) for name, _ in _COLUMNS if name not in {"content", "n"}
)
_NAMES: Final = sql.SQL(", ").join(sql.Identifier(name) for name, _ in _COLUMNS)
_ROW: Final = sql.SQL("({})").format(sql.SQL(", ").join(sql.SQL(f"%s::{kind}") for _, kind in _COLUMNS))
_APPEND: Final = sql.SQL(
    """
WITH lock AS MATERIALIZED (SELECT pg_advisory_xact_lock({lock})),
moment AS MATERIALIZED (
    SELECT clock_timestamp() AS stored_at, pg_notify({channel}, '') FROM lock),
new ({names}) AS ({source}),
appended AS (
    INSERT INTO events ({stored}, stored_at, hash)
    SELECT {new}, moment.stored_at,
           chain(CASE WHEN new.version = 1 THEN uuid_send(new.stream) ELSE before.hash END,
                 new.content || int8send((extract(epoch FROM moment.stored_at) * 1000000)::bigint))
               OVER (PARTITION BY new.stream ORDER BY new.version)
    FROM moment CROSS JOIN new
    LEFT JOIN events before ON before.stream = new.stream AND before.version = new.version - 1
    ORDER BY new.n
    RETURNING position, stored_at),
kept AS (
    INSERT INTO commands (id, request, result, actor, first_position, last_position, stored_at)
    SELECT %s, %s, %s, %s, min(position), max(position), min(stored_at) FROM appended)
SELECT position FROM appended ORDER BY position
"""
)


_APPEND_ONE: Final = sql.SQL(
    """
WITH lock AS MATERIALIZED (SELECT pg_advisory_xact_lock({lock})),
moment AS MATERIALIZED (
    SELECT clock_timestamp() AS stored_at, pg_notify({channel}, '') FROM lock),
new ({names}) AS (VALUES {row}),
appended AS (
    INSERT INTO events ({stored}, stored_at, hash)
    SELECT {new}, moment.stored_at,
           sha256(CASE WHEN new.version = 1 THEN uuid_send(new.stream) ELSE (
                      SELECT hash FROM events before
                      WHERE before.stream = new.stream AND before.version = new.version - 1) END
                  || new.content || int8send((extract(epoch FROM moment.stored_at) * 1000000)::bigint))
    FROM moment CROSS JOIN new
    RETURNING position, stored_at)
INSERT INTO commands (id, request, result, actor, first_position, last_position, stored_at)
SELECT %s, %s, %s, %s, position, position, stored_at FROM appended
RETURNING first_position
"""
)
"""The same for one event, as almost every command has: nothing to number, to order or to run a chain over."""

_SOMETHING_AFTER: Final = """
SELECT position FROM events WHERE position > %s AND (doctor = ANY(%s) OR stream = ANY(%s)) LIMIT 1
"""
_TIE_AFTER: Final = "SELECT position FROM events WHERE position > %s AND topic LIKE 'tie.%%' LIMIT 1"


def _values(row: Row, n: int) -> tuple[object, ...]:
    return (
        row.originator_id,
        row.originator_version,
        row.topic,
        row.state,
        row.doctor,
        row.doctor_version,
        row.municipality,
        row.recorded_at,
        *row.origin,
        row.content(),
        n,
    )


def _statement(source: sql.Composable) -> bytes:
    return _APPEND.format(names=_NAMES, source=source, **_FIXED).as_bytes()


_FIXED: Final = {
    "lock": sql.Literal(LOCK_KEY),
    "channel": sql.Literal(CHANNEL),
    "stored": STORED,
    "new": _NEW,
}
_ONE_STATEMENT: Final = _APPEND_ONE.format(names=_NAMES, row=_ROW, **_FIXED).as_bytes()
_FEW_STATEMENTS: Final = {
    1: _ONE_STATEMENT,
    **{n: _statement(sql.SQL("VALUES ") + sql.SQL(", ").join([_ROW] * n)) for n in range(2, FEW + 1)},
}
_STAGED_STATEMENT: Final = _statement(sql.SQL("SELECT * FROM staged"))


def append_few(conn: psycopg.Connection[dict[str, Any]], rows: Sequence[Row], command: CommandRecord) -> list[int]:
    """Append some events in one round trip; gives their positions."""
    params = [value for n, row in enumerate(rows) for value in _values(row, n)]
    params += [command.id, command.request, command.result, command.actor]
    cursor = conn.cursor(row_factory=tuple_row)
    return [position for (position,) in cursor.execute(_FEW_STATEMENTS[len(rows)], params, prepare=True).fetchall()]


def stage(conn: psycopg.Connection[dict[str, Any]], rows: Sequence[Row]) -> None:
    """Copy many events to a temporary table, before any lock is taken."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS)
    conn.execute(f"SET LOCAL statement_timeout = '{_STAGED_SECONDS}s'")
    conn.execute(f"CREATE TEMPORARY TABLE staged ({columns}) ON COMMIT DROP")
    with conn.cursor().copy("COPY staged FROM STDIN") as copy:
        for n, row in enumerate(rows):
            copy.write_row(_values(row, n))
    conn.execute("ANALYZE staged")


def append_staged(conn: psycopg.Connection[dict[str, Any]], command: CommandRecord) -> list[int]:
    """Append what was copied; gives the positions."""
    params = [command.id, command.request, command.result, command.actor]
    return [row["position"] for row in conn.execute(_STAGED_STATEMENT, params)]


def refuse_after(conn: psycopg.Connection[dict[str, Any]], conditions: Iterable[Condition]) -> None:
    """Take the lock, and raise IntegrityError where something came that was not read; now nothing can come between."""
    conn.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_KEY,))
    if any(conn.execute(*_asked(each)).fetchone() for each in conditions):
        raise IntegrityError


def _asked(condition: Condition) -> tuple[str, tuple[object, ...]]:
    """What a condition asks of the log; an answer breaks it."""
    if isinstance(condition, IfUnchangedSince):
        return _SOMETHING_AFTER, (condition.after, list(condition.doctors), list(condition.streams))
    return _TIE_AFTER, (condition.after,)
