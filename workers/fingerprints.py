"""What stands in every table of a database, as a number of rows and one digest: equal when every row is."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection, sql

_SAME_TEXT: Final = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL client_encoding = 'UTF8'",
)
_TABLES: Final = """
SELECT n.nspname, c.relname, coalesce(keys.columns, 't.*::text COLLATE "C"')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT string_agg(quote_ident(a.attname) || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END,
                      ', ' ORDER BY k.place) AS columns
    FROM pg_index i
    CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE i.indrelid = c.oid AND i.indisprimary) keys ON true
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many rows a table has, and the digest of all of them in the order of its key."""

    rows: int
    sha256: str


def lock_tables(connection: Connection[Any], wait: str) -> None:
    """See that no table goes away while it is read; writers are not held up."""
    connection.execute(f"SET LOCAL lock_timeout = '{wait}'".encode())
    for schema, table, _ in connection.execute(_TABLES).fetchall():
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.Identifier(schema, table)))


def fingerprints(connection: Connection[Any]) -> dict[str, Fingerprint]:
    """Every table's, in one transaction of the caller's."""
    for setting in _SAME_TEXT:
        connection.execute(setting.encode())
    found = connection.execute(_TABLES).fetchall()
    return {f"{schema}.{table}": _of(connection, schema, table, order) for schema, table, order in found}


def differing(first: Mapping[str, Fingerprint], second: Mapping[str, Fingerprint]) -> list[str]:
    """The tables that are not the same in both, or only in one."""
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def _of(connection: Connection[Any], schema: str, table: str, order: str) -> Fingerprint:
    query = sql.SQL("COPY (SELECT * FROM {} t ORDER BY {}) TO STDOUT").format(
        sql.Identifier(schema, table),
        sql.SQL(order),  # quoted by the database
    )
    digest, rows = hashlib.sha256(), 0
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for row in copy:
            digest.update(row)
            rows += 1
    return Fingerprint(rows, digest.hexdigest())
