"""Supervisors: who guides whom in which municipality, from day to day, and the hours held and confirmed.

FAFO 4.3 and 5: small municipalities need supervisors from elsewhere, so it must be seen who guides over their borders.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, Final

from psycopg import Connection
from psycopg.rows import dict_row, tuple_row

from domain.casework.access.sight import EVERYTHING, Sight
from domain.doctor.track.guidance import is_confirmed
from domain.doctor.track.state import Session, SpecialisationTrack, Supervision
from domain.rulebook.rulebook import RuleBook
from domain.values.days.calendar import FOREVER, Days, days_of, merged
from domain.values.refusals.refusal import Refused, refused
from projections.engine.log import Known, Page
from projections.engine.paging import MOST, Slice, seeing, seen, sliced
from projections.engine.projection import Projection, Row, Table, Writer

_SUPERVISORS: Final = """
SELECT supervisor FROM read.supervisors
WHERE (supervisor::integer, supervisor) > (%(after)s::integer, %(after_text)s)
AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s) AND {seen}
AND EXISTS (SELECT FROM unnest(first_days, last_days) AS run (first, last)
            WHERE run.first <= %(day)s AND (run.last IS NULL OR %(day)s <= run.last))
GROUP BY supervisor HAVING NOT %(across)s OR count(DISTINCT municipality) > 1
ORDER BY supervisor::integer, supervisor LIMIT %(limit)s
"""
_GUIDED: Final = """
SELECT supervisor, municipality, hpr, run.first AS first_day, run.last AS last_day, approved, sessions, hours, confirmed
FROM read.supervisors, unnest(first_days, last_days) AS run (first, last)
WHERE supervisor = ANY(%(supervisors)s) AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s)
AND {seen} AND run.first <= %(day)s AND (run.last IS NULL OR %(day)s <= run.last)
ORDER BY municipality, hpr::integer, hpr
"""
_GUIDES: Final = """
SELECT supervisor, count(DISTINCT hpr) FROM read.supervisors, unnest(first_days, last_days) AS run (first, last)
WHERE run.first <= %(day)s AND (run.last IS NULL OR %(day)s <= run.last) GROUP BY supervisor
"""
Pair = tuple[str, str]
"""A supervisor, and a municipality under its code of today."""


class Supervisors(Projection):
    """A row for each doctor, supervisor and municipality: the days as supervisor, and the sessions of guidance."""

    name: ClassVar[str] = "supervisors"
    table: ClassVar[Table] = Table(
        "supervisors",
        {
            "hpr": "text",
            "supervisor": "text",
            "municipality": "text",
            "first_days": "date[]",
            "last_days": "date[]",
            "approved": "boolean",
            "sessions": "integer",
            "hours": "numeric",
            "confirmed": "numeric",
        },
        keys=3,
        indexes=("supervisor", "municipality"),
    )

    def project(self, page: Page, writer: Writer) -> None:
        """Write the rows of the doctors in the page; of all, where a list of municipalities was adopted in it."""
        for doctors in page.touched():
            self._write(writer, doctors, page.now)
        if page.before.lists.keys() != page.now.lists.keys():
            for doctors in page.others():
                self._write(writer, doctors, page.now)

    def _write(self, writer: Writer, doctors: Sequence[Known], book: RuleBook) -> None:
        rows = [row for known in doctors for row in _rows(known, partial(current_code, book))]
        writer.replace(self.table, [known.hpr for known in doctors], rows)


def current_code(book: RuleBook, code: str) -> str:
    """The code of today for a code, by the list adopted last that knows it; raises `Refused` (unknown-municipality)."""
    for each in reversed([*book.lists.values()]):
        with suppress(Refused):
            return each.current(code)
    raise refused("unknown-municipality", municipality=code)


def _rows(known: Known, current: Callable[[str], str]) -> Iterator[Row]:
    track = known.doctor.track
    runs, approved, sessions = defaultdict[Pair, list[Days]](list), set[Pair](), defaultdict[Pair, list[Session]](list)
    for supervision in track.supervisions:
        for where, days in _places(supervision, track):
            pair = (supervision.supervisor, current(where))
            runs[pair].append(days)
            if supervision.approved:
                approved.add(pair)
    for session in track.sessions.values():
        sessions[session.supervisor, current(session.municipality)].append(session)
    for pair in sorted(runs.keys() | sessions.keys()):
        yield (known.hpr, *pair, *_days(runs[pair]), pair in approved, *_held(sessions[pair]))


def _places(supervision: Supervision, track: SpecialisationTrack) -> Iterator[tuple[str, Days]]:
    """Where a supervisor guides from when to when: in the municipality named, or else where a post is held."""
    first, last = days_of(supervision)
    if supervision.municipality is not None:
        yield supervision.municipality, (first, last)
        return
    for post in track.positions.values():
        begins, ends = days_of(post)
        if begins <= last and first <= ends:
            yield post.municipality, (max(first, begins), min(last, ends))


def _days(runs: list[Days]) -> tuple[list[date], list[date | None]]:
    """First and last days of the unbroken runs; no last day where it still runs."""
    whole = merged(runs)
    firsts = [date.fromordinal(first) for first, _ in whole]
    return firsts, [None if last == FOREVER else date.fromordinal(last) for _, last in whole]


def _held(sessions: list[Session]) -> tuple[int, Decimal, Decimal]:
    confirmed = [session.hours for session in sessions if is_confirmed(session)]
    return len(sessions), sum((each.hours for each in sessions), Decimal(0)), sum(confirmed, Decimal(0))


@dataclass(frozen=True, slots=True)
class Guided:
    """A doctor whom a supervisor guides on the day asked about, since when and until when.

    Sessions and hours are all that are known in the municipality; `confirmed` are the hours that both confirmed.
    """

    hpr: str
    first_day: date
    last_day: date | None
    approved: bool
    sessions: int
    hours: Decimal
    confirmed: Decimal


@dataclass(frozen=True, slots=True)
class GuidedIn:
    """The doctors whom a supervisor guides in one municipality."""

    municipality: str
    doctors: list[Guided]


@dataclass(frozen=True, slots=True)
class Supervisor:
    """A supervisor with the municipalities where he or she guides on a day."""

    supervisor: str
    municipalities: list[GuidedIn]


@dataclass(frozen=True, slots=True)
class SupervisorsAsked:
    """Which supervisors: those who guide on a day, in a municipality, or in more than one (`across`).

    Of them and those whom they guide, what somebody sees.
    """

    day: date
    municipality: str | None = None
    across: bool = False
    sight: Sight = EVERYTHING


def supervisors(
    connection: Connection[Any], asked: SupervisorsAsked, after: str | None = None, limit: int = MOST
) -> Slice[Supervisor]:
    """Supervisors in the order of the HPR number as a number."""
    values = {
        "day": asked.day,
        "municipality": asked.municipality,
        "across": asked.across,
        "after": after or "-1",
        "after_text": after or "",
        "limit": limit + 1,
        **seen(asked.sight),
    }
    found = [each for (each,) in connection.cursor(row_factory=tuple_row).execute(seeing(_SUPERVISORS), values)]
    some = sliced(found, limit, str)
    rows = (
        connection.cursor(row_factory=dict_row)
        .execute(seeing(_GUIDED), {**values, "supervisors": some.items})
        .fetchall()
    )
    places: dict[str, dict[str, list[Guided]]] = {name: {} for name in some.items}
    for row in rows:
        name, where = row.pop("supervisor"), row.pop("municipality")
        places[name].setdefault(where, []).append(Guided(**row))
    return Slice([Supervisor(name, _listed(found)) for name, found in places.items()], some.after)


def _listed(found: dict[str, list[Guided]]) -> list[GuidedIn]:
    return [GuidedIn(where, doctors) for where, doctors in found.items()]


def guides_on(connection: Connection[Any], day: date) -> dict[str, int]:
    """How many doctors each supervisor guides on a day, wherever they are."""
    return dict(connection.cursor(row_factory=tuple_row).execute(_GUIDES, {"day": day}).fetchall())
