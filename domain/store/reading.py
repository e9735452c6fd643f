"""Questions to the log: each is one SQL statement, and gives events, facts or numbers."""

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import EventStore
from psycopg import Connection
from psycopg.errors import UndefinedTable
from psycopg.rows import tuple_row

from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.facts.track import DoctorNamed
from domain.doctor.history import names_in
from domain.store.key_table import KeyTable
from domain.store.log import queries
from domain.store.log.datastore import POOL_SIZE, Datastore
from domain.store.log.heads import LogHead, heads_of
from domain.store.log.reachable import asked, reachable
from domain.store.log.recorded import Event, LoggedFact, Recorded, Row, Touched, chained, genesis
from domain.store.log.recorder import NEWEST, Recorder, row_of
from domain.store.mapper import EventMapper, name_in
from domain.store.sealed.key_ring import KeyRing
from domain.store.sealed.master import MasterKeys
from domain.store.sealed.sealing import ERASED_TEXT
from domain.store.walls.roles import Sees
from domain.values.refusals.refusal import OF_THE_STORE, Refused, refused
from domain.values.streams import track_id

PAGE: Final = 5_000
"""How many rows of the whole log are in memory at a time."""
_NAMING: Final = [DoctorNamed.event_topic, FactCorrected.event_topic]
"""What tells a doctor's name, or corrects it."""


