"""The access log: that each entry is as it was written, and in its place."""

from collections.abc import Iterator
from typing import Any, Final

from psycopg import Connection

from domain.casework.verifying.findings import LogFinding
from domain.store.access.forgetting import all_links
from domain.store.access.reading import broken
from domain.values import words

_MADE: Final = "SELECT to_regclass('public.access_log') IS NOT NULL"


def access_findings(connection: Connection[Any]) -> Iterator[LogFinding]:
    """Every entry that is missing or another than it was, by its number; nothing if the table is not made yet."""
    if connection.execute(_MADE).fetchall() != [(True,)]:
        return
    for position, entry in broken(all_links(connection)):
        if entry is None:
            yield LogFinding("access-missing", f"Oppslag {position} i innsynsloggen mangler.")
        else:
            when = words.moment(entry.moment)
            yield LogFinding(
                "access-changed", f"Oppslag {position} i innsynsloggen, {when}, er ikke slik det ble ført."
            )
