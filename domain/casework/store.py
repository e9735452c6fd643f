"""The log of events on PostgreSQL: the only place that knows how eventsourcing stores things.

The library's event store maps and reads; the recorder is ours. One statement takes the advisory
lock, chains, inserts, records the command and notifies, so position order is commit order and a
save is one round trip. Notifications are a hint: readers page by position.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import (
    EventStore,
    IntegrityError,
    InterfaceError,
    Mapper,
    OperationalError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg import sql
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from domain.casework.sealing import KeyRing, holds_personal, is_sealed, seal, unseal
from domain.errors import refused
from domain.facts import BY_TOPIC, Fact
from domain.rulebook import BOOK_EVENTS, BookEvent

Source = Literal["page", "api", "import", "release"]
Event = Fact | BookEvent
BOOK_TOPICS: Final = BOOK_EVENTS

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LOCK_KEY: Final = 7_301_955
"""The advisory lock that every append holds until it commits."""
CHANNEL: Final = "events"
FEW: Final = 16
"""Up to so many events go in one statement; more are copied to a staging table first."""
_POOL_SIZE: Final = 10
_CONNECT_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event came from: who, by which command, in which conversation, by which way."""

    recorded_by: str
    role: str | None
    organisation: str | None
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID
    source: Source


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in its stream, with its metadata; position, time and hash once it is stored.

    `doctor_version` counts a doctor's events over all streams, so that one writer wins each.
    """

    originator_id: UUID
    originator_version: int
    event: Event
    origin: Origin
    doctor: UUID | None = None
    doctor_version: int | None = None
    municipality: str | None = None
    position: int | None = None
    stored_at: datetime | None = None


@dataclass(frozen=True)
class Row(StoredEvent):
    """A stored event as the table has it."""

    doctor: UUID | None
    doctor_version: int | None
    municipality: str | None
    recorded_at: datetime
    origin: Origin
    position: int | None = None
    stored_at: datetime | None = None

    def content(self) -> bytes:
        """The digest of the stored bytes and all metadata but what the database adds."""
        o = self.origin
        head = [
            str(self.originator_id),
            self.originator_version,
            self.topic,
            str(self.doctor),
            self.doctor_version,
            self.municipality,
            self.recorded_at.isoformat(),
            o.recorded_by,
            o.role,
            o.organisation,
            str(o.command_id),
            str(o.correlation_id),
            str(o.causation_id),
            o.source,
        ]
        digest = hashlib.sha256(json.dumps(head, ensure_ascii=False).encode())
        digest.update(self.state)
        return digest.digest()


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """What is kept of a command, so that repeating it gives the first result."""

    id: UUID
    request: str
    result: str
    actor: str


class EventMapper(Mapper[UUID]):
    """Events to bytes and back: pydantic's JSON, personal fields sealed, topics explicit."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def to_stored_event(self, domain_event: Any) -> Row:  # noqa: ANN401 - the library's protocol
        """A recorded event as a row."""
        return self._row(domain_event, {})

    def to_rows(self, recorded: Sequence[Recorded]) -> list[Row]:
        """Many events as rows, with all their keys fetched at once."""
        private = {r.doctor for r in recorded if isinstance(r.event, Fact) and holds_personal(r.event)}
        keys = self._keys.for_writing(doctor for doctor in private if doctor)
        return [self._row(each, keys) for each in recorded]

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """A row as a recorded event."""
        assert isinstance(stored_event, Row)  # noqa: S101 - our recorder made it
        return self.to_recorded([stored_event])[0]

    def to_recorded(self, rows: Sequence[Row]) -> list[Recorded]:
        """Rows as recorded events, with all their keys fetched at once."""
        sealed = {row.doctor for row in rows if row.doctor and is_sealed(row.state)}
        keys = self._keys.for_reading(sealed) if sealed else {}
        return [
            Recorded(
                row.originator_id,  # type: ignore[arg-type]
                row.originator_version,
                _event(row, keys),
                row.origin,
                row.doctor,
                row.doctor_version,
                row.municipality,
                row.position,
                row.stored_at,
            )
            for row in rows
        ]

    def _row(self, each: Recorded, keys: Mapping[UUID, AESGCM]) -> Row:
        return Row(
            each.originator_id,
            each.originator_version,
            each.event.topic,
            self._state(each, keys),
            each.doctor,
            each.doctor_version,
            each.municipality,
            each.event.recorded_at,
            each.origin,
        )

    def _state(self, each: Recorded, keys: Mapping[UUID, AESGCM]) -> bytes:
        event, doctor = each.event, each.doctor
        if doctor is None or not isinstance(event, Fact) or not holds_personal(event):
            return event.model_dump_json().encode()
        return seal(event, keys.get(doctor) or self._keys.for_writing([doctor])[doctor])


