"""Who read what, the newest first, as far as somebody sees.

The log itself is asked: it is written before an answer is sent, so nothing of it comes later. A municipality sees the
entries of its own cases: reads by those who act for it, and reads of its cases by others. Of a doctor's facts, read by
somebody who acts for no municipality and asked about none, it is told nothing: they may be about what the doctor does
elsewhere. A doctor sees every entry that names them, and of those in it only themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import dict_row

from domain.casework.access.sight import Sight
from domain.store import StoredEntry
from domain.store.access.reading import SELECT, stored
from domain.values.norwegian_time import norwegian_midnight
from projections.engine.paging import Slice

_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
KEY: Final = r"[0-9]{1,19}\.[0-9]{1,9}"
"""A cursor: the moment of the last entry in microseconds, and how many of that moment were seen. No position, which
would tell how much others do."""


@dataclass(frozen=True, slots=True)
class AccessAsked:
    """Which entries: of this doctor, from and to these days in Norway, by somebody in this role."""

    doctor: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    role: str | None = None


def accesses(
    connection: Connection[Any], asked: AccessAsked, sight: Sight, after: str | None = None, limit: int = 100
) -> Slice[StoredEntry]:
    """Some of the entries, after those that were seen already."""
    if sight.doctor is not None and asked.doctor not in {None, sight.doctor}:
        return Slice([], None)
    until, seen = _after(after)
    conditions = _conditions(asked, sight, until)
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    query = f"{SELECT}{where}ORDER BY moment DESC, position DESC OFFSET %s LIMIT %s".encode()
    cursor = connection.cursor(row_factory=dict_row)
    found = [stored(row) for row in cursor.execute(query, [*conditions.values(), seen, limit + 1])]
    items = found[:limit]
    return Slice([_shown(each, sight) for each in items], _following(items, until, seen) if found[limit:] else None)


def _conditions(asked: AccessAsked, sight: Sight, until: datetime | None) -> dict[str, object]:
    """What is asked for and may be seen, as SQL with a place for each value."""
    doctor = asked.doctor if sight.doctor is None else sight.doctor
    places = sorted(sight.places or ()) if sight.doctor is None and not sight.whole else None
    last = asked.last_day and norwegian_midnight(asked.last_day + timedelta(days=1))
    wanted = {
        "doctors @> %s": None if doctor is None else [doctor],
        "municipality = ANY(%s)": places,
        "moment >= %s": asked.first_day and norwegian_midnight(asked.first_day),
        "moment < %s": last,
        "role = %s": asked.role,
        "moment <= %s": until,
    }
    return {condition: value for condition, value in wanted.items() if value is not None}


def _shown(entry: StoredEntry, sight: Sight) -> StoredEntry:
    """Of the doctors in an entry, a doctor sees only that they are one."""
    if sight.doctor is None:
        return entry
    return replace(entry, entry=replace(entry.entry, doctors=(sight.doctor,)))


def _after(key: str | None) -> tuple[datetime | None, int]:
    if key is None:
        return None, 0
    moment, _, seen = key.partition(".")
    return _EPOCH + int(moment) * _MICROSECOND, int(seen)


def _following(items: Sequence[StoredEntry], until: datetime | None, seen: int) -> str:
    last = items[-1].moment
    same = sum(1 for _ in takewhile(lambda each: each.moment == last, reversed(items)))
    return f"{(last - _EPOCH) // _MICROSECOND}.{same + (seen if last == until else 0)}"
