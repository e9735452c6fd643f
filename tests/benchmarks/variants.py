"""Stores that leave one thing out, to show what it costs; for the benchmarks alone."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Final

from eventsourcing.persistence import StoredEvent
from psycopg import sql

from domain.store import AccessLog, CommandRecord, Entry, EventMapper, Recorded, Row, Store
from tests.benchmarks import raw

_BARE: Final = tuple(name for name in raw.KINDS if name not in {"hash", "stored_at"})
_BARE_NAMES: Final = sql.SQL(", ").join(map(sql.Identifier, _BARE))
_BARE_ROW: Final = sql.SQL(", ").join(sql.SQL("%s::") + sql.SQL(raw.KINDS[name]) for name in _BARE)
_NO_HASH: Final = b"\0" * 32
_APPEND: Final = sql.SQL("""
WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock({lock})),
moment AS MATERIALIZED (
    SELECT clock_timestamp() AS stored_at, pg_notify('unchained', '') FROM locked),
new ({names}) AS ({source}),
appended AS (
    INSERT INTO events ({names}, stored_at, hash)
    SELECT new.*, moment.stored_at, %s::bytea FROM moment CROSS JOIN new
    RETURNING position, stored_at),
told AS (
    INSERT INTO commands (id, request, result, actor, first_position, last_position, stored_at)
    SELECT %s, %s, %s, %s, min(position), max(position), min(stored_at) FROM appended)
SELECT position FROM appended
""")


def _append(source: sql.Composable) -> bytes:
    return _APPEND.format(lock=sql.Literal(raw.LOCK), names=_BARE_NAMES, source=source).as_bytes()


_ONE: Final = _append(sql.SQL("SELECT ") + _BARE_ROW)
_STAGED: Final = _append(sql.SQL("SELECT * FROM staged"))
_STAGE: Final = (
    sql.SQL("CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {} FROM events WHERE false")
    .format(_BARE_NAMES)
    .as_bytes()
)


class _PlainMapper(EventMapper):
    """Nothing is sealed."""

    def to_rows(self, recorded: Sequence[Recorded]) -> list[Row]:
        return [self._row(each, {}) for each in recorded]

    def _state(self, each: Recorded, *_: object) -> bytes:
        return each.event.model_dump_json().encode()


class _NoLog(AccessLog):
    """Says at once that it has written."""

    def put(self, entry: Entry) -> "Future[None]":
        del entry
        written: Future[None] = Future()
        written.set_result(None)
        return written


class UnloggedStore(Store):
    """Nobody learns who read."""

    def __init__(self, url: str, *given: Any, **more: Any) -> None:  # noqa: ANN401
        super().__init__(url, *given, **more)
        self.access_log = _NoLog(url)


class UnchainedStore(Store):
    """No digests, no chain: otherwise the same lock, rows, command and notification; it would not verify."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:  # noqa: ANN401
        rows = [_bare(row) for row in stored_events if isinstance(row, Row)]
        command: CommandRecord = kwargs["command"]
        end = (_NO_HASH, command.id, command.request, command.result, command.actor)
        with self.datastore.get_connection() as connection:
            if len(rows) == 1:
                return [found["position"] for found in connection.execute(_ONE, (*rows[0], *end), prepare=True)]
            with connection.transaction():
                connection.execute(_STAGE)
                with connection.cursor().copy("COPY staged FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                return [found["position"] for found in connection.execute(_STAGED, end)]


class UnsealedStore(Store):
    """Personal fields in clear."""

    def __init__(self, url: str, master_key: bytes) -> None:
        super().__init__(url, master_key)
        self._mapper = _PlainMapper(self.keys)


def _bare(row: Row) -> tuple[object, ...]:
    o = row.origin
    who = (o.recorded_by, o.role, o.organisation, o.command_id, o.correlation_id, o.causation_id, o.source)
    return (
        row.originator_id,
        row.originator_version,
        row.topic,
        row.state,
        row.doctor,
        row.doctor_version,
        row.municipality,
        row.recorded_at,
        *who,
    )