def _event(row: Row, keys: Mapping[UUID, AESGCM]) -> Event:
    if row.topic in BOOK_TOPICS:
        return BOOK_TOPICS[row.topic].model_validate_json(row.state)
    if row.topic not in BY_TOPIC:
        raise LookupError(f"No event has the topic {row.topic}.")
    return unseal(row.state, keys.get(row.doctor) if row.doctor else None)


class Datastore(PostgresDatastore):
    """The library's datastore on one URL, so that every option of libpq can be given."""

    def __init__(self, url: str, pool_size: int = _POOL_SIZE) -> None:
        super().__init__("", "", "", "", "", connect_timeout=_CONNECT_SECONDS)
        self.pool = ConnectionPool(  # type: ignore[assignment]
            url,
            connection_class=psycopg.Connection[dict[str, Any]],
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=1,
            max_size=pool_size,
            open=False,
            timeout=_CONNECT_SECONDS,
        )


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
_STORED: Final = sql.SQL(", ").join(sql.Identifier(name) for name, _ in _COLUMNS if name not in {"content", "n"})
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
told AS (
    INSERT INTO commands (id, request, result, actor, first_position, last_position, stored_at)
    SELECT %s, %s, %s, %s, min(position), max(position), min(stored_at) FROM appended)
SELECT position FROM appended ORDER BY position
"""
)
_SELECT: Final = sql.SQL("SELECT position, stored_at, {stored} FROM events ").format(stored=_STORED)
_ALL_CHAINED: Final = (
    sql.SQL("SELECT position, stored_at, hash, {stored} FROM events ORDER BY stream, version")
    .format(stored=_STORED)
    .as_bytes()
)
_OF_STREAM: Final = _SELECT + sql.SQL("WHERE stream = %s AND version > %s AND version <= %s ")
_BY_STREAM: Final = (_OF_STREAM + sql.SQL("ORDER BY version LIMIT %s")).as_bytes()
_BY_STREAM_DOWN: Final = (_OF_STREAM + sql.SQL("ORDER BY version DESC LIMIT %s")).as_bytes()
_BY_DOCTOR: Final = (_SELECT + sql.SQL("WHERE doctor = ANY(%s) ORDER BY doctor, doctor_version")).as_bytes()
_BY_MUNICIPALITY: Final = (
    _SELECT
    + sql.SQL(
        "WHERE doctor IN (SELECT doctor FROM events WHERE municipality = ANY(%s)) ORDER BY doctor, doctor_version"
    )
).as_bytes()
P = ParamSpec("P")
R = TypeVar("R")


def _retrying(ask: Callable[P, R]) -> Callable[P, R]:
    """Ask again for some seconds when a connection breaks, as when the database restarts."""
    again: Callable[P, R] = retry((InterfaceError, OperationalError), max_attempts=10, wait=0.3)(ask)
    return again


class Recorder(PostgresApplicationRecorder):
    """The library's recorder with our table and our one statement."""

    datastore: Datastore

    def __init__(self, datastore: Datastore) -> None:
        self.datastore = datastore

    @_retrying
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:  # noqa: ANN401
        """Append events with the command that they came of; returns their positions.

        Raises IntegrityError when another writer was first, or the command is known.
        """
        rows = [row for row in stored_events if isinstance(row, Row)]
        command: CommandRecord = kwargs["command"]
        with self.datastore.get_connection() as conn:
            if len(rows) <= FEW:
                return _append(conn, rows, command)
            with conn.transaction():
                _stage(conn, rows)
                return _append_staged(conn, command)

    @_retrying
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[Row]:
        """The rows of a stream, in order of version."""
        query = _BY_STREAM_DOWN if desc else _BY_STREAM
        most = 2_147_483_647 if lte is None else lte
        return self._rows(query, (originator_id, gt or 0, most, limit))

    @_retrying
    def rows_of_doctors(self, doctors: Sequence[UUID]) -> list[Row]:
        """Every row of some doctors, each doctor's in order."""
        return self._rows(_BY_DOCTOR, (list(doctors),))

    @_retrying
    def rows_of_municipality(self, codes: Sequence[str]) -> list[Row]:
        """Every row of the doctors who were ever said to hold a post there."""
        return self._rows(_BY_MUNICIPALITY, (list(codes),))

    @_retrying
    def command(self, command_id: UUID) -> tuple[str, str] | None:
        """The request digest and first result of a command, where it is known."""
        query = "SELECT request, result FROM commands WHERE id = %s"
        with self.datastore.get_connection() as conn:
            found = conn.execute(query, (command_id,)).fetchone()
        return (found["request"], found["result"]) if found else None

    @_retrying
    def keep(self, keys: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        """Keep new sealed keys where there is none, and return those that hold."""
        insert = (
            "INSERT INTO doctor_keys (doctor, sealed_key)"
            " SELECT * FROM unnest(%s::uuid[], %s::bytea[]) ON CONFLICT DO NOTHING"
        )
        if not keys:
            return {}
        with self.datastore.get_connection() as conn:
            conn.execute(insert, (list(keys), list(keys.values())))
        return self.find(keys)

    @_retrying
    def find(self, doctors: Iterable[UUID]) -> Mapping[UUID, bytes]:
        """The sealed keys of those doctors that have one."""
        query = "SELECT doctor, sealed_key FROM doctor_keys WHERE doctor = ANY(%s)"
        with self.datastore.get_connection() as conn:
            found = conn.execute(query, (list(doctors),)).fetchall()
        return {row["doctor"]: bytes(row["sealed_key"]) for row in found}

    @_retrying
    def any(self) -> Mapping[UUID, bytes]:
        """One sealed key, where there are any."""
        with self.datastore.get_connection() as conn:
            found = conn.execute("SELECT doctor, sealed_key FROM doctor_keys LIMIT 1").fetchall()
        return {row["doctor"]: bytes(row["sealed_key"]) for row in found}

    @_retrying
    def destroy(self, doctor: UUID) -> None:
        """Destroy a doctor's key: the personal fields are gone, in every backup to come."""
        with self.datastore.get_connection() as conn:
            conn.execute("DELETE FROM doctor_keys WHERE doctor = %s", (doctor,))

    @_retrying
    def answers(self) -> bool:
        """Whether the database answers."""
        with self.datastore.get_connection() as conn:
            return conn.execute("SELECT 1 AS one").fetchone() is not None

    def chained(self) -> Iterator[tuple[Row, bytes]]:
        """Every row with its hash, stream by stream in order, without holding them all."""
        with self.datastore.get_connection() as conn, conn.transaction():
            cursor = conn.cursor(name="chained")
            for found in cursor.execute(_ALL_CHAINED):
                yield _row(found), bytes(found["hash"])

    def _rows(self, query: bytes, params: Sequence[object]) -> list[Row]:
        with self.datastore.get_connection() as conn:
            return [_row(found) for found in conn.execute(query, params, prepare=True)]


class Store:
    """Events in and out; what casework asks."""

    def __init__(self, url: str, master_key: bytes, pool_size: int = _POOL_SIZE) -> None:
        self._datastore = Datastore(url, pool_size)
        self.recorder = Recorder(self._datastore)
        self.keys = KeyRing(master_key, self.recorder)
        self._mapper = EventMapper(self.keys)
        self._events: EventStore[UUID] = EventStore(self._mapper, self.recorder)

    def append(self, recorded: Sequence[Recorded], command: CommandRecord) -> None:
        """Append events and the command that they came of, all or nothing.

        Raises `Conflict` when another writer was first, or the command is known already.
        """
        with _reachable():
            try:
                self.recorder.insert_events(self._mapper.to_rows(recorded), command=command)
            except IntegrityError as error:
                raise Conflict from error

    def stream(self, stream: UUID, after: int = 0) -> list[Recorded]:
        """The events of a stream after a version."""
        with _reachable():
            return list(self._events.get(stream, gt=after))  # type: ignore[arg-type]

    def doctors(self, doctors: Sequence[UUID]) -> list[Recorded]:
        """The events of some doctors, each doctor's in order."""
        with _reachable():
            return self._mapper.to_recorded(self.recorder.rows_of_doctors(doctors))

    def municipality(self, codes: Sequence[str]) -> list[Recorded]:
        """The events of the doctors who were ever said to hold a post in a municipality."""
        with _reachable():
            return self._mapper.to_recorded(self.recorder.rows_of_municipality(codes))

    def first_result(self, command_id: UUID, request: str) -> str | None:
        """The first result of a command, or None where it is new.

        Raises `Refused` (command-id-reused) where the id stood for another request.
        """
        with _reachable():
            found = self.recorder.command(command_id)
        if found is None:
            return None
        if found[0] != request:
            raise refused("command-id-reused", command=command_id)
        return found[1]

    def erase(self, doctor: UUID) -> None:
        """Destroy a doctor's key."""
        with _reachable():
            self.recorder.destroy(doctor)
        self.keys.forget(doctor)

    def verify(self) -> tuple[int, int]:
        """Go through every stream's hash chain; gives how many streams and events it holds.

        Raises `Refused` (chain-broken) at the first event that is not as it was stored.
        """
        streams = events = 0
        before = b""
        with _reachable():
            for row, stored_hash in self.recorder.chained():
                if row.originator_version == 1:
                    streams, before = streams + 1, uuid_bytes(row)
                if _chained(before, row) != stored_hash:
                    raise refused("chain-broken", stream=row.originator_id, version=row.originator_version)
                events, before = events + 1, stored_hash
        return streams, events

    def answers(self) -> bool:
        """Whether the database answers now."""
        with _reachable():
            return self.recorder.answers()

    def close(self) -> None:
        """Give the connections back."""
        self._datastore.close()


def uuid_bytes(row: Row) -> bytes:
    """What a stream's chain begins with."""
    return UUID(str(row.originator_id)).bytes


def _chained(before: bytes, row: Row) -> bytes:
    """The hash that an event must have after another, as the database computes it."""
    stored_at = row.stored_at or _EPOCH
    microseconds = (stored_at - _EPOCH) // timedelta(microseconds=1)
    return hashlib.sha256(before + row.content() + microseconds.to_bytes(8, "big", signed=True)).digest()


class Conflict(Exception):
    """Another writer appended first, or the command was stored before."""


@contextmanager
def _reachable() -> Iterator[None]:
    """Say it in one sentence when the database does not answer, after the retries."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise refused("store-unavailable") from error


def _values(row: Row, n: int) -> tuple[object, ...]:
    o = row.origin
    return (
        row.originator_id,
        row.originator_version,
        row.topic,
        row.state,
        row.doctor,
        row.doctor_version,
        row.municipality,
        row.recorded_at,
        o.recorded_by,
        o.role,
        o.organisation,
        o.command_id,
        o.correlation_id,
        o.causation_id,
        o.source,
        row.content(),
        n,
    )


def _statement(source: sql.Composable) -> bytes:
    composed = _APPEND.format(
        lock=sql.Literal(LOCK_KEY),
        channel=sql.Literal(CHANNEL),
        names=_NAMES,
        source=source,
        stored=_STORED,
        new=_NEW,
    )
    return composed.as_bytes()


_FEW_STATEMENTS: Final = {n: _statement(sql.SQL("VALUES ") + sql.SQL(", ").join([_ROW] * n)) for n in range(1, FEW + 1)}
_STAGED_STATEMENT: Final = _statement(sql.SQL("SELECT * FROM staged"))


def _append(conn: psycopg.Connection[dict[str, Any]], rows: Sequence[Row], command: CommandRecord) -> list[int]:
    params = [value for n, row in enumerate(rows) for value in _values(row, n)]
    params += [command.id, command.request, command.result, command.actor]
    found = conn.execute(_FEW_STATEMENTS[len(rows)], params, prepare=True)
    return [row["position"] for row in found]


def _stage(conn: psycopg.Connection[dict[str, Any]], rows: Sequence[Row]) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS)
    conn.execute(f"CREATE TEMPORARY TABLE staged ({columns}) ON COMMIT DROP")
    with conn.cursor().copy("COPY staged FROM STDIN") as copy:
        for n, row in enumerate(rows):
            copy.write_row(_values(row, n))
    conn.execute("ANALYZE staged")


def _append_staged(conn: psycopg.Connection[dict[str, Any]], command: CommandRecord) -> list[int]:
    params = [command.id, command.request, command.result, command.actor]
    return [row["position"] for row in conn.execute(_STAGED_STATEMENT, params)]


def _row(found: Mapping[str, Any]) -> Row:
    return Row(
        found["stream"],
        found["version"],
        found["topic"],
        bytes(found["payload"]),
        found["doctor"],
        found["doctor_version"],
        found["municipality"],
        found["recorded_at"],
        Origin(
            found["recorded_by"],
            found["role"],
            found["organisation"],
            found["command_id"],
            found["correlation_id"],
            found["causation_id"],
            found["source"],
        ),
        found["position"],
        found["stored_at"],
    )
