"""The store as casework uses it: what `LogReader` answers, and what is appended."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from eventsourcing.persistence import IntegrityError

from domain.doctor.facts.stored import stored_event
from domain.doctor.key import KeyDestroyed
from domain.store.access.writer import AccessLog
from domain.store.clock import Clocks, OwnClock
from domain.store.key_table import DESTROY
from domain.store.log import queries
from domain.store.log.append import append_few
from domain.store.log.datastore import POOL_SIZE
from domain.store.log.documents import Documents, SealedDocument
from domain.store.log.reachable import asked
from domain.store.log.recorded import CommandRecord, Condition, LoggedFact, Recorded
from domain.store.personal import SealedData
from domain.store.persons import Persons
from domain.store.reading import LogReader
from domain.store.resealing import Resealing
from domain.store.sealed.master import MasterKeys
from domain.store.sessions import Sessions
from domain.values.refusals.refusal import refused
from domain.values.streams import track_id


class Conflict(Exception):
    """Another writer appended first, or the command was stored before."""


class Store(LogReader):
    """Events in and out."""

    def __init__(
        self, url: str, master: bytes | MasterKeys, pool_size: int = POOL_SIZE, clock: OwnClock | None = None
    ) -> None:
        super().__init__(url, master, pool_size)
        self._clocks = Clocks(clock, self._moment) if clock else None
        self.documents = Documents(self.datastore, self.keys)
        self.personal = SealedData(self.datastore, self.keys)
        self.persons = Persons(self.datastore, self.keys)
        self.access_log = AccessLog(url)
        self.sessions = Sessions(self.datastore, self.keys)
        self.resealing = Resealing(self.datastore, self.keys)

    def append(
        self,
        recorded: Sequence[Recorded],
        command: CommandRecord,
        document: SealedDocument | None = None,
        conditions: Sequence[Condition] = (),
    ) -> None:
        """Append events, their command, and the document that they name, all or nothing.

        Raises `Conflict` when another writer was first, the command is known already, or one of the `conditions` does
        not hold, and `Refused` (clock-differs).
        """
        self._compare_now_and_then()
        epoch = self.epoch
        rows = self._mapper.to_rows(recorded)
        try:
            self.insert_events(rows, command=command, document=document, conditions=conditions, epoch=epoch)
        except IntegrityError as error:
            raise Conflict from error

    @asked
    def of_municipalities(self, after: int) -> list[Recorded]:
        """The events of all municipalities after a position, in the order of the log."""
        return self._mapper.to_recorded(self._rows(queries.OF_MUNICIPALITIES, (after,)))

    @asked
    def of_ties(self, after: int) -> list[Recorded]:
        """The events of all ties after a position, in the order of the log."""
        return self._mapper.to_recorded(self._rows(queries.OF_TIES, (after,)))

    @asked
    def of_links(self, after: int) -> list[Recorded]:
        """The events of all links between persons after a position, in the order of the log."""
        return self._mapper.to_recorded(self._rows(queries.OF_LINKS, (after,)))

    @asked
    def first_result(self, command_id: UUID, request: str) -> str | None:
        """The first result of a command, or None if it is new.

        Raises `Refused` (command-id-reused) if the id stood for another request.
        """
        found = self._found(queries.COMMAND, (command_id,))
        if not found:
            return None
        if found[0]["request"] != request:
            raise refused("command-id-reused", command=command_id)
        return str(found[0]["result"])

    @asked
    def keep(self, command: CommandRecord) -> str:
        """Keep a command that had nothing to append; gives its result, or the first one if it is repeated.

        Raises `Refused` (command-id-reused) if the id stood for another request.
        """
        with self.datastore.get_connection() as conn:
            params = (command.id, command.request, command.result, command.actor)
            kept = conn.execute(queries.KEEP_COMMAND, params).rowcount == 1
        return command.result if kept else self.first_result(command.id, command.request) or command.result

    def erase(self, doctor: UUID, destroyed: Recorded, command: CommandRecord) -> None:
        """Destroy a doctor's key, append that it was, and keep the command, all or nothing.

        Raises `Conflict` when another writer was first, or the command is known already.
        """
        self._compare_now_and_then()
        try:
            self._destroy(doctor, destroyed, command)
        except IntegrityError as error:
            raise Conflict from error
        if isinstance(destroyed.event, KeyDestroyed):
            self.keys.forget(doctor, destroyed.event.key)

    @asked
    def _destroy(self, doctor: UUID, destroyed: Recorded, command: CommandRecord) -> None:
        row = self._mapper.to_stored_event(destroyed)
        with self.datastore.get_connection() as conn, conn.transaction():
            append_few(conn, [row], command)
            conn.execute(DESTROY, (doctor,))

    @asked
    def destroyed(self, after: int, until: int) -> list[tuple[int, KeyDestroyed]]:
        """The keys destroyed after a position and up to another, each with its position; from now on they open nothing.

        Another process may have destroyed them while this one still has them in memory.
        """
        rows = self._found(queries.DESTROYED, (after, until))
        found = [(row["position"], stored_event(KeyDestroyed, bytes(row["payload"]))) for row in rows]
        for _, each in found:
            self.keys.forget(track_id(each.hpr), each.key)
        return found

    def doctor_concerning(self, doctor: UUID, words: Collection[str] | None) -> list[Recorded]:
        """The events of a doctor if any of these words (None: any at all) stands in one of them; else none.

        So one who is not registered and one who does not concern the asker are found alike, and in the same time.
        """
        return self.doctors([doctor]) if self._concerns(doctor, words) else []

    def facts_concerning(self, doctor: UUID, words: Collection[str] | None) -> list[LoggedFact]:
        """The same of the facts, without their origin."""
        return self.facts_of([doctor]) if self._concerns(doctor, words) else []

    @asked
    def has_line(self, claim: UUID, hpr: str) -> bool:
        """Whether a doctor has, or had, a line in a claim, by its stream; the rest of it is not read."""
        return bool(self._found(queries.HAS_LINE, (claim, f'"{hpr}"'.encode()))[0]["found"])

    @asked
    def _concerns(self, doctor: UUID, words: Collection[str] | None) -> bool:
        if words is None:
            return True
        return bool(self._found(queries.CONCERNS, ([word.encode() for word in words], doctor))[0]["found"])

    def close(self) -> None:
        """Write what waits to be logged, and give the connections back."""
        self.access_log.close()
        super().close()

    def compare_clocks(self) -> None:
        """Compare the clock of this process with the database's; raises `Refused` (clock-differs)."""
        if self._clocks:
            self._clocks.compare()

    def _compare_now_and_then(self) -> None:
        if self._clocks:
            self._clocks.compare_now_and_then()

    @asked
    def _moment(self) -> datetime:
        moment: datetime = self._found(b"SELECT clock_timestamp() AS moment")[0]["moment"]
        return moment
