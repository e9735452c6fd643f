"""The baseline of the read side: the very rows of a projection by psycopg alone, in pages of five hundred events.

A page is read, its rows are put by one upsert, and the position is moved, in one transaction. The rows are given:
nothing is decrypted, folded or computed. A row goes with its owner's last event, so that each is put once.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from psycopg import Connection, sql
from psycopg.rows import tuple_row

from domain.values.streams import track_id
from projections.engine.generations import of_name
from projections.engine.projection import Projection
from projections.engine.running import connect
from tests.benchmarks.measure import stopped

PAGE: Final = 500
_READ: Final = b"""
SELECT position, doctor, doctor_version, topic, payload, stored_at FROM events
WHERE position > %s ORDER BY position LIMIT %s
"""
_TRACK: Final = b"UPDATE raw_position SET position = %s"
Columns = list[list[str | None]]


class RawPages:
    """The rows that a projection serves now, ready to be put page by page into a table of the same shape."""

    def __init__(self, url: str, projection: type[Projection]) -> None:
        self._connection = connect(url)
        self._table = sql.Identifier(f"raw_{projection.name}")
        self._source = projection.table.physical(_serving(self._connection, projection))
        self._upsert = _upsert(projection, self._table)
        self._pages = _pages(self._connection, projection, self._source)
        self._events = sum(count for count, _ in self._pages)
        self._rows = sum(len(columns[0]) for _, columns in self._pages if columns)

    def put(self) -> float:
        """Events a second."""
        connection, pages = self._connection, self._pages
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}, raw_position").format(self._table))
        connection.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(self._table, self._source))
        connection.execute(b"CREATE TABLE raw_position AS SELECT 0::bigint AS position")
        position = 0
        with stopped() as watch:
            for count, columns in pages:
                with connection.transaction():
                    read = (
                        connection.cursor(row_factory=tuple_row)
                        .execute(_READ, (position, PAGE), prepare=True)
                        .fetchall()
                    )
                    assert len(read) == count
                    if columns:
                        connection.execute(self._upsert, columns, prepare=True)
                    position = read[-1][0]
                    connection.execute(_TRACK, (position,), prepare=True)
        self._check()
        return self._events / watch.seconds

    def close(self) -> None:
        """Leave no table behind."""
        self._connection.execute(sql.SQL("DROP TABLE IF EXISTS {}, raw_position").format(self._table))
        self._connection.close()

    def _check(self) -> None:
        query = sql.SQL("SELECT count(*) FROM {}").format(self._table)
        assert self._connection.cursor(row_factory=tuple_row).execute(query).fetchone() == (self._rows,)


def _serving(connection: Connection[Any], projection: type[Projection]) -> int:
    return next(each.generation for each in of_name(connection, projection.name) if not each.building)


def _upsert(projection: type[Projection], table: sql.Identifier) -> sql.Composed:
    """One statement of a page's rows, given column by column as text."""
    columns = projection.table.columns
    names = [sql.Identifier(name) for name in columns]
    keys, others = names[: projection.table.keys], names[projection.table.keys :]
    new = [sql.SQL("{0} = EXCLUDED.{0}").format(name) for name in others]
    done = sql.SQL("DO UPDATE SET ") + sql.SQL(", ").join(new) if new else sql.SQL("DO NOTHING")
    return sql.SQL("INSERT INTO {} SELECT {} FROM unnest({}) given ({}) ON CONFLICT ({}) {}").format(
        table,
        sql.SQL(", ").join(
            sql.SQL("{}::{}").format(n, sql.SQL(k)) for n, k in zip(names, columns.values(), strict=True)
        ),
        sql.SQL(", ").join([sql.SQL("%s::text[]")] * len(names)),
        sql.SQL(", ").join(names),
        sql.SQL(", ").join(keys),
        done,
    )


def _pages(
    connection: Connection[Any], projection: type[Projection], source: sql.Identifier
) -> list[tuple[int, Columns]]:
    """Of every page how many events it has, and its rows column by column."""
    ask = connection.cursor(row_factory=tuple_row)
    log = ask.execute(b"SELECT position, doctor FROM events ORDER BY position").fetchall()
    place = {position: number // PAGE for number, (position, _) in enumerate(log)}
    last = {doctor: place[position] for position, doctor in log}
    as_text = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in projection.table.columns)
    rows = ask.execute(sql.SQL("SELECT {} FROM {}").format(as_text, source)).fetchall()
    by_page: dict[int, list[Sequence[str | None]]] = defaultdict(list)
    for row in rows:
        by_page[_page_of(row[0], projection, place, last)].append(row)
    counts = [min(PAGE, len(log) - start) for start in range(0, len(log), PAGE)]
    return [(count, [list(c) for c in zip(*by_page[number], strict=True)]) for number, count in enumerate(counts)]


def _page_of(owner: str, projection: type[Projection], place: dict[int, int], last: dict[Any, int]) -> int:
    by_position = next(iter(projection.table.columns)) == "position"
    return place[int(owner)] if by_position else last[track_id(owner)]
