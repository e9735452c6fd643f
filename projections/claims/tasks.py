"""Tasks: decided lines that come to something else now, lines that a decision lacks, and signed lines that are stale.

Every decided line has a row, so that whose claims a doctor stands in is known; those that nothing has become of are no
task. A task is there as long as it holds: it goes with a new decision, a new statement, or a correction back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, ClassVar, Final
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import dict_row, tuple_row

from domain.casework.access.sight import EVERYTHING, Sight
from domain.claim.parts.name import name_of, parts_of
from domain.claim.stream.numbering import NumberName
from domain.claim.stream.state import claim_of
from domain.rulebook.rulebook import RuleBook
from domain.rules.sets.rule_set import RuleSet
from domain.store import Recorded
from domain.values.streams import claim_id, track_id
from projections.claims.claims import events_of
from projections.claims.task_rows import STANDS, Kind, key_of, known_to, lines_of, of_municipality, rows_of
from projections.engine.aside.subjects import Kind as SubjectKind
from projections.engine.aside.subjects import Subject, blaming
from projections.engine.log import Page, in_force
from projections.engine.paging import MOST, Slice, seeing, seen, sliced
from projections.engine.projection import Projection, Table, Writer

_CHUNK: Final = 200


class Tasks(Projection):
    """A row for each decided line and each task of it."""

    name: ClassVar[str] = "tasks"
    table: ClassVar[Table] = Table(
        "tasks",
        {
            "line": "text",
            "kind": "text",
            "claim": "text",
            "municipality": "text",
            "round": "text",
            "hpr": "text",
            "doctor": "uuid",
            "number": "text",
            "owners": "text[]",
            "due_on": "date",
            "decided": "integer",
            "before": "integer",
            "after": "integer",
            "difference": "integer",
            "first_month": "text",
            "months": "text[]",
            "facts": "text[]",
            "elsewhere": "text[]",
            "rules": "text[]",
            "since": "timestamptz",
        },
        keys=2,
        indexes=("doctor, claim", "claim", "municipality, round", "round, claim"),
    )

    def project(self, page: Page, writer: Writer) -> None:
        """Write the lines of the claims in the page, of the doctors in it, and under rules published in it."""
        books = page.before, page.now
        before, now = ({name: rules.digest for name, rules in in_force(book).items()} for book in books)
        rounds = [name for name, digest in now.items() if before.get(name) != digest]
        wanted: dict[str, set[str] | None] = {}
        standing = self._standing(writer, list(page.doctors), rounds)
        for name, hpr in [*standing, *self._with_lines(writer, page, in_force(books[1]))]:
            wanted.setdefault(name, set())
            if hpr is None:
                wanted[name] = None
            elif (some := wanted[name]) is not None:
                some.add(hpr)
        claims = dict(page.claims())
        wanted |= dict.fromkeys(claims)
        for name, hprs in wanted.items():
            if claim_id(*parts_of(name)) in page.aside.claims:
                continue
            recorded = claims.get(name) or page.log.claim(name, page.last)
            self._write(writer, page, books[1], recorded, hprs)

    def remove(self, writer: Writer, kind: SubjectKind, name: str) -> None:
        """Take out the tasks of a doctor, but not that the lines stand: those follow from the claims."""
        if kind == "doctor":
            query = sql.SQL("DELETE FROM {} WHERE hpr = %s AND kind <> %s")
            writer.connection.execute(query.format(self.table.physical(writer.generation)), (name, STANDS))
        else:
            super().remove(writer, kind, name)

    def _standing(
        self, writer: Writer, doctors: Sequence[UUID], rounds: Sequence[str]
    ) -> Iterable[tuple[str, str | None]]:
        """The decided lines of some doctors, and the claims of some rounds, all their lines together."""
        table = self.table.physical(writer.generation)
        cursor = writer.connection.cursor(row_factory=tuple_row)
        of_doctors = sql.SQL("SELECT DISTINCT claim, hpr FROM {} WHERE doctor = ANY(%s)").format(table)
        of_rounds = sql.SQL("SELECT DISTINCT claim, NULL::text FROM {} WHERE round = ANY(%s)").format(table)
        return [*cursor.execute(of_doctors, [doctors]).fetchall(), *cursor.execute(of_rounds, [rounds]).fetchall()]

    def _with_lines(self, writer: Writer, page: Page, rules: Mapping[str, RuleSet]) -> Iterator[tuple[str, str]]:
        """The decided claims of those municipalities where the doctors of the page have a line, with the doctors."""
        query = sql.SQL("SELECT DISTINCT claim, round FROM {}").format(self.table.physical(writer.generation))
        decided: dict[str, str] = dict(writer.connection.cursor(row_factory=tuple_row).execute(query).fetchall())
        for known in chain.from_iterable(page.touched() if decided else ()):
            with blaming(Subject("doctor", track_id(known.hpr))):
                places = {name: known.lines(rules[name]) for name in set(decided.values())}
            names = (name_of(where, each) for each, lines in places.items() for where in lines)
            yield from ((name, known.hpr) for name in names if name in decided)

    def _write(
        self, writer: Writer, page: Page, book: RuleBook, recorded: Sequence[Recorded], hprs: set[str] | None
    ) -> None:
        """Write the lines of some doctors of a claim, or (None) all that were decided, or could have been."""
        claim = claim_of(events_of(recorded))
        if claim.decided is None:
            return
        rules = book.of_round(claim.round)
        owners = sorted(of_municipality(page, claim, rules) | claim.decided.lines.keys() if hprs is None else hprs)
        lines = lines_of(page, claim, recorded, owners)
        for start in range(0, len(lines), _CHUNK):
            chunk = lines[start : start + _CHUNK]
            known = known_to(page, [track_id(line.hpr) for line in chunk])
            rows = [row for line in chunk for row in rows_of(page, line, known, (book, rules))]
            writer.replace(self.table, [key_of(claim.name, line.hpr) for line in chunk], rows)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do about a line: what it was assessed to, what it comes to now, since when, and why.

    Whose it is stands in `owners`; `owner` is the first of them. `difference` are the kroner at stake: a line that got
    less than it could, for a reason, would get no more than it got. `months` are those that are others.

    `number` is of the decision, or of the statement that is stale; `1b` is the second of the number 1. `facts` are the
    ids of the facts that caused it, `rules` the rule set where other rules did. `since` is when the first of the facts
    was stored; to a municipality it is null, and the ids are left out, where facts of others had a part.
    """

    kind: Kind
    claim: str
    municipality: str
    round: str
    hpr: str
    number: NumberName
    owner: str
    owners: list[str]
    due_on: date | None
    decided: int
    before: int | None
    after: int | None
    difference: int | None
    first_month: str | None
    months: list[str]
    facts: list[str]
    rules: list[str]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class TasksWanted:
    """Which tasks: of a claim, of a municipality, in a round, of a kind, and of them those that somebody sees."""

    claim: str | None = None
    municipality: str | None = None
    round: str | None = None
    kind: Kind | None = None
    sight: Sight = EVERYTHING


