"""What a generation of a read model goes on without: put aside, tried again after growing pauses, taken back.

Its rows are removed, so that no stale row is shown, and a query for it says that it is set aside.
"""

import re
import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.rows import dict_row, tuple_row
from pydantic import ValidationError

from domain.values.refusals.refusal import Refused
from projections.engine.aside.books import BookFault
from projections.engine.aside.subjects import Blamed, Kind, Subject, TooMany

_COLUMN: Final = re.compile(r", column ([a-z_]+)")
_LIMITS: Final = "54"
_PUT: Final = """
INSERT INTO set_aside (projection, generation, kind, subject, name, position, error, next_try)
VALUES (%s, %s, %s, %s, %s, %s, %s, clock_timestamp() + interval '10 seconds')
ON CONFLICT (projection, generation, kind, subject) DO UPDATE
SET position = excluded.position, error = excluded.error, tries = set_aside.tries + 1,
    next_try = clock_timestamp() + least(interval '10 seconds' * 2 ^ least(set_aside.tries, 20), interval '1 hour')
RETURNING tries
"""
_SHOWN: Final = """
SELECT s.projection, s.generation, s.kind, s.name, s.position, s.error, s.since, s.tries, s.next_try
FROM set_aside s ORDER BY s.projection, s.generation, s.kind, s.name
"""


@dataclass(frozen=True, slots=True)
class Failing:
    """What failed, as people know it, where the log was, and why."""

    subject: Subject
    name: str | None
    position: int
    error: BaseException


@dataclass(frozen=True, slots=True)
class Shown:
    """A subject that is set aside, as reported; `name` is an HPR number, a claim or a rule set."""

    projection: str
    generation: int
    kind: Kind
    name: str | None
    position: int
    error: str
    since: datetime
    tries: int
    next_try: datetime


def put_aside(connection: Connection[Any], generation: tuple[str, int], one: Failing) -> bool:
    """Set something aside; whether it is the first time, and not a try that failed again."""
    given = (*generation, one.subject.kind, str(one.subject.id), one.name, one.position, reason(one.error))
    found = connection.cursor(row_factory=tuple_row).execute(_PUT, given).fetchone()
    return found == (1,)


def take_back(connection: Connection[Any], generation: tuple[str, int], subject: Subject) -> None:
    """It has its rows again."""
    connection.execute(
        "DELETE FROM set_aside WHERE projection = %s AND generation = %s AND kind = %s AND subject = %s",
        (*generation, subject.kind, str(subject.id)),
    )


def try_soon(connection: Connection[Any], projection: str) -> None:
    """Let all of a projection be tried without delay, as with a new release."""
    connection.execute("UPDATE set_aside SET next_try = clock_timestamp() WHERE projection = %s", (projection,))


def shown(connection: Connection[Any]) -> list[Shown]:
    """All that is set aside, everywhere."""
    return [Shown(**row) for row in connection.cursor(row_factory=dict_row).execute(_SHOWN)]


def reason(error: BaseException) -> str:
    """What went wrong and where, never in the words of the error, for they may quote a fact."""
    if isinstance(error, BookFault | Blamed | TooMany):
        return reason(error.__cause__ or error)
    if isinstance(error, Refused):
        because = f": {reason(error.__cause__)}" if error.__cause__ else ""
        where = f" (version {error.details['version']})" if "version" in error.details else ""
        return f"{error.code}{where}{because}"
    if isinstance(error, psycopg.Error) and error.sqlstate:
        return _of_database(error)
    if isinstance(error, ValidationError):
        return "ValidationError: " + ", ".join(each["type"] for each in error.errors(include_input=False))
    places = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(places[-1].filename).name}:{places[-1].lineno})" if places else ""
    return type(error).__name__ + place


def _of_database(error: psycopg.Error) -> str:
    diag = error.diag
    column = _COLUMN.search(diag.context or "")
    which = diag.constraint_name or diag.column_name or (column[1] if column else None)
    if (error.sqlstate or "").startswith(_LIMITS):
        return f"{type(error).__name__}: {diag.message_primary}"
    return f"{type(error).__name__} ({', '.join(filter(None, (error.sqlstate, which)))})"
