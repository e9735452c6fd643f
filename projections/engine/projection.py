"""What a projection is: tables, and how a page of events changes their rows.

The rows follow from the events alone: no clock and no chance, so that a projection can be deleted
and rebuilt to the same rows. Each projection has generations of its tables; a view in the schema
`read` shows the one that serves.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from psycopg import Connection, sql
from psycopg.rows import tuple_row

from domain.rules.result import ENGINE_VERSION
from domain.rules.sets.rule_set import RuleSet
from projections.engine.aside.subjects import Kind
from projections.engine.log import Known, Page, in_force

Row = tuple[Any, ...]
"""The values of a row in the order of the columns, as the database gives them back: lists, not tuples."""
_LARGEST_PAGE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a read model: its columns, of which the first ones are the key, and its indexes.

    The first column says whose a row is: the rows of an owner are replaced together.
    """

    name: str
    columns: Mapping[str, str]
    keys: int
    indexes: tuple[str, ...] = ()

    @property
    def key(self) -> sql.Composed:
        """The columns that a row is known by."""
        return sql.SQL(", ").join(map(sql.Identifier, list(self.columns)[: self.keys]))

    def physical(self, generation: int) -> sql.Identifier:
        """The table of one generation."""
        return sql.Identifier("read", f"{self.name}_{generation}")

    @property
    def shown(self) -> sql.Identifier:
        """The view that shows the generation that serves."""
        return sql.Identifier("read", self.name)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes rows of one generation, in the transaction that also moves the position."""

    connection: Connection[Any]
    generation: int

    def replace(
        self, table: Table, owners: Sequence[object], rows: Sequence[Row], rounds: Sequence[str] | None = None
    ) -> None:
        """Let the owners have exactly these rows (of these rounds); a row that is there already is left alone."""
        stand = {row[: table.keys]: row for row in self._standing(table, owners, rounds)}
        new = {row[: table.keys]: row for row in rows}
        self._delete(table, [key for key, row in stand.items() if new.get(key) != row])
        self._insert(table, [row for key, row in new.items() if stand.get(key) != row])

    def remove(self, table: Table, kind: Kind, name: str) -> None:
        """Take out the rows of a doctor or a claim, where the table has any."""
        column = {"doctor": "hpr", "claim": "claim", "rules": ""}[kind]
        if column in table.columns:
            query = sql.SQL("DELETE FROM {} WHERE {} = %s").format(
                table.physical(self.generation), sql.Identifier(column)
            )
            self.connection.execute(query, (name,))

    def _standing(self, table: Table, owners: Sequence[object], rounds: Sequence[str] | None) -> list[Row]:
        owner, kind = next(iter(table.columns.items()))
        query = sql.SQL("SELECT * FROM {} WHERE {} = ANY(%s::{}[])").format(
            table.physical(self.generation), sql.Identifier(owner), sql.SQL(kind)
        )
        asked: list[object] = [list(owners)]
        if rounds is not None:
            query += sql.SQL(" AND round = ANY(%s)")
            asked.append(list(rounds))
        return self.connection.cursor(row_factory=tuple_row).execute(query, asked).fetchall()

    def _delete(self, table: Table, keys: Sequence[Row]) -> None:
        if not keys:
            return
        kinds = list(table.columns.values())[: table.keys]
        given = sql.SQL(", ").join(sql.SQL(f"%s::{kind}[]") for kind in kinds)
        query = sql.SQL("DELETE FROM {} WHERE ({}) IN (SELECT * FROM unnest({}))")
        columns = [list(column) for column in zip(*keys, strict=True)]
        self.connection.execute(query.format(table.physical(self.generation), table.key, given), columns)

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        if not rows:
            return
        with self.connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table.physical(self.generation))) as to:
            for row in rows:
                to.write_row(row)


class Projection(ABC):
    """A read model. `version` is raised when `project` would write other rows of the same events."""

    name: ClassVar[str]
    version: ClassVar[int] = 1
    table: ClassVar[Table]
    most: ClassVar[int] = _LARGEST_PAGE
    """The most events of a page: far behind, a doctor with many events in it is still computed once."""

    @abstractmethod
    def project(self, page: Page, writer: Writer) -> None:
        """Write what a page of events changes."""

    def remove(self, writer: Writer, kind: Kind, name: str) -> None:
        """Take out the rows of a doctor or a claim that is set aside."""
        writer.remove(self.table, kind, name)

    @classmethod
    def shape(cls) -> str:
        """A digest of table, version and engine: another shape needs another generation."""
        parts = (cls.version, cls.table, ENGINE_VERSION)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


class PerRound(Projection):
    """A read model whose rows are of one doctor under one rule set: the round's that is in force.

    A changed doctor is computed under all of them, and a newly published rule set for all doctors.
    Its table has the columns `hpr` and `round` first.
    """

    @abstractmethod
    def rows(self, known: Known, rules: RuleSet) -> list[Row]:
        """The rows of a doctor in the round of a rule set."""

    def project(self, page: Page, writer: Writer) -> None:
        """Write the rows of the doctors in the page; of all, where a rule set was published in it."""
        before, now = in_force(page.before), in_force(page.now)
        for doctors in page.touched():
            self._write(writer, doctors, list(now.values()))
        was = {round_id: rules.digest for round_id, rules in before.items()}
        published = [rules for round_id, rules in now.items() if was.get(round_id) != rules.digest]
        if published:
            for doctors in page.others():
                self._write(writer, doctors, published)

    def _write(self, writer: Writer, doctors: Sequence[Known], rule_sets: Sequence[RuleSet]) -> None:
        rows = [row for known in doctors for rules in rule_sets for row in self.rows(known, rules)]
        writer.replace(self.table, [known.hpr for known in doctors], rows, [rules.round.id for rules in rule_sets])