_LIST: Final = """
SELECT * FROM read.tasks WHERE kind <> 'stands' AND (line, kind) > (%(line)s, %(after_kind)s) AND {seen}
AND (%(claim)s::text IS NULL OR claim = %(claim)s)
AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s)
AND (%(round)s::text IS NULL OR round = %(round)s)
AND (%(kind)s::text IS NULL OR kind = %(kind)s) ORDER BY line, kind LIMIT %(limit)s
"""


def tasks(
    connection: Connection[Any], wanted: TasksWanted, after: tuple[str, str] | None = None, limit: int = MOST
) -> Slice[Task]:
    """The tasks in the order of their claims and lines; `after` is the line and kind of the last one seen."""
    rows = connection.cursor(row_factory=dict_row).execute(
        seeing(_LIST),
        {
            "claim": wanted.claim,
            "municipality": wanted.municipality,
            "round": wanted.round,
            "kind": wanted.kind,
            "line": after[0] if after else "",
            "after_kind": after[1] if after else "",
            "limit": limit + 1,
            **seen(wanted.sight),
        },
    )
    found = [_task(row, wanted.sight) for row in rows]
    return sliced(found, limit, lambda task: f"{key_of(task.claim, task.hpr)}/{task.kind}")


def _task(row: dict[str, Any], sight: Sight) -> Task:
    """The task; to a municipality it does not tell which facts of others made it, nor when."""
    number, hidden = row["number"], row["elsewhere"] if sight.places else ()
    shown = {name: value for name, value in row.items() if name not in {"line", "doctor", "elsewhere"}}
    read = {"number": int(number) if number.isdecimal() else number, "owner": row["owners"][0]}
    facts, since = [each for each in row["facts"] if each not in hidden], None if hidden else row["since"]
    return Task(**shown | read | {"facts": facts, "since": since})
