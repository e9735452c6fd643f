"""The tables that a backup keeps: their rows as text, in the order of their keys, with digests."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection, sql

NOT_KEPT: Final = frozenset(
    {"schema_migrations", "projections", "set_aside", "workers", "request_counts", "sessions", "sign_ins"}
)
"""Tables that are made again: by the release's own steps, by workers (with the schema `read`), and by browsers."""
_SAME_TEXT: Final = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL client_encoding = 'UTF8'",
)
_TABLES: Final = """
SELECT c.relname, keys.columns,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT string_agg(quote_ident(a.attname) || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END,
                      ', ' ORDER BY k.place) AS columns
    FROM pg_index i
    CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE i.indrelid = c.oid AND i.indisprimary) keys ON true
WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname <> ALL(%s)
  AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')
ORDER BY c.relname COLLATE "C"
"""
Keep = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Kept:
    """A table that a backup keeps: its columns, and the order of its rows."""

    name: str
    columns: tuple[str, ...]
    order: str

    @property
    def known_as(self) -> str:
        """As a manifest names it."""
        return f"public.{self.name}"

    def into(self) -> sql.Composed:
        """What takes rows in: data, and nothing that could do anything else."""
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier("public", self.name), names)

    def out(self) -> sql.Composed:
        """What gives the rows in order."""
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        table = sql.Identifier("public", self.name)
        return sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(names, table, sql.SQL(self.order))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many rows a table has, and the digest of all of them in the order of its key."""

    rows: int
    sha256: str


def same_text(connection: Connection[Any]) -> None:
    """Let every value be written and read in one way, in the transaction of the caller."""
    for setting in _SAME_TEXT:
        connection.execute(setting.encode())


def kept_tables(connection: Connection[Any]) -> list[Kept]:
    """The tables that a backup keeps."""
    found = connection.execute(_TABLES, (sorted(NOT_KEPT),)).fetchall()
    return [Kept(name, tuple(columns), order) for name, order, columns in found]


def lock_tables(connection: Connection[Any], wait: str) -> None:
    """See that no table goes away while it is read; writers are not held up."""
    connection.execute(f"SET LOCAL lock_timeout = '{wait}'".encode())
    for table in kept_tables(connection):
        name = sql.Identifier("public", table.name)
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(name))


def read_out(connection: Connection[Any], table: Kept, keep: Keep = lambda _: None) -> Fingerprint:
    """The rows of a table, each given to `keep`."""
    digest, rows = hashlib.sha256(), 0
    with connection.cursor() as cursor, cursor.copy(table.out()) as copy:
        for row in copy:
            digest.update(row)
            keep(bytes(row))
            rows += 1
    return Fingerprint(rows, digest.hexdigest())


def fingerprints(connection: Connection[Any]) -> dict[str, Fingerprint]:
    """Those of every table that is kept, in one transaction of the caller's."""
    same_text(connection)
    return {table.known_as: read_out(connection, table) for table in kept_tables(connection)}


def differing(first: Mapping[str, Fingerprint], second: Mapping[str, Fingerprint]) -> list[str]:
    """The tables that are not the same in both, or only in one."""
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
