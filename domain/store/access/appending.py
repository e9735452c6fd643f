"""One transaction appends a batch: the lock, the clock, the chain, the entries, and the counts of requests.

The lock is a statement of its own, so that the next one sees what the holder before committed. All of it goes to the
database in one round trip.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import tuple_row
from pydantic_core import to_json

from domain.store.access.entry import GENESIS, Entry

LOCK_KEY: Final = 7_301_959
"""The advisory lock that every batch holds until it is committed."""
_LOCK: Final = f"SELECT pg_advisory_xact_lock({LOCK_KEY})".encode()
_APPEND: Final = f"""
WITH head AS MATERIALIZED (
    SELECT coalesce(max(position), 0) AS position,
           coalesce((SELECT hash FROM access_log ORDER BY position DESC LIMIT 1), '\\x{GENESIS.hex()}') AS hash,
           clock_timestamp() AS moment
    FROM access_log),
new AS (
    SELECT * FROM json_to_recordset(%s::text::json) AS each (
        n integer, subject text, role text, organisation text, on_behalf_of text, operation text, doctors text[],
        municipality text, claim text, reason text, outcome text, code text, channel text, correlation_id uuid,
        content text))
INSERT INTO access_log (position, moment, subject, role, organisation, on_behalf_of, operation, doctors, municipality,
                        claim, reason, outcome, code, channel, correlation_id, hash)
SELECT head.position + n, head.moment, subject, role, organisation, on_behalf_of, operation, doctors, municipality,
       claim, reason, outcome, code, channel, correlation_id,
       chain(head.hash, decode(content, 'hex') || int8send(head.position + n)
                        || int8send((extract(epoch FROM head.moment) * 1000000)::bigint)) OVER (ORDER BY n)
FROM head CROSS JOIN new ORDER BY n
""".encode()  # noqa: S608 - our own numbers
_COUNT: Final = b"""
INSERT INTO request_counts AS kept (client, minute, count)
SELECT client, minute, count
FROM unnest(%s::text[], %s::bigint[], %s::integer[]) AS new (client, minute, count) ORDER BY client, minute
ON CONFLICT (client, minute) DO UPDATE SET count = kept.count + excluded.count
RETURNING client, minute, count
"""
_FORGET: Final = b"DELETE FROM request_counts WHERE minute < %s"
_KEPT_MINUTES: Final = 2

Counts = Mapping[tuple[str, int], int]
"""How many requests a client has made in a minute."""


def append(conn: Connection[Any], entries: Sequence[Entry], counts: Counts) -> Counts:
    """Commit entries and counts, all or nothing; gives what is counted of the same clients over all processes."""
    counted = conn.cursor(row_factory=tuple_row)
    with conn.pipeline(), conn.transaction():
        conn.execute(_LOCK)
        if entries:
            rows = [{"n": n, **entry.as_row()} for n, entry in enumerate(entries, start=1)]
            conn.execute(_APPEND, (to_json(rows).decode(),), prepare=True)
        if counts:
            clients, minutes = zip(*counts, strict=True)
            conn.execute(_FORGET, (max(minutes) - _KEPT_MINUTES,), prepare=True)
            counted.execute(_COUNT, (list(clients), list(minutes), list(counts.values())), prepare=True)
    return {(client, minute): count for client, minute, count in counted.fetchall()} if counts else {}
