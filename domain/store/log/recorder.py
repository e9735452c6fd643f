"""The recorder on PostgreSQL that the library's event store writes and reads through."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import AggregateRecorder, IntegrityError, StoredEvent
from psycopg import Connection
from psycopg.rows import tuple_row

from domain.store.log import queries
from domain.store.log.append import FEW, append_few, append_staged, refuse_after, stage
from domain.store.log.datastore import Datastore
from domain.store.log.documents import SealedDocument, keep_document
from domain.store.log.reachable import asked
from domain.store.log.recorded import CommandRecord, Condition, Lean, Origin, Row

NEWEST: Final = 2**63 - 1
"""A position after every event."""
_LAST_VERSION: Final = 2**31 - 1


class Recorder(AggregateRecorder):
    """Rows into our table by one statement, and rows out of it."""

    def __init__(self, datastore: Datastore) -> None:
        self.datastore = datastore

    @asked
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
        conditions: Sequence[Condition] = extras.get("conditions", ())
        if len(rows) <= FEW and document is None and not conditions:
            return append_few(conn, rows, command)
        with conn.transaction():
            if conditions:
                refuse_after(conn, conditions)
            if document:
                as_whom = self.datastore.acting(conn, frozenset([document.municipality]))
                keep_document(conn, document, as_whom)
            if len(rows) <= FEW:
                return append_few(conn, rows, command)
            stage(conn, rows)
            return append_staged(conn, command)

    @asked
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
        return self._rows(query, (originator_id, gt or 0, _LAST_VERSION if lte is None else lte, limit))

    def _rows(self, query: bytes, params: Sequence[object]) -> list[Row]:
        with self.datastore.get_connection() as conn:
            return [row_of(found) for found in conn.execute(query, params, prepare=True)]

    def _lean(self, query: bytes, params: Sequence[object]) -> list[Lean]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(query, params, prepare=True, binary=True).fetchall()

    def _found(self, query: bytes, params: Sequence[object] | Mapping[str, object] = ()) -> list[dict[str, Any]]:
        with self.datastore.get_connection() as conn:
            return conn.execute(query, params).fetchall()


def row_of(found: Mapping[str, Any]) -> Row:
    """A row of the table."""
    return Row(
        found["stream"],
        found["version"],
        found["topic"],
        bytes(found["payload"]),
        found["doctor"],
        found["doctor_version"],
        found["municipality"],
        found["recorded_at"],
        Origin(*(found[name] for name in Origin._fields)),
        found["position"],
        found["stored_at"],
    )
