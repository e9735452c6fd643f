"""Old entries of the access log go, and their hashes stay: the chain is gone through over both.

What stays of an entry is its position, its moment, the digest of what stood in it, and its hash. Nobody can guess the
content from the digest, for a random id stands in it.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import dict_row

from domain.store.access.entry import GENESIS, Leaf, Link
from domain.store.access.reading import SELECT, all_entries, broken, stored
from domain.values.refusals.refusal import refused

MOST: Final = 500
"""So many go in one transaction, during which no new entry is written."""
_LOCK_KEY: Final = 7_301_960
_LOCK: Final = f"SELECT pg_advisory_xact_lock({_LOCK_KEY})".encode()
_LAST: Final = b"SELECT position, hash FROM access_log_leaves ORDER BY position DESC LIMIT 1"
_OLD: Final = f"""{SELECT}
WHERE position < (SELECT min(position) FROM access_log WHERE moment >= clock_timestamp() - make_interval(years => %s))
ORDER BY position LIMIT %s
""".encode()  # noqa: S608 - our own names
_KEEP: Final = b"""
INSERT INTO access_log_leaves (position, moment, content, hash)
SELECT position, moment, each.content, hash
FROM unnest(%s::bigint[], %s::bytea[]) AS each (position, content) JOIN access_log USING (position)
"""
_OPEN: Final = b"ALTER TABLE access_log DISABLE TRIGGER access_log_is_for_ever"
_CLOSE: Final = b"ALTER TABLE access_log ENABLE TRIGGER access_log_is_for_ever"
_GO: Final = b"DELETE FROM access_log WHERE position <= %s"
_MADE: Final = b"SELECT to_regclass('public.access_log_leaves') IS NOT NULL AS made"


def forget(connection: Connection[Any], years: int) -> int:
    """Let the oldest entries go that are older than some years; gives how many, at most `MOST`.

    Raises `Refused` (chain-broken) where one of them is not as it was written: then all stay. The guard against
    deleting is off within this transaction and in no other.
    """
    rows = connection.cursor(row_factory=dict_row)
    with connection.transaction():
        connection.execute(_LOCK)
        last = rows.execute(_LAST).fetchone()
        after = (last["position"], bytes(last["hash"])) if last else (0, GENESIS)
        old = [stored(row) for row in rows.execute(_OLD, (years, MOST))]
        if any(broken(iter(old), *after)):
            raise refused("chain-broken")
        if old:
            positions = [each.position for each in old]
            connection.execute(_KEEP, (positions, [each.entry.content() for each in old]))
            connection.execute(_OPEN)
            connection.execute(_GO, (positions[-1],))
            connection.execute(_CLOSE)
    return len(old)


def all_links(connection: Connection[Any]) -> Iterator[Link]:
    """The whole chain: what stayed of the entries that went, and the others.

    The entries are asked for first, so that none is missed that goes meanwhile; what is seen twice is taken once.
    """
    entries = all_entries(connection)
    first = next(entries, None)
    with closing(_leaves(connection)) as leaves:
        yield from (each for each in leaves if first is None or each.position < first.position)
    if first:
        yield first
        yield from entries


def _leaves(connection: Connection[Any]) -> Generator[Leaf]:
    rows = connection.cursor(row_factory=dict_row)
    if rows.execute(_MADE).fetchall() != [{"made": True}]:
        return
    with connection.transaction(), connection.cursor(name="leaves", row_factory=dict_row) as cursor:
        for row in cursor.execute(b"SELECT position, moment, content, hash FROM access_log_leaves ORDER BY position"):
            yield Leaf(row["position"], row["moment"], bytes(row["content"]), bytes(row["hash"]))
