"""The baselines: the same rows by psycopg alone, into tables like the log's own, in the same database."""

from collections.abc import Sequence
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from tests.benchmarks.measure import stopped

Values = tuple[Any, ...]
Connection = psycopg.Connection[Values]
LOCK: Final = 7_301_956
KINDS: Final[dict[LiteralString, LiteralString]] = {
    "stream": "uuid",
    "version": "integer",
    "topic": "text",
    "payload": "bytea",
    "doctor": "uuid",
    "doctor_version": "integer",
    "municipality": "text",
    "recorded_at": "timestamptz",
    "recorded_by": "text",
    "role": "text",
    "organisation": "text",
    "command_id": "uuid",
    "correlation_id": "uuid",
    "causation_id": "uuid",
    "source": "text",
    "hash": "bytea",
    "stored_at": "timestamptz",
}
"""The columns of the log; the position is the database's."""
COLUMNS: Final = sql.SQL(", ").join(map(sql.Identifier, KINDS))
_GIVEN: Final = sql.SQL(", ").join(
    sql.SQL("%s::") + sql.SQL(kind) if name != "stored_at" else sql.SQL("clock_timestamp()")
    for name, kind in KINDS.items()
)
_INSERT: Final = sql.SQL("INSERT INTO raw_events ({}) SELECT {} RETURNING position").format(COLUMNS, _GIVEN).as_bytes()
_UNDER_LOCK: Final = sql.SQL("""
WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock({lock})),
told AS MATERIALIZED (SELECT pg_notify('raw', '') FROM locked)
INSERT INTO raw_events ({columns}) SELECT {given} FROM told RETURNING position
""")
_INSERT_UNDER_LOCK: Final = _UNDER_LOCK.format(lock=sql.Literal(LOCK), columns=COLUMNS, given=_GIVEN).as_bytes()
_OF_DOCTORS: Final = (
    sql.SQL("SELECT {} FROM events WHERE doctor = ANY(%s) AND source = %s ORDER BY position").format(COLUMNS).as_bytes()
)
_OF_DOCTOR: Final = (
    sql.SQL("SELECT {} FROM events WHERE doctor = %s ORDER BY doctor_version").format(COLUMNS).as_bytes()
)
_COPY: Final = sql.SQL("COPY raw_events ({}) FROM STDIN").format(COLUMNS).as_bytes()


def connect(url: str) -> Connection:
    return psycopg.connect(url, autocommit=True)


def prepare_tables(url: str) -> None:
    """A table like the log with the same rows so far, and statistics and caches as after some time of work."""
    with connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS raw_events (LIKE events INCLUDING ALL)")
        connection.execute("TRUNCATE raw_events")
        copied = sql.SQL("INSERT INTO raw_events ({0}) SELECT {0} FROM events ORDER BY position")
        connection.execute(copied.format(COLUMNS))
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def written(connection: Connection, doctors: Sequence[UUID], source: str) -> list[Values]:
    """The very rows that the service wrote, for a baseline to write again."""
    return connection.execute(_OF_DOCTORS, (list(doctors), source)).fetchall()


def insert(connection: Connection, rows: Sequence[Values], *, lock: bool) -> float:
    """Rows a second, each its own transaction: by INSERT alone, or with the lock and the notification."""
    statement = _INSERT_UNDER_LOCK if lock else _INSERT
    given = [row[:-1] for row in rows]
    with stopped() as watch:
        for row in given:
            connection.execute(statement, row, prepare=True).fetchone()
    return len(rows) / watch.seconds


def insert_uncommitted(connection: Connection, row: Values) -> None:
    """One row with the lock and the notification, in a transaction that the caller commits."""
    connection.execute(_INSERT_UNDER_LOCK, row[:-1], prepare=True).fetchone()


def copy(connection: Connection, rows: Sequence[Values]) -> float:
    """Rows a second by one COPY into a table with the log's indexes."""
    with stopped() as watch, connection.cursor().copy(_COPY) as into:
        for row in rows:
            into.write_row(row)
    return len(rows) / watch.seconds


def select(connection: Connection, doctors: Sequence[UUID]) -> float:
    """Doctors a second whose rows are read."""
    with stopped() as watch:
        for doctor in doctors:
            connection.execute(_OF_DOCTOR, (doctor,), prepare=True).fetchall()
    return len(doctors) / watch.seconds


def count(connection: psycopg.Connection[Any], table: LiteralString) -> int:
    found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    assert found
    return int(found[0])
