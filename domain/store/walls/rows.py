"""What each role of the database sees of rows that have a municipality."""

from collections.abc import Collection
from typing import Any, Final

from psycopg import Connection, sql

from domain.store.walls.roles import READERS, exist

_SEEN: Final = "({}) = ANY (string_to_array(current_setting('alis.sees', true), ','))"
_POLICIES: Final = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS scoped ON {table};
DROP POLICY IF EXISTS everything ON {table};
CREATE POLICY scoped ON {table} TO alis_scoped USING ({seen}) WITH CHECK ({seen});
CREATE POLICY everything ON {table} TO alis_directorate, alis_worker USING (true) WITH CHECK (true)
"""


def wall(connection: Connection[Any], table: sql.Identifier, municipality: str) -> None:
    """Let each role see of a table the rows that are its own, by an expression that gives a row's municipality.

    The owner of a table sees all of it: PostgreSQL would copy no rows into it for one who does not.
    """
    seen = sql.SQL(_SEEN.format(municipality))
    connection.execute(sql.SQL(_POLICIES).format(table=table, seen=seen))


def open_to_readers(connection: Connection[Any], model: sql.Identifier, columns: Collection[str] = ()) -> None:
    """Let the roles that read see of a read model what is theirs, where there are roles; of a view no columns are told.

    Rows that are of a doctor alone are seen by both: the service asks only for those that may be seen.
    """
    if not exist(connection):
        return
    readers = sql.SQL(", ").join(map(sql.Identifier, READERS))
    connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(model, readers))
    if "municipality" in columns:
        wall(connection, model, "municipality")
    elif "claim" in columns:
        wall(connection, model, "left(claim, 4)")
