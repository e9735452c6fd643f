"""Grant amounts: what a municipality gets for a doctor in a round, under the rule set in force."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from psycopg import Connection
from psycopg.rows import dict_row

from domain.casework.access.sight import EVERYTHING, Sight
from domain.rules.line.amounts import Amounts
from domain.rules.sets.rule_set import RuleSet
from projections.engine.log import Known
from projections.engine.paging import MOST, Slice, seeing, seen, sliced
from projections.engine.projection import PerRound, Row, Table


class GrantAmounts(PerRound):
    """Total and elements of each line, or the elements without a rate."""

    name: ClassVar[str] = "grant_amounts"
    table: ClassVar[Table] = Table(
        "grant_amounts",
        {
            "hpr": "text",
            "round": "text",
            "municipality": "text",
            "total": "integer",
            "elements": "text",
            "missing": "text[]",
            "reclaimed": "text",
            "rule_set": "text",
            "rules_digest": "text",
        },
        keys=3,
        indexes=("municipality, round, (hpr::integer), hpr",),
    )

    def rows(self, known: Known, rules: RuleSet) -> list[Row]:
        """A row for each of the doctor's lines."""
        return [
            (known.hpr, rules.round.id, where, *_kroner(line.amounts), rules.id, rules.digest)
            for where, line in known.lines(rules).items()
        ]


def _kroner(found: Amounts) -> Row:
    if found.missing:
        return None, None, list(found.missing), None
    reclaimed = None if found.reclaimed is None else json.dumps(dict(found.reclaimed))
    return found.total, json.dumps(dict(found.elements)), [], reclaimed


@dataclass(frozen=True, slots=True)
class Amount:
    """A line's kroner; without an amount (`rate-unknown`) `missing` names the elements that lack a rate.

    `reclaimed` is there under rules that take unused funds back.
    """

    hpr: str
    round: str
    municipality: str
    total: int | None
    elements: dict[str, int] | None
    missing: list[str]
    reclaimed: dict[str, int] | None
    rule_set: str
    rules_digest: str


def amounts_of(connection: Connection[Any], doctors: Sequence[str], municipality: str | None = None) -> list[Amount]:
    """The lines of some doctors, in all municipalities or in one."""
    rows = connection.cursor(row_factory=dict_row).execute(
        "SELECT * FROM read.grant_amounts WHERE hpr = ANY(%(doctors)s)"
        " AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s) ORDER BY hpr, round, municipality",
        {"doctors": list(doctors), "municipality": municipality},
    )
    return [_amount(row) for row in rows]


_IN: Final = """
SELECT * FROM read.grant_amounts WHERE municipality = %(municipality)s AND round = %(round)s
AND (hpr::integer, hpr) > (%(after)s::integer, %(after_text)s) AND {seen} ORDER BY hpr::integer, hpr LIMIT %(limit)s
"""


def lines_in(  # noqa: PLR0913, PLR0917 - which lines, whose eyes, and which of them
    connection: Connection[Any],
    municipality: str,
    round_id: str,
    after: str | None = None,
    limit: int = MOST,
    sight: Sight = EVERYTHING,
) -> Slice[Amount]:
    """The lines of a municipality in a round that somebody sees, in the order of the HPR number as a number."""
    asked = {"municipality": municipality, "round": round_id, "limit": limit + 1}
    cursor = {"after": after or "-1", "after_text": after or ""}
    rows = connection.cursor(row_factory=dict_row).execute(seeing(_IN), {**asked, **cursor, **seen(sight)})
    return sliced([_amount(row) for row in rows], limit, lambda amount: amount.hpr)


def _amount(row: dict[str, Any]) -> Amount:
    read = {name: None if row[name] is None else json.loads(row[name]) for name in ("elements", "reclaimed")}
    return Amount(**row | read)