class LogReader(Recorder):
    """Reads the log. Every method raises `Refused` (store-unavailable, store-busy) if the database does not answer."""

    def __init__(self, url: str, master: bytes | MasterKeys, pool_size: int = POOL_SIZE) -> None:
        super().__init__(Datastore(url, pool_size, self._forget_keys))
        keys = master if isinstance(master, MasterKeys) else MasterKeys(master)
        self.keys = KeyRing(keys, KeyTable(self.datastore))
        self._mapper = EventMapper(self.keys)
        self._events: EventStore[UUID] = EventStore(self._mapper, self)

    def _forget_keys(self) -> None:
        self.keys.forget_all()

    @property
    def epoch(self) -> int:
        """Changes when another log is put in place of this one: what is remembered of it holds no longer."""
        return self.datastore.log.epoch

    # ------------------------------------------------------------ events

    def stream(self, stream: UUID, after: int = 0) -> list[Recorded]:
        """The events of a stream after a version."""
        return list(self._events.get(stream, gt=after))  # type: ignore[arg-type]

    def stream_or_refusals(self, stream: UUID, after: int = 0) -> Iterator[tuple[int, int, Event | Refused]]:
        """Position, version and event of a stream after a version; a refusal stands for one that cannot be read."""
        for row in self.select_events(stream, gt=after):
            yield row.position or NEWEST, row.originator_version, self._event_or_refusal(row)

    def _event_or_refusal(self, row: Row) -> Event | Refused:
        try:
            return self._mapper.to_domain_event(row).event
        except Refused as refusal:
            if refusal.code in OF_THE_STORE:
                raise
            return refusal

    @asked
    def streams(self, streams: Sequence[UUID]) -> list[Recorded]:
        """The events of some streams, each stream's in order, in one question."""
        return self._mapper.to_recorded(self._rows(queries.BY_STREAMS, (list(streams),)))

    @asked
    def doctors(self, doctors: Sequence[UUID], until: int = NEWEST) -> list[Recorded]:
        """The events of some doctors up to a position of the log, each doctor's in order."""
        return self._mapper.to_recorded(self._rows(queries.BY_DOCTOR, (list(doctors), until)))

    def chained(self, until: int = NEWEST) -> Generator[tuple[Row, bytes]]:
        """Every row up to a position with its hash, stream by stream in order, without holding them all."""
        with (
            reachable(),
            self.datastore.get_connection() as conn,
            conn.transaction(),
            conn.cursor(name="chained") as cursor,
        ):
            for found in cursor.execute(queries.ALL_CHAINED, (until,)):
                yield row_of(found), bytes(found["hash"])

    def verify(self) -> tuple[int, int]:
        """Go through every stream's hash chain; gives how many streams and events it holds.

        Raises `Refused` (chain-broken) at the first event that is not as it was stored.
        """
        streams = events = 0
        before = b""
        with closing(self.chained()) as rows:
            for row, stored_hash in rows:
                if row.originator_version == 1:
                    streams, before = streams + 1, genesis(row)
                if chained(before, row) != stored_hash:
                    raise refused("chain-broken")
                events, before = events + 1, stored_hash
        return streams, events

    # ------------------------------------------------------------ facts of doctors, without their origin

    @asked
    def facts_of(self, doctors: Sequence[UUID], until: int = NEWEST) -> list[LoggedFact]:
        """The facts of some doctors up to a position of the log, each doctor's in order."""
        if len(doctors) == 1 and until == NEWEST:  # what every command asks: planned once, then never again
            return self._mapper.to_facts(self._lean(queries.FACTS_OF_DOCTOR, (doctors[0],)))
        return self._mapper.to_facts(self._lean(queries.FACTS_OF_DOCTORS, (list(doctors), until)))

    @asked
    def facts_of_topics(self, doctors: Sequence[UUID], topics: Sequence[str], until: int = NEWEST) -> list[LoggedFact]:
        """Those of the facts of some doctors that are of some topics, up to a position, each doctor's in order."""
        return self._mapper.to_facts(self._lean(queries.FACTS_OF_TOPICS, (list(doctors), list(topics), until)))

    @asked
    def facts_at(self, heads: Sequence[LogHead]) -> list[LoggedFact]:
        """The facts of doctors up to their heads, each doctor's in order, read with the keys that they had there.

        Position order is commit order, so up to the last of the heads nothing came since they were asked for.
        """
        until = max(head.position for head in heads)
        rows = self._lean(queries.FACTS_OF_DOCTORS, ([head.doctor for head in heads], until))
        keys = self.keys.opened({head.doctor: head.sealed_key for head in heads if head.sealed_key})
        return self._mapper.to_facts(rows, keys)

    @asked
    def facts_of_municipality(self, codes: Sequence[str]) -> list[LoggedFact]:
        """The facts of the doctors who ever had a post in a municipality."""
        return self._mapper.to_facts(self._lean(queries.FACTS_OF_MUNICIPALITY, (list(codes),)))

    @asked
    def facts_of_these(self, doctors: Sequence[UUID], codes: Sequence[str]) -> list[LoggedFact]:
        """The same and those of some more doctors, in a transaction that can change nothing."""
        with self.datastore.get_connection() as conn, conn.transaction():
            conn.execute("SET TRANSACTION READ ONLY")
            cursor = conn.cursor(row_factory=tuple_row)
            rows = cursor.execute(queries.FACTS_OF_THESE, (list(doctors), list(codes)), binary=True).fetchall()
        return self._mapper.to_facts(rows)

    def facts_of_all(self, page: int = PAGE) -> Iterator[LoggedFact]:
        """The facts of all doctors at one moment, each doctor's together and in order; read page by page."""
        with (
            reachable(),
            self.datastore.get_connection() as conn,
            conn.transaction(),
            conn.cursor(name="facts", row_factory=tuple_row) as cursor,
        ):
            cursor.execute(queries.FACTS_OF_ALL, binary=True)
            while rows := cursor.fetchmany(page):
                yield from self._mapper.to_facts(rows)

    @asked
    def names_of(self, doctors: Sequence[UUID]) -> dict[str, str]:
        """The names that doctors have now, by HPR number; those without one, or whose name is erased, are left out."""
        told = defaultdict[str, list[Fact]](list)
        for each in self._mapper.to_readable_facts(
            self._lean(queries.FACTS_OF_TOPICS, (list(doctors), _NAMING, NEWEST))
        ):
            told[each.fact.hpr].append(each.fact)
        by_hpr = {hpr: [name for name in names_in(facts) if name != ERASED_TEXT] for hpr, facts in told.items()}
        return {hpr: names[-1] for hpr, names in by_hpr.items() if names}

    # ------------------------------------------------------------ who, and how far

    @asked
    def heads(self, codes: Sequence[str], doctor: UUID | None = None) -> list[LogHead]:
        """The heads of the logs of all doctors who ever had a post in a municipality, or of one of them."""
        with self.datastore.get_connection() as conn:
            return heads_of(conn, codes, doctor)

    @asked
    def versions(self, until: int = NEWEST, doctors: Sequence[UUID] | None = None) -> dict[UUID, int]:
        """Every doctor, or of some doctors those, with an event up to a position, and how many each has there."""
        params = {"until": until, "doctors": None if doctors is None else list(doctors)}
        return {row["doctor"]: row["version"] for row in self._found(queries.VERSIONS, params)}

    @asked
    def last_position(self, command_id: UUID | None = None) -> int | None:
        """The position of a command's last event, or of the log's; None if there is none."""
        query, params = (queries.LAST_OF_COMMAND, (command_id,)) if command_id else (queries.LAST, ())
        found = self._found(query, params)
        return found[0]["position"] if found else None

    @asked
    def touched(self, after: int, limit: int, until: int = NEWEST) -> list[Touched]:
        """Whose the next events of the log are, after a position and up to another.

        Position order is commit order, so nothing can come in between later.
        """
        return [Touched(**row) for row in self._found(queries.TOUCHED, (after, until, limit))]

    @asked
    def claims_between(self, after: int, until: int) -> list[UUID]:
        """The streams of the claims with an event after a position and up to another."""
        return [row["stream"] for row in self._found(queries.CLAIMS_BETWEEN, (after, until))]

    @asked
    def streams_naming(self, hpr: str, subject: str) -> list[UUID]:
        """The streams of a subject in which a doctor was ever named; nothing is indexed by it, so it takes time."""
        return [row["stream"] for row in self._found(queries.STREAMS_NAMING, (subject, f'"{hpr}"'.encode()))]

    @asked
    def others_naming(self, hpr: str, topics: Sequence[str]) -> list[LoggedFact]:
        """The facts of some topics about other doctors that name this one; nothing is indexed by it either."""
        asked_for = (track_id(hpr), list(topics), f'"{hpr}"'.encode())
        return self._mapper.to_facts(self._lean(queries.OTHERS_NAMING, asked_for))

    @asked
    def first_of_book(self, after: int, until: int) -> int | None:
        """The position of the first event of the rule book after a position and up to another."""
        found = self._found(queries.FIRST_OF_BOOK, (after, until))
        return found[0]["position"] if found else None

    @asked
    def doctors_of(self, codes: Sequence[str], until: int) -> list[UUID]:
        """The doctors who had a post in a municipality according to the log up to a position."""
        return [row["doctor"] for row in self._found(queries.DOCTORS_OF, (list(codes), until))]

    @asked
    def registrants(self, doctors: Sequence[UUID]) -> dict[str, frozenset[str]]:
        """Who recorded the facts of some doctors, and in which roles; the role is empty where none was stated."""
        found: dict[str, frozenset[str]] = {}
        for row in self._found(queries.REGISTRANTS, (list(doctors),)):
            subject = row["recorded_by"]
            found[subject] = found.get(subject, frozenset()) | {row["role"] or ""}
        return found

    @asked
    def name_of(self, subject: UUID) -> str | None:
        """What people call a doctor or a claim, according to its first events; None if they do not say."""
        found = self._found(queries.FIRST_PAYLOADS, (subject, subject))
        return next(filter(None, (name_in(bytes(row["payload"])) for row in found)), None)

    @asked
    def name_at(self, position: int) -> str | None:
        """What people call the thing that the event at a position is about; None if it does not say."""
        found = self._found(queries.PAYLOAD_AT, (position,))
        return name_in(bytes(found[0]["payload"])) if found else None

    # ------------------------------------------------------------ the database

    @contextmanager
    def reading(self, sees: Sees) -> Iterator[Connection[Any]]:
        """A connection that sees the database as it is at one moment, and changes nothing: for the read side.

        Of the read models it sees what these municipalities may see.

        Raises `Refused` (read-side-missing) if no worker has made the read model yet.
        """
        with reachable(), self.datastore.seeing(sees, "REPEATABLE READ, READ ONLY") as connection:
            try:
                yield connection
            except UndefinedTable as error:
                raise refused("read-side-missing") from error

    @asked
    def answers(self) -> bool:
        """Whether the database answers now."""
        return bool(self._found(b"SELECT 1 AS one"))

    @reachable()
    def steps(self) -> frozenset[str]:
        """The names of the migrations that the database has; asked once, for the caller waits for the answer."""
        if self._found(b"SELECT to_regclass('schema_migrations') AS found")[0]["found"] is None:
            return frozenset()
        return frozenset(row["name"] for row in self._found(b"SELECT name FROM schema_migrations"))

    @reachable()
    def check_writable(self) -> None:
        """Raises `Refused` (store-read-only) if the database can only be read, or new connections only may."""
        if self._found(queries.READ_ONLY)[0]["found"]:
            raise refused("store-read-only")

    def close(self) -> None:
        """Give the connections back."""
        self.datastore.close()
