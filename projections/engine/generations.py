"""Generations of a projection's table: made, shown, compared, swapped, dropped.

The row of a generation in `projections` is its lease: only the process that locks it advances the generation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from psycopg import Connection, sql
from psycopg.rows import dict_row

from domain.store.walls.rows import open_to_readers
from projections.engine.aside.subjects import NOTHING_ASIDE, Aside, Subject
from projections.engine.projection import Projection, Table

_LOCK: Final = 7_301_957
"""The advisory lock under which generations begin."""
_WAIT: Final = "5s"
"""So long a swap waits for those who read; then it gives up, and is tried again."""
_COLUMNS: Final = """name, generation, shape, status, position, poison, error,
(SELECT json_agg(json_build_array(kind, subject, next_try <= clock_timestamp()) ORDER BY next_try) FROM set_aside
 WHERE projection = projections.name AND set_aside.generation = projections.generation) AS aside"""


@dataclass(frozen=True, slots=True)
class Registered:
    """Where a generation of a projection is. `status` is live, building, or stopped (live, but at a poison)."""

    name: str
    generation: int
    shape: str
    status: str
    position: int
    poison: int | None
    error: str | None
    aside: Aside = NOTHING_ASIDE
    due: tuple[Subject, ...] = ()
    """Those set aside that are to be tried again now."""

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """As the database has it."""
        found = [(Subject.named(kind, name), is_due) for kind, name, is_due in row.pop("aside") or ()]
        aside = NOTHING_ASIDE.and_these(subject for subject, _ in found) if found else NOTHING_ASIDE
        return cls(**row, aside=aside, due=tuple(subject for subject, is_due in found if is_due))

    @property
    def building(self) -> bool:
        """Whether it is not shown yet."""
        return self.status == "building"


def of_name(connection: Connection[Any], name: str, *, lock: bool = False) -> list[Registered]:
    """The generations of one projection; locked, none of them moves before the transaction ends."""
    return _ask(connection, f"WHERE name = %s ORDER BY generation {'FOR UPDATE' if lock else ''}", name)


def hold(connection: Connection[Any], name: str, generation: int) -> Registered | None:
    """Take a generation for this transaction; None where another worker has it, or it is gone."""
    found = _ask(connection, "WHERE name = %s AND generation = %s FOR UPDATE SKIP LOCKED", name, generation)
    return found[0] if found else None


def install(connection: Connection[Any], projections: Sequence[type[Projection]]) -> None:
    """See that every projection has a generation that serves, or one under way where the shape is new."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        for projection in projections:
            mine = of_name(connection, projection.name)
            if any(each.shape == projection.shape() for each in mine):
                continue
            generation = begin(connection, projection, "building" if mine else "live")
            if not mine:
                _show(connection, projection, generation)


def begin(connection: Connection[Any], projection: type[Projection], status: str = "building") -> int:
    """Make the empty table of a new generation; gives its number."""
    table = projection.table
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        generation = 1 + max((each.generation for each in of_name(connection, projection.name)), default=0)
        connection.execute(_create(table, generation))
        for number, columns in enumerate(table.indexes):
            name = sql.Identifier(f"{table.name}_{generation}_by_{number}")
            made = sql.SQL("CREATE INDEX {} ON {} ({})").format(name, table.physical(generation), sql.SQL(columns))
            connection.execute(made)
        connection.execute(
            "INSERT INTO projections (name, generation, shape, status) VALUES (%s, %s, %s, %s)",
            (projection.name, generation, projection.shape(), status),
        )
        open_to_readers(connection, table.physical(generation), table.columns)
    return generation


def swap(connection: Connection[Any], projection: type[Projection], new: int) -> None:
    """Let a built generation serve, and drop all others; the caller holds their rows."""
    connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(_WAIT)))
    _show(connection, projection, new)
    for each in of_name(connection, projection.name):
        if each.generation != new:
            drop(connection, projection, each.generation)
    connection.execute(
        "UPDATE projections SET status = 'live', poison = NULL, error = NULL WHERE name = %s AND generation = %s",
        (projection.name, new),
    )


def drop(connection: Connection[Any], projection: type[Projection], generation: int) -> None:
    """Remove a generation that no view shows."""
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(projection.table.physical(generation)))
    connection.execute("DELETE FROM projections WHERE name = %s AND generation = %s", (projection.name, generation))


def differences(connection: Connection[Any], projection: type[Projection], one: int, other: int) -> int:
    """How many rows stand in only one of two generations."""
    query = sql.SQL(
        "SELECT count(*) AS rows FROM ((TABLE {a} EXCEPT TABLE {b}) UNION ALL (TABLE {b} EXCEPT TABLE {a})) d"
    ).format(a=projection.table.physical(one), b=projection.table.physical(other))
    found = connection.cursor(row_factory=dict_row).execute(query).fetchone()
    return int(found["rows"]) if found else 0


def _ask(connection: Connection[Any], which: str, *asked: object) -> list[Registered]:
    query = f"SELECT {_COLUMNS} FROM projections {which}"  # noqa: S608 - our own words
    return [Registered.of(row) for row in connection.cursor(row_factory=dict_row).execute(query.encode(), asked)]


def _show(connection: Connection[Any], projection: type[Projection], generation: int) -> None:
    table = projection.table
    connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(table.shown))
    made = sql.SQL("CREATE VIEW {} WITH (security_invoker) AS SELECT * FROM {}")
    connection.execute(made.format(table.shown, table.physical(generation)))
    open_to_readers(connection, table.shown)


def _create(table: Table, generation: int) -> sql.Composed:
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in table.columns.items()
    )
    return sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}))").format(table.physical(generation), columns, table.key)
