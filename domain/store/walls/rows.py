"""What each role of the database sees of rows that have a municipality."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from psycopg import Connection, sql

from domain.store.walls.roles import DIRECTORATE, READERS, WORKER, exist

_SEES: Final = "(string_to_array(current_setting('alis.sees', true), ','))"
_SEEN: Final[Mapping[str, str]] = {
    "municipality": f"municipality = ANY {_SEES}",
    "claim": f"left(claim, 4) = ANY {_SEES}",
    "place": f"place = ANY {_SEES}",
    "places": f"places && {_SEES}",
}
"""Which rows are of the municipalities that are seen, by the column that tells; the first of them that a table has."""
_NONE: Final = "false"
_POLICIES: Final = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS scoped ON {table};
DROP POLICY IF EXISTS everything ON {table};
CREATE POLICY scoped ON {table} TO alis_scoped USING ({seen}) WITH CHECK ({seen});
CREATE POLICY everything ON {table} TO {whole} USING (true) WITH CHECK (true)
"""
KEPT: Final = (DIRECTORATE, WORKER)
"""Who sees all rows of what a worker keeps."""


def wall(
    connection: Connection[Any], table: sql.Identifier, columns: Collection[str], whole: Collection[str] = KEPT
) -> None:
    """Let some roles see the whole of a table, and a municipality its own rows: none where no column tells whose.

    The owner of a table sees all of it: PostgreSQL would copy no rows into it for one who does not.
    """
    seen = next((condition for column, condition in _SEEN.items() if column in columns), _NONE)
    roles = sql.SQL(", ").join(map(sql.Identifier, whole))
    connection.execute(sql.SQL(_POLICIES).format(table=table, seen=sql.SQL(seen), whole=roles))


def open_to_readers(connection: Connection[Any], model: sql.Identifier, columns: Collection[str] = ()) -> None:
    """Let the roles that read see of a read model what is theirs, where there are roles; a view has no `columns`."""
    if not exist(connection):
        return
    readers = sql.SQL(", ").join(map(sql.Identifier, READERS))
    connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(model, readers))
    if columns:
        wall(connection, model, columns)
