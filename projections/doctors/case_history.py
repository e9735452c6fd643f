"""Case history: one Norwegian sentence for each event of a doctor.

Rows hold nothing personal: no leave kind, no names, no free text. A sentence says what was recorded
then; `standing` says whether it still holds.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal

from psycopg import Connection
from psycopg.rows import dict_row

from domain.doctor.facts.facts import BY_TYPE, FactCorrected
from domain.rulebook.rulebook import RuleBook
from domain.store import LoggedFact, Recorded
from projections.doctors.telling.places import Places
from projections.doctors.telling.teller import Teller
from projections.engine.log import Known, Page
from projections.engine.paging import MOST, Slice, sliced
from projections.engine.projection import Projection, Row, Table, Writer

Standing = Literal["stands", "corrected", "withdrawn"]
_TYPES: Final = {cls: name for name, cls in BY_TYPE.items()}


class CaseHistory(Projection):
    """The events of all doctors as sentences."""

    name: ClassVar[str] = "case_history"
    version: ClassVar[int] = 2
    table: ClassVar[Table] = Table(
        "case_history",
        {
            "position": "bigint",
            "hpr": "text",
            "fact": "text",
            "type": "text",
            "day": "date",
            "known_at": "timestamptz",
            "stored_at": "timestamptz",
            "recorded_by": "text",
            "municipalities": "text[]",
            "corrects": "text",
            "standing": "text",
            "sentence": "text",
        },
        keys=1,
        indexes=("hpr, position",),
    )

    def project(self, page: Page, writer: Writer) -> None:
        """Tell the events of the page, and mark those that they correct; all, where names became known in it."""
        before, now = page.before, page.now
        renamed, places = before.lists.keys() != now.lists.keys(), Places(now)
        whole = renamed or page.is_part
        for doctors in page.touched():
            wanted = ((known, self._new(known, page, all_of=whole)) for known in doctors)
            rows = [row for known, new in wanted for row in _rows(known.hpr, known.logged, new, places)]
            writer.replace(self.table, [row[0] for row in rows], rows)
        if renamed:
            for doctors in page.others():
                rows = [row for known in doctors for row in _rows(known.hpr, known.logged, None, places)]
                writer.replace(self.table, [row[0] for row in rows], rows)

    def _new(self, known: Known, page: Page, *, all_of: bool) -> set[str] | None:
        """The facts of the page, and those that they correct; None for every one."""
        if all_of:
            return None
        facts = [each.fact for each in known.logged if each.position > page.after]
        return {fact.id for fact in facts} | {fact.corrects for fact in facts if isinstance(fact, FactCorrected)}


def _rows(hpr: str, logged: Sequence[LoggedFact], wanted: Collection[str] | None, places: Places) -> Iterator[Row]:
    teller, standing = Teller(places), _standing(logged)
    for each in logged:
        fact = each.fact
        if wanted is None or fact.id in wanted:
            told = teller.tell(fact)
            yield (
                each.position,
                hpr,
                fact.id,
                _TYPES[type(fact)],
                told.day,
                fact.recorded_at,
                each.stored_at,
                fact.recorded_by,
                list(told.municipalities),
                fact.corrects if isinstance(fact, FactCorrected) else None,
                standing.get(fact.id, "stands"),
                told.sentence,
            )
        teller.learn(fact)


def _standing(logged: Sequence[LoggedFact]) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for each in logged:
        fact = each.fact
        if isinstance(fact, FactCorrected) and found.get(fact.corrects) != "withdrawn":
            found[fact.corrects] = "withdrawn" if fact.replacement is None else "corrected"
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of a doctor: what it says, the day it is about, and when it became known and was stored.

    `municipalities` are those that the sentence speaks of.
    """

    position: int
    hpr: str
    fact: str
    type: str
    day: date | None
    known_at: datetime
    stored_at: datetime
    recorded_by: str
    municipalities: list[str]
    corrects: str | None
    standing: Standing
    sentence: str


def history_of(connection: Connection[Any], hpr: str, after: str | None = None, limit: int = MOST) -> Slice[Entry]:
    """A doctor's events in the order they were stored."""
    rows = connection.cursor(row_factory=dict_row).execute(
        "SELECT * FROM read.case_history WHERE hpr = %s AND position > %s ORDER BY position LIMIT %s",
        (hpr, int(after or 0), limit + 1),
    )
    found: Sequence[Entry] = [Entry(**row) for row in rows]
    return sliced(found, limit, lambda entry: str(entry.position))


def history_told(hpr: str, recorded: Sequence[Recorded], book: RuleBook) -> list[Entry]:
    """The sentences of the events that somebody is told of, who is not told of all of a doctor's."""
    logged = [LoggedFact.of(each) for each in recorded]
    return [Entry(*row) for row in _rows(hpr, logged, None, Places(book))]


def position_of_fact(connection: Connection[Any], hpr: str, fact: str) -> str | None:
    """Where a doctor's fact stands, as `history_of` goes on after it; None where it is not there."""
    rows = connection.cursor(row_factory=dict_row).execute(
        "SELECT position FROM read.case_history WHERE hpr = %s AND fact = %s ORDER BY position LIMIT 1", (hpr, fact)
    )
    found = rows.fetchone()
    return str(found["position"]) if found else None
