"""The recorder on PostgreSQL that the library's event store writes and reads through."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
)
from eventsourcing.utils import retry
from psycopg import Connection
from psycopg.rows import tuple_row

from domain.store.log import queries
from domain.store.log.append import FEW, append_few, append_staged, refuse_after, stage
from domain.store.log.datastore import Datastore
from domain.store.log.documents import SealedDocument, keep_document
from domain.store.log.heads import LogHead, heads_of
from domain.store.log.recorded import CommandRecord, IfUnchangedSince, Lean, Origin, Row, Touched

NEWEST: Final = 2**63 - 1
"""A position after every event."""
PAGE: Final = 5_000
"""So many rows of the whole log are held at a time."""
P = ParamSpec("P")
R = TypeVar("R")


def _retrying(ask: Callable[P, R]) -> Callable[P, R]:
    """Ask again for some seconds when a connection breaks, as when the database restarts."""
    again: Callable[P, R] = retry((InterfaceError, OperationalError), max_attempts=10, wait=0.3)(ask)
    return again


class Recorder(AggregateRecorder):
    """The recorder that the library's event store writes and reads through: our table, one statement."""

    def __init__(self, datastore: Datastore) -> None:
        self.datastore = datastore

    @_retrying
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> list[int]:  # noqa: ANN401
        """Append events with the command that they came of and the document that they name; returns their positions.

        Raises IntegrityError when another writer was first, or the command is known.
        """
        rows = [row for row in stored_events if isinstance(row, Row)]
        command: CommandRecord = kwargs["command"]
        with self.datastore.get_connection() as conn:
            if kwargs.get("epoch", self.datastore.log.epoch) != self.datastore.log.epoch:
                raise IntegrityError  # what was decided rests on a log that is not there any more
            positions = self._inserted(conn, rows, kwargs)
        if positions:
            self.datastore.log.saw(positions[-1], command.id)
        return positions

    def _inserted(self, conn: Connection[dict[str, Any]], rows: Sequence[Row], extras: Mapping[str, Any]) -> list[int]:
        command: CommandRecord = extras["command"]
        document: SealedDocument | None = extras.get("document")
        if_unchanged: IfUnchangedSince | None = extras.get("if_unchanged")
        if len(rows) <= FEW and document is None and if_unchanged is None:
            return append_few(conn, rows, command)
        with conn.transaction():
            if if_unchanged:
                refuse_after(conn, if_unchanged)
            if document:
                keep_document(conn, document)
            if len(rows) <= FEW:
                return append_few(conn, rows, command)
            stage(conn, rows)
            return append_staged(conn, command)

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
        query = queries.BY_STREAM_DOWN if desc else queries.BY_STREAM
        most = 2_147_483_647 if lte is None else lte
        return self._rows(query, (originator_id, gt or 0, most, limit))

    @_retrying
    def rows_of_streams(self, streams: Sequence[UUID]) -> list[Row]:
        """The rows of some streams, each stream's in order."""
        return self._rows(queries.BY_STREAMS, (list(streams),))

    @_retrying
    def rows_of_doctors(self, doctors: Sequence[UUID], until: int = NEWEST) -> list[Row]:
        """The rows of some doctors up to a position, each doctor's in order."""
        return self._rows(queries.BY_DOCTOR, (list(doctors), until))

    @_retrying
    def facts_of(self, doctors: Sequence[UUID], until: int = NEWEST) -> list[Lean]:
        """The events of some doctors up to a position, each doctor's in order."""
        if len(doctors) == 1 and until == NEWEST:  # what every command asks: planned once, then never again
            return self._lean(queries.FACTS_OF_DOCTOR, (doctors[0],))
        return self._lean(queries.FACTS_OF_DOCTORS, (list(doctors), until))

    @_retrying
    def registrants(self, doctors: Sequence[UUID]) -> list[tuple[str, str | None]]:
        """Who recorded the events of some doctors, in each role."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(queries.REGISTRANTS, (list(doctors),)).fetchall()

    @_retrying
    def facts_of_municipality(self, codes: Sequence[str]) -> list[Lean]:
        """The events of the doctors who were ever said to hold a post there."""
        return self._lean(queries.FACTS_OF_MUNICIPALITY, (list(codes),))

    @_retrying
    def doctors_of(self, codes: Sequence[str], until: int) -> list[UUID]:
        """The doctors who were said up to a position to hold a post there."""
        with self.datastore.get_connection() as conn:
            return [row["doctor"] for row in conn.execute(queries.DOCTORS_OF, (list(codes), until))]

    @_retrying
    def facts_of_these(self, doctors: Sequence[UUID], codes: Sequence[str]) -> list[Lean]:
        """The same and those of some more doctors, in a transaction that can change nothing."""
        with (
            self.datastore.get_connection() as conn,
            conn.transaction(),
            conn.cursor(row_factory=tuple_row) as cursor,
        ):
            cursor.execute("SET TRANSACTION READ ONLY")
            return cursor.execute(queries.FACTS_OF_THESE, (list(doctors), list(codes)), binary=True).fetchall()

    @_retrying
    def heads(self, codes: Sequence[str], doctors: Sequence[UUID]) -> list[LogHead]:
        """How far the log of each doctor has come of those who were ever said to hold a post there, and of others."""
        with self.datastore.get_connection() as conn:
            return heads_of(conn, codes, doctors)

    @_retrying
    def touched(self, after: int, limit: int, until: int) -> list[Touched]:
        """Whose the next events of the log are, after a position and up to another."""
        with self.datastore.get_connection() as conn:
            return [Touched(**row) for row in conn.execute(queries.TOUCHED, (after, until, limit), prepare=True)]

    @_retrying
    def first_payloads(self, subject: UUID) -> list[bytes]:
        """The stored bytes of the first events of a doctor, or of a stream."""
        with self.datastore.get_connection() as conn:
            return [bytes(row["payload"]) for row in conn.execute(queries.FIRST_PAYLOADS, (subject, subject))]

    @_retrying
    def first_of_book(self, after: int, until: int) -> int | None:
        """The position of the first event after a position and up to another that is the rule book's."""
        with self.datastore.get_connection() as conn:
            found = conn.execute(queries.FIRST_OF_BOOK, (after, until)).fetchone()
        return found["position"] if found else None

    @_retrying
    def payload_at(self, position: int) -> bytes:
        """The stored bytes at a position."""
        with self.datastore.get_connection() as conn:
            found = conn.execute("SELECT payload FROM events WHERE position = %s", (position,)).fetchone()
        return bytes(found["payload"]) if found else b""

    @_retrying
    def claims_between(self, after: int, until: int) -> list[UUID]:
        """The streams of the claims with an event after a position and up to another."""
        with self.datastore.get_connection() as conn:
            return [row["stream"] for row in conn.execute(queries.CLAIMS_BETWEEN, (after, until))]

    @_retrying
    def versions(self, until: int, doctors: Sequence[UUID] | None = None) -> dict[UUID, int]:
        """Every doctor, or of some doctors those, with an event up to a position, and how many each has there."""
        asked = {"until": until, "doctors": None if doctors is None else list(doctors)}
        with self.datastore.get_connection() as conn:
            return {row["doctor"]: row["version"] for row in conn.execute(queries.VERSIONS, asked)}

    @_retrying
    def last_position(self, command_id: UUID | None = None) -> int | None:
        """The position of a command's last event, or of the log's; None where there is none."""
        of_command = "SELECT last_position AS position FROM commands WHERE id = %s"
        of_log = "SELECT max(position) AS position FROM events"
        with self.datastore.get_connection() as conn:
            found = (conn.execute(of_command, (command_id,)) if command_id else conn.execute(of_log)).fetchone()
        return found["position"] if found else None

    @_retrying
    def command(self, command_id: UUID) -> tuple[str, str] | None:
        """The request digest and first result of a command, where it is known."""
        query = "SELECT request, result FROM commands WHERE id = %s"
        with self.datastore.get_connection() as conn:
            found = conn.execute(query, (command_id,)).fetchone()
        return (found["request"], found["result"]) if found else None

    @_retrying
    def keep_command(self, command: CommandRecord) -> bool:
        """Keep a command that appended nothing; False where its id is known already."""
        insert = (
            "INSERT INTO commands (id, request, result, actor, stored_at)"
            " VALUES (%s, %s, %s, %s, clock_timestamp()) ON CONFLICT DO NOTHING"
        )
        with self.datastore.get_connection() as conn:
            return conn.execute(insert, (command.id, command.request, command.result, command.actor)).rowcount == 1

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
    def destroy(self, doctor: UUID, row: StoredEvent, command: CommandRecord) -> None:
        """Destroy a doctor's key and append that it was, in one step: the fields are gone, in every backup to come.

        Raises IntegrityError when another writer was first, or the command is known.
        """
        assert isinstance(row, Row)  # noqa: S101 - our mapper made it
        with self.datastore.get_connection() as conn, conn.transaction():
            append_few(conn, [row], command)
            conn.execute("DELETE FROM doctor_keys WHERE doctor = %s", (doctor,))

    @_retrying
    def destroyed(self, after: int, until: int) -> list[tuple[int, bytes]]:
        """Where and how the log tells of keys destroyed after a position and up to another, in order."""
        with self.datastore.get_connection() as conn:
            return [(row["position"], bytes(row["payload"])) for row in conn.execute(queries.DESTROYED, (after, until))]

    @_retrying
    def answers(self) -> bool:
        """Whether the database answers."""
        with self.datastore.get_connection() as conn:
            return conn.execute("SELECT 1 AS one").fetchone() is not None

    @_retrying
    def moment(self) -> datetime:
        """The moment by the database's clock."""
        with self.datastore.get_connection() as conn:
            moment: datetime = conn.execute("SELECT clock_timestamp() AS moment").fetchall()[0]["moment"]
            return moment

    def is_read_only(self) -> bool:
        """Whether nothing can be stored, here or on a new connection."""
        with self.datastore.get_connection() as conn:
            return bool(conn.execute(queries.READ_ONLY).fetchall()[0]["found"])

    def steps(self) -> frozenset[str]:
        """The names of the migrations that were taken; asked once, for whoever asks waits for the answer."""
        with self.datastore.get_connection() as conn:
            if conn.execute("SELECT to_regclass('schema_migrations') AS found").fetchall()[0]["found"] is None:
                return frozenset()
            return frozenset(row["name"] for row in conn.execute("SELECT name FROM schema_migrations"))

    def facts_of_all(self, page: int) -> Generator[list[Lean]]:
        """The events of all doctors at one moment, some at a time, each doctor's in order."""
        with (
            self.datastore.get_connection() as conn,
            conn.transaction(),
            conn.cursor(name="facts", row_factory=tuple_row) as cursor,
        ):
            cursor.execute(queries.FACTS_OF_ALL, binary=True)
            while rows := cursor.fetchmany(page):
                yield rows

    def chained(self, until: int = NEWEST) -> Generator[tuple[Row, bytes]]:
        """Every row up to a position with its hash, stream by stream in order, without holding them all."""
        with (
            self.datastore.get_connection() as conn,
            conn.transaction(),
            conn.cursor(name="chained") as cursor,
        ):
            for found in cursor.execute(queries.ALL_CHAINED, (until,)):
                yield _row(found), bytes(found["hash"])

    def _lean(self, query: bytes, params: Sequence[object]) -> list[Lean]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(query, params, prepare=True, binary=True).fetchall()

    def _rows(self, query: bytes, params: Sequence[object]) -> list[Row]:
        with self.datastore.get_connection() as conn:
            return [_row(found) for found in conn.execute(query, params, prepare=True)]


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
