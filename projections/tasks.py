"""Tasks: decided lines that come to something else now, and signed lines that are stale.

Every decided line has a row, so that whose claims a doctor stands in is known; those that nothing has become of are no
task. A task is there as long as it holds: it goes with a new decision, a new statement, or a correction back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import dict_row, tuple_row

from domain.casework.store import Recorded
from domain.claim.effect import AffectedLine
from domain.claim.events import ClaimEvent
from domain.claim.name import parts_of
from domain.claim.numbering import Name
from domain.claim.state import claim_of
from domain.rulebook import RuleBook
from domain.rules.calendar import text_of
from domain.rules.rule_set import RuleSet
from domain.streams import claim_id, track_id
from projections.log import Known, Page, in_force
from projections.paging import MOST, Slice, sliced
from projections.projection import Projection, Row, Table, Writer
from projections.subjects import Kind as SubjectKind
from projections.subjects import Subject, blaming
from projections.task_lines import DecidedLine, Seen, decided_lines

Kind = Literal["changed_after_decision", "attestation_stale"]
KINDS: Final[tuple[Kind, ...]] = ("changed_after_decision", "attestation_stale")
_STANDS: Final = "stands"
_CHANGED: Final = KINDS[0]
_STALE: Final = KINDS[1]
_OWNERS: Final[Mapping[str, str]] = {_CHANGED: "caseworker", _STALE: "revisor"}
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
            "owner": "text",
            "due_on": "date",
            "decided": "integer",
            "before": "integer",
            "after": "integer",
            "first_month": "text",
            "facts": "text[]",
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
        for name, hpr in self._standing(writer, list(page.doctors), rounds):
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
            writer.connection.execute(query.format(self.table.physical(writer.generation)), (name, _STANDS))
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

    def _write(
        self, writer: Writer, page: Page, book: RuleBook, recorded: Sequence[Recorded], hprs: set[str] | None
    ) -> None:
        """Write some lines of a claim, or (None) all that were ever decided."""
        events = [each.event for each in recorded if isinstance(each.event, ClaimEvent)]
        claim = claim_of(events)
        ever = {hpr for decision in claim.decisions for hpr in decision.lines}
        owners = sorted(ever if hprs is None else ever & hprs)
        if not owners:
            return
        lines, rules = decided_lines(claim, events, owners), book.of_round(claim.round)
        for start in range(0, len(lines), _CHUNK):
            chunk = lines[start : start + _CHUNK]
            known = _known(page, [track_id(line.hpr) for line in chunk])
            rows = [row for line in chunk for row in _tried(page, line, known, (book, rules))]
            writer.replace(self.table, [_key(claim.name, line.hpr) for line in chunk], rows)
        gone = set(owners) - {line.hpr for line in lines}
        writer.replace(self.table, [_key(claim.name, hpr) for hpr in sorted(gone)], [])


def _known(page: Page, doctors: Iterable[UUID]) -> dict[str, Known]:
    """The doctors as known at the end of a page; raises `Blamed` for one that cannot be read."""
    wanted = [doctor for doctor in doctors if doctor not in page.aside.doctors]
    versions = page.log.versions(page.last, wanted)
    try:
        return {known.hpr: known for known in page.log.known(versions, page.last)}
    except Exception:
        for doctor, version in versions.items():
            with blaming(Subject("doctor", doctor)):
                page.log.known({doctor: version}, page.last)
        raise


def _tried(page: Page, line: DecidedLine, known: Mapping[str, Known], under: tuple[RuleBook, RuleSet]) -> list[Row]:
    """The rows of a line; of a doctor who is set aside only that the line stands. Raises `Blamed`."""
    doctor, seen = track_id(line.hpr), Seen(known.get(line.hpr), *under)
    if doctor in page.aside.doctors:
        return [_row(line, _STANDS, line.decision.number, None, seen)]
    with blaming(Subject("doctor", doctor)):
        return list(_rows(line, seen))


def _rows(line: DecidedLine, seen: Seen) -> Iterator[Row]:
    """The row of the line, and one for each task."""
    yield _row(line, _STANDS, line.decision.name, None, seen)
    changed = line.changed(seen)
    if changed is not None:
        yield _row(line, _CHANGED, line.decision.name, changed, seen)
    if line.statement is not None and (stale := line.stale(seen)) is not None:
        yield _row(line, _STALE, line.statement.statement, stale, seen)


def _row(line: DecidedLine, kind: str, number: Name, found: AffectedLine | None, seen: Seen) -> Row:
    first = found.first_month if found else None
    facts = list(found.facts) if found else []
    return (
        _key(line.claim.name, line.hpr),
        kind,
        line.claim.name,
        line.claim.municipality,
        line.claim.round,
        line.hpr,
        track_id(line.hpr),
        str(number),
        _OWNERS.get(kind),
        seen.rules.round.report_due if kind == _STALE else None,
        line.decision.lines[line.hpr].kroner,
        found.before.amount if found else None,
        found.after.amount if found else None,
        None if first is None else text_of(first),
        facts,
        [seen.rules.id] if found and any(cause.parameters for cause in found.causes) else [],
        seen.first_stored(facts),
    )


def _key(claim: str, hpr: str) -> str:
    return f"{claim}/{hpr}"


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do about a line: what it was assessed to, what it comes to now, since when, and why.

    `number` is of the decision, or of the statement that is stale; `1b` is the second of the number 1. `facts` are the
    ids of the facts that caused it, `rules` the rule set where other rules did. `since` is when the first of the facts
    was stored.
    """

    kind: Kind
    claim: str
    municipality: str
    round: str
    hpr: str
    number: Name
    owner: str
    due_on: date | None
    decided: int
    before: int | None
    after: int | None
    difference: int | None
    first_month: str | None
    facts: list[str]
    rules: list[str]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks: of a claim, of a municipality, in a round, of a kind."""

    claim: str | None = None
    municipality: str | None = None
    round: str | None = None
    kind: Kind | None = None


def tasks(
    connection: Connection[Any], wanted: Wanted, after: tuple[str, str] | None = None, limit: int = MOST
) -> Slice[Task]:
    """The tasks in the order of their claims and lines; `after` is the line and kind of the last one seen."""
    rows = connection.cursor(row_factory=dict_row).execute(
        "SELECT *, after - before AS difference FROM read.tasks WHERE kind <> 'stands'"
        " AND (line, kind) > (%(line)s, %(after_kind)s)"
        " AND (%(claim)s::text IS NULL OR claim = %(claim)s)"
        " AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s)"
        " AND (%(round)s::text IS NULL OR round = %(round)s)"
        " AND (%(kind)s::text IS NULL OR kind = %(kind)s) ORDER BY line, kind LIMIT %(limit)s",
        {
            "claim": wanted.claim,
            "municipality": wanted.municipality,
            "round": wanted.round,
            "kind": wanted.kind,
            "line": after[0] if after else "",
            "after_kind": after[1] if after else "",
            "limit": limit + 1,
        },
    )
    found = [_task(row) for row in rows]
    return sliced(found, limit, lambda task: f"{_key(task.claim, task.hpr)}/{task.kind}")


def _task(row: dict[str, Any]) -> Task:
    number = row["number"]
    shown = {name: value for name, value in row.items() if name not in {"line", "doctor"}}
    return Task(**shown | {"number": int(number) if number.isdecimal() else number})
