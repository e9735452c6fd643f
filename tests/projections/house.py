"""A desk with projections: brought level without threads, asked, and compared."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import Connection, sql
from psycopg.rows import dict_row, tuple_row

from deploy.clock import new_id, now
from domain.casework.commands.book import SCHEME
from domain.rulebook.release import shipped_contents, shipped_lists
from domain.rulebook.rulebook import MunicipalityListAdopted, publication
from domain.rules.sets.rule_set import RuleSet
from domain.store import SEARCH_KEY, CommandRecord, Recorded
from domain.values.streams import rule_book_id
from projections.all import ALL
from projections.doctors.doctors import Chosen, doctors, municipality
from projections.doctors.search import KINDS, Digests, Sought
from projections.engine.aside.set_aside import shown
from projections.engine.generations import Registered, begin, differences, drop, install, of_name
from projections.engine.log import Log
from projections.engine.projection import Projection
from projections.engine.running import Runner, connect
from tests.desk import Desk, command
from tests.scenario import Json

Rows = dict[str, set[tuple[Any, ...]]]


def finds(connection: Connection[Any], sought: Sought) -> list[str]:
    """The numbers of the doctors who are found."""
    return [each.hpr for each in doctors(connection, Chosen(search=sought)).items]


def registered(connection: Connection[Any]) -> list[Registered]:
    """Every generation of every projection."""
    names = connection.cursor(row_factory=tuple_row).execute("SELECT DISTINCT name FROM projections ORDER BY name")
    return [each for (name,) in names.fetchall() for each in of_name(connection, name)]


class House(Desk):
    """The service with its read side."""

    def sought(self, text: str, kinds: Collection[str] = KINDS, codes: Collection[str] | None = None) -> Sought:
        """What somebody looks for who writes a text."""
        return Sought.of(text, self.store.keys.service_key(SEARCH_KEY), kinds, codes)

    def entries(self, kind: str, *words: str) -> set[str]:
        """What stands in search for personal words."""
        digests = Digests(self.store.keys.service_key(SEARCH_KEY))
        return {entry for word in words for entry in digests.of_beginnings(kind, word)}

    def levels(
        self,
        projections: Sequence[type[Projection]] = ALL,
        most: int | None = None,
        aside: AbstractSet[tuple[str, str, str | None]] = frozenset(),
    ) -> None:
        """Bring projections level with the log, as workers would, without those that are to be set aside."""
        log = Log(self.store)
        with self.works() as connection:
            install(connection, projections)
            for projection in projections:
                runner = Runner(projection, log, most=most)
                while runner.turn(connection):
                    pass
            stopped = {each.name: each.error for each in registered(connection) if each.poison is not None}
            found = {(each.projection, each.kind, each.name) for each in shown(connection)}
        assert stopped == {}
        assert found == aside, found

    @contextmanager
    def works(self) -> Iterator[Connection[Any]]:
        """A connection such as a worker has."""
        with closing(connect(self.url)) as connection:
            yield connection

    @contextmanager
    def reads(self) -> Iterator[Connection[Any]]:
        """A connection such as the service asks with."""
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            yield connection

    def rows(self, projection: type[Projection], hidden: LiteralString = "") -> set[tuple[Any, ...]]:
        """Every row shown, with hidden columns such as ctid in front."""
        query = sql.SQL("SELECT {} read.* FROM {} read").format(sql.SQL(hidden), projection.table.shown)
        with self.reads() as connection:
            found = connection.cursor(row_factory=tuple_row).execute(query).fetchall()
        return {tuple(tuple(each) if isinstance(each, list) else each for each in row) for row in found}

    def all_rows(self) -> Rows:
        return {projection.name: self.rows(projection) for projection in ALL}

    def placed(self, projection: type[Projection]) -> dict[tuple[Any, ...], tuple[str, str]]:
        """Where each row of the generation that serves lies, and by which transaction it was written."""
        with self.reads() as connection:
            [serving] = [s for s in of_name(connection, projection.name) if not s.building]
            query = sql.SQL("SELECT t.ctid::text, t.xmin::text, t.* FROM {} t")
            placed = projection.table.physical(serving.generation)
            found = connection.cursor(row_factory=tuple_row).execute(query.format(placed)).fetchall()
        return {tuple(tuple(e) if isinstance(e, list) else e for e in row[2:]): (row[0], row[1]) for row in found}

    def differs_from_fresh(self, projection: type[Projection]) -> int:
        """How many rows a generation that is built in one go has otherwise than the one that serves."""
        with self.works() as connection:
            [serving] = [s for s in of_name(connection, projection.name) if not s.building]
            fresh = begin(connection, projection)
            runner = Runner(projection, Log(self.store))
            while runner.step(connection, fresh, serving.position):
                pass
            found = differences(connection, projection, serving.generation, fresh)
            drop(connection, projection, fresh)
        return found

    def publishes_another(self, content: Mapping[str, Any]) -> RuleSet:
        """Publish a rule set that is not of the release."""
        lists = shipped_lists()[str(content["municipalities"])]
        adoption = MunicipalityListAdopted(
            digest=lists.digest,
            municipalities=tuple(lists.rows),
            ended=tuple(lists.ended),
            recorded_at=now(),
            recorded_by="rules:ab",
        )
        stream = rule_book_id(SCHEME)
        version = len(self.store.stream(stream))
        events = [publication(content, now(), "rules:ab")]
        if adoption.digest not in self.casework.book.current().lists:
            events.insert(0, adoption)  # type: ignore[arg-type]
        by = command(source="release")
        recorded = [Recorded(stream, version + n, event, by.origin()) for n, event in enumerate(events, start=1)]
        self.store.append(recorded, CommandRecord(new_id(), "r", "{}", "rules:ab"))
        return self.casework.book.rule_set(str(content["id"]), str(content["round"]["id"]))

    def says(self, code: str, round_id: str) -> Json:
        """What the projections say of a municipality in a round, as a result of contract.md has it."""
        with self.reads() as connection:
            found = municipality(connection, code, round_id, limit=1_000_000)
        lines = [
            {
                "hpr": line.hpr,
                "total": line.total,
                "elements": line.elements,
                "months": [month.as_json() for month in found.months if month.hpr == line.hpr],
            }
            for line in found.lines.items
        ]
        return {"municipality": code, "round": round_id, "total": found.sums.kroner, "lines": lines}


def content_of(rules: str, **changed: object) -> dict[str, Any]:
    """The content of a shipped rule set, with other values."""
    [content] = [each for each in shipped_contents() if each["id"] == rules]
    return {**content, **changed}


def with_value(content: Mapping[str, Any], name: str, value: str) -> dict[str, Any]:
    """A content with one number changed."""
    values = content["values"]
    return {**content, "values": {**values, name: {**values[name], "value": value}}}
