"""Eligible months: for a doctor, a municipality and each month of a round, what it is paid as, and why."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg import Connection
from psycopg.rows import dict_row

from domain.rules.line.months import MonthOutcome
from domain.rules.result import Line, share_text
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import text_of
from projections.engine.log import Known
from projections.engine.projection import PerRound, Row, Table


class EligibleMonths(PerRound):
    """Basis, shares, productivity and reasons, under the rule set in force."""

    name: ClassVar[str] = "eligible_months"
    table: ClassVar[Table] = Table(
        "eligible_months",
        {
            "hpr": "text",
            "round": "text",
            "municipality": "text",
            "month": "text",
            "basis": "text",
            "shares": "text",
            "productivity": "boolean",
            "reasons": "text[]",
        },
        keys=4,
        indexes=("municipality, round, hpr",),
    )

    def rows(self, known: Known, rules: RuleSet) -> list[Row]:
        """A row for each month of each of the doctor's lines."""
        return [
            (known.hpr, rules.round.id, where, *month)
            for where, line in known.lines(rules).items()
            for month in _months(line)
        ]


def _months(line: Line) -> Iterator[Row]:
    """Months of one kind are written once."""
    written = {outcome: _written(outcome) for outcome in {month.outcome for month in line.months}}
    for month in line.months:
        yield text_of(month.number), *written[month.outcome]


def _written(outcome: MonthOutcome) -> Row:
    shares = {category.value: share_text(share) for category, share in outcome.shares.items()}
    return outcome.basis.value, json.dumps(shares), outcome.productivity, list(outcome.reasons)


@dataclass(frozen=True, slots=True)
class EligibleMonth:
    """A month of a line, as `contract.md` section 3 writes it."""

    hpr: str
    round: str
    municipality: str
    month: str
    basis: str
    shares: dict[str, str]
    productivity: bool
    reasons: list[str]

    def as_json(self) -> dict[str, Any]:
        """The month of a result."""
        names = ("month", "basis", "shares", "productivity", "reasons")
        return {name: getattr(self, name) for name in names}


def months_of(
    connection: Connection[Any], doctors: Sequence[str], round_id: str | None = None, municipality: str | None = None
) -> list[EligibleMonth]:
    """The months of some doctors, of all rounds and municipalities or of one."""
    rows = connection.cursor(row_factory=dict_row).execute(
        "SELECT * FROM read.eligible_months WHERE hpr = ANY(%(doctors)s)"
        " AND (%(round)s::text IS NULL OR round = %(round)s)"
        " AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s)"
        " ORDER BY hpr, month, municipality",
        {"doctors": list(doctors), "round": round_id, "municipality": municipality},
    )
    return [EligibleMonth(**row | {"shares": json.loads(row["shares"])}) for row in rows]
