"""Entries out of the access log."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import dict_row

from domain.store.access.entry import COLUMNS, GENESIS, Entry, Link, StoredEntry

SELECT: Final = f"SELECT position, moment, hash, {', '.join(COLUMNS)} FROM access_log "  # noqa: S608 - our own names


def all_entries(connection: Connection[Any]) -> Iterator[StoredEntry]:
    """Every entry in order, without holding them all."""
    with connection.transaction(), connection.cursor(name="access_log", row_factory=dict_row) as cursor:
        for row in cursor.execute(f"{SELECT}ORDER BY position".encode()):
            yield stored(row)


def of_doctor(connection: Connection[Any], hpr: str) -> list[StoredEntry]:
    """The reads in whose answers a doctor was, in order."""
    rows = connection.cursor(row_factory=dict_row).execute(f"{SELECT}WHERE doctors @> %s ORDER BY position", [[hpr]])
    return [stored(row) for row in rows]


def broken(links: Iterator[Link], position: int = 0, before: bytes = GENESIS) -> Iterator[tuple[int, Link | None]]:
    """The positions that are missing, and the entries that are not as they were written, after a position and its hash.

    After a break it goes on from what is stored, so that each break is found.
    """
    for each in links:
        yield from ((gone, None) for gone in range(position + 1, each.position))
        if each.position == position + 1 and each.hash_after(before) != each.hash:
            yield each.position, each
        position, before = each.position, each.hash


def stored(row: Mapping[str, Any]) -> StoredEntry:
    """An entry of a row that `SELECT` gave."""
    entry = {name: row[name] for name in COLUMNS} | {"doctors": tuple(row["doctors"])}
    return StoredEntry(position=row["position"], moment=row["moment"], entry=Entry(**entry), hash=bytes(row["hash"]))
