"""Events in and out: what casework asks of the log."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID

from eventsourcing.persistence import EventStore, IntegrityError
from psycopg import Connection
from psycopg.errors import UndefinedTable

from domain.doctor.facts.stored import stored_event
from domain.doctor.key import KeyDestroyed
from domain.store.clock import Clocks, OwnClock
from domain.store.log.datastore import POOL_SIZE, Datastore
from domain.store.log.documents import Documents, SealedDocument
from domain.store.log.heads import LogHead
from domain.store.log.reachable import reachable as _reachable
from domain.store.log.recorded import (
    CommandRecord,
    Event,
    IfUnchangedSince,
    LoggedFact,
    Recorded,
    Row,
    Touched,
    chained,
    genesis,
)
from domain.store.log.recorder import NEWEST, PAGE, Recorder
from domain.store.mapper import EventMapper, name_in
from domain.store.personal import Personal
from domain.store.sealed.sealing import KeyRing
from domain.values.refusals.refusal import Refused, refused
from domain.values.streams import track_id


class Store:
    """Events in and out; what casework asks."""

    def __init__(self, url: str, master_key: bytes, pool_size: int = POOL_SIZE, clock: OwnClock | None = None) -> None:
        self._datastore = Datastore(url, pool_size, self._forget_keys)
        self.recorder = Recorder(self._datastore)
        self._clocks = Clocks(clock, self.recorder.moment) if clock else None
        self.keys = KeyRing(master_key, self.recorder)
        self.documents = Documents(self._datastore, self.keys)
        self.personal = Personal(self._datastore, self.keys)
        self._mapper = EventMapper(self.keys)
        self._events: EventStore[UUID] = EventStore(self._mapper, self.recorder)

    def _forget_keys(self) -> None:
        self.keys.forget_all()

    @property
    def epoch(self) -> int:
        """Another number than before where the log is another: what is remembered of it holds no longer."""
        return self._datastore.log.epoch

    def append(
        self,
        recorded: Sequence[Recorded],
        command: CommandRecord,
        document: SealedDocument | None = None,
        if_unchanged: IfUnchangedSince | None = None,
    ) -> None:
        """Append events, the command that they came of, and the document that they name, all or nothing.

        Raises `Conflict` when another writer was first, the command is known already, or there is something now
        that `if_unchanged` names, and `Refused` (clock-differs).
        """
        with _reachable():
            self._compare_now_and_then()
            epoch = self.epoch
            try:
                rows = self._mapper.to_rows(recorded)
                self.recorder.insert_events(
                    rows, command=command, document=document, if_unchanged=if_unchanged, epoch=epoch
                )
            except IntegrityError as error:
                raise Conflict from error

    def stream(self, stream: UUID, after: int = 0) -> list[Recorded]:
        """The events of a stream after a version."""
        with _reachable():
            return list(self._events.get(stream, gt=after))  # type: ignore[arg-type]

    def stream_or_refusals(self, stream: UUID, after: int = 0) -> Iterator[tuple[int, int, Event | Refused]]:
        """Position, version and event of a stream after a version; a refusal stands for one that cannot be read."""
        with _reachable():
            rows = self.recorder.select_events(stream, gt=after)
        for row in rows:
            yield row.position or NEWEST, row.originator_version, self._event_or_refusal(row)

    def _event_or_refusal(self, row: Row) -> Event | Refused:
        try:
            return self._mapper.to_domain_event(row).event
        except Refused as refusal:
            return refusal

    def name_of(self, subject: UUID) -> str | None:
        """What people call a doctor or a claim, as its first events have it; None where no bytes say it."""
        with _reachable():
            return next(filter(None, map(name_in, self.recorder.first_payloads(subject))), None)

    def streams(self, streams: Sequence[UUID]) -> list[Recorded]:
        """The events of some streams, each stream's in order, in one question."""
        with _reachable():
            return self._mapper.to_recorded(self.recorder.rows_of_streams(streams))

    def doctors(self, doctors: Sequence[UUID], until: int = NEWEST) -> list[Recorded]:
        """The events of some doctors up to a position of the log, each doctor's in order."""
        with _reachable():
            return self._mapper.to_recorded(self.recorder.rows_of_doctors(doctors, until))

    def facts_of(self, doctors: Sequence[UUID], until: int = NEWEST) -> list[LoggedFact]:
        """The facts of some doctors up to a position of the log, each doctor's in order, without their origin."""
        with _reachable():
            return self._mapper.to_facts(self.recorder.facts_of(doctors, until))

    def registrants(self, doctors: Sequence[UUID]) -> dict[str, frozenset[str]]:
        """Who recorded the facts of some doctors, and in which roles; the role is empty where none was stated."""
        found: dict[str, frozenset[str]] = {}
        with _reachable():
            for subject, role in self.recorder.registrants(doctors):
                found[subject] = found.get(subject, frozenset()) | {role or ""}
        return found

    def touched(self, after: int, limit: int, until: int = NEWEST) -> list[Touched]:
        """Whose the next events of the log are, after a position and up to another.

        Position order is commit order, so nothing can come in between later.
        """
        with _reachable():
            return self.recorder.touched(after, limit, until)

    def claims_between(self, after: int, until: int) -> list[UUID]:
        """The streams of the claims with an event after a position and up to another."""
        with _reachable():
            return self.recorder.claims_between(after, until)

    def versions(self, until: int = NEWEST, doctors: Sequence[UUID] | None = None) -> dict[UUID, int]:
        """Every doctor, or of some doctors those, with an event up to a position, and how many each has there."""
        with _reachable():
            return self.recorder.versions(until, doctors)

    def last_position(self, command_id: UUID | None = None) -> int | None:
        """The position of a command's last event, or of the log's; None where there is none."""
        with _reachable():
            return self.recorder.last_position(command_id)

    @contextmanager
    def reading(self) -> Iterator[Connection[Any]]:
        """A connection that sees the database as it is at one moment, and changes nothing: for the read side.

        Raises `Refused` (read-side-missing) where no worker has made what is asked for yet.
        """
        with _reachable(), self._datastore.get_connection() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            try:
                yield connection
            except UndefinedTable as error:
                raise refused("read-side-missing") from error

    def check_master_key(self) -> None:
        """Raise `WrongMasterKey` where the keys that are kept were sealed with another master key."""
        with _reachable():
            self.keys.check()

    def key_name(self, doctor: UUID) -> str | None:
        """The name of the key that a doctor has now; None where there is none."""
        with _reachable():
            return self.keys.name_of(doctor)

    def heads(self, codes: Sequence[str], doctors: Sequence[UUID] = ()) -> list[LogHead]:
        """How far the log has come of all who were ever said to hold a post in a municipality, and of some doctors."""
        with _reachable():
            return self.recorder.heads(codes, doctors)

    def facts_at(self, heads: Sequence[LogHead]) -> list[LoggedFact]:
        """The facts of doctors up to their heads, each doctor's in order, read with the keys that they had there.

        Position order is commit order, so up to the last of the heads nothing came since they were asked for.
        """
        until = max(head.position for head in heads)
        with _reachable():
            rows = self.recorder.facts_of([head.doctor for head in heads], until)
        keys = self.keys.opened({head.doctor: head.sealed_key for head in heads if head.sealed_key})
        return self._mapper.to_facts(rows, keys)

    def facts_of_municipality(self, codes: Sequence[str]) -> list[LoggedFact]:
        """The facts of the doctors who were ever said to hold a post in a municipality, without their origin."""
        with _reachable():
            return self._mapper.to_facts(self.recorder.facts_of_municipality(codes))

    def doctors_of(self, codes: Sequence[str], until: int) -> list[UUID]:
        """The doctors who were said up to a position to hold a post in a municipality."""
        with _reachable():
            return self.recorder.doctors_of(codes, until)

    def facts_of_these(self, doctors: Sequence[UUID], codes: Sequence[str]) -> list[LoggedFact]:
        """The same and those of some more doctors, read where nothing can be changed."""
        with _reachable():
            return self._mapper.to_facts(self.recorder.facts_of_these(doctors, codes))

    def facts_of_all(self, page: int = PAGE) -> Iterator[LoggedFact]:
        """The facts of all doctors at one moment, each doctor's together and in order; a page is held at a time."""
        with _reachable(), closing(self.recorder.facts_of_all(page)) as pages:
            for rows in pages:
                yield from self._mapper.to_facts(rows)

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

    def keep(self, command: CommandRecord) -> str:
        """Keep a command that found done what it asked for; gives its result, the first one where it is repeated.

        Raises `Refused` (command-id-reused) where the id stood for another request.
        """
        with _reachable():
            kept = self.recorder.keep_command(command)
        return command.result if kept else self.first_result(command.id, command.request) or command.result

    def erase(self, doctor: UUID, destroyed: Recorded, command: CommandRecord) -> None:
        """Destroy a doctor's key, append that it was, and keep the command, all or nothing.

        Raises `Conflict` when another writer was first, or the command is known already.
        """
        with _reachable():
            self._compare_now_and_then()
            try:
                self.recorder.destroy(doctor, self._mapper.to_stored_event(destroyed), command)
            except IntegrityError as error:
                raise Conflict from error
        if isinstance(destroyed.event, KeyDestroyed):
            self.keys.forget(doctor, destroyed.event.key)

    def destroyed(self, after: int, until: int) -> list[tuple[int, KeyDestroyed]]:
        """The keys that were destroyed after a position and up to another, and where; from now on they open nothing.

        Another process may have destroyed them while this one remembers them.
        """
        with _reachable():
            rows = self.recorder.destroyed(after, until)
        found = [(position, stored_event(KeyDestroyed, payload)) for position, payload in rows]
        for _, each in found:
            self.keys.forget(track_id(each.hpr), each.key)
        return found

    def verify(self) -> tuple[int, int]:
        """Go through every stream's hash chain; gives how many streams and events it holds.

        Raises `Refused` (chain-broken) at the first event that is not as it was stored.
        """
        streams = events = 0
        before = b""
        with _reachable(), closing(self.recorder.chained()) as rows:
            for row, stored_hash in rows:
                if row.originator_version == 1:
                    streams, before = streams + 1, genesis(row)
                if chained(before, row) != stored_hash:
                    raise refused("chain-broken")
                events, before = events + 1, stored_hash
        return streams, events

    def answers(self) -> bool:
        """Whether the database answers now."""
        with _reachable():
            return self.recorder.answers()

    def steps(self) -> frozenset[str]:
        """The names of the migrations that the database has."""
        with _reachable():
            return self.recorder.steps()

    def check_writable(self) -> None:
        """Raises `Refused` (store-read-only) where the database can only be read, or new connections only may."""
        with _reachable():
            if self.recorder.is_read_only():
                raise refused("store-read-only")

    def compare_clocks(self) -> None:
        """Compare the clock of this process with the database's; raises `Refused` (clock-differs)."""
        with _reachable():
            if self._clocks:
                self._clocks.compare()

    def _compare_now_and_then(self) -> None:
        if self._clocks:
            self._clocks.compare_now_and_then()

    def close(self) -> None:
        """Give the connections back."""
        self._datastore.close()


class Conflict(Exception):
    """Another writer appended first, or the command was stored before."""
