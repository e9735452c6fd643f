"""The productivity window of a doctor, and the five years beside it.

Rows hold months and no clock: the query says which day it is. `places` are the municipalities that are told anything of
the doctor, for the roles of the database alone.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

from psycopg import Connection
from psycopg.rows import dict_row

from domain.doctor.about import places_of
from domain.rules.days.duration import usage
from domain.rules.line.months import months_of
from domain.rules.result import share_text
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import month_number, text_of
from domain.values.places import municipality_of
from projections.engine.log import Known
from projections.engine.projection import PerRound, Row, Table


class ProductivityWindow(PerRound):
    """The months of the window and the use of the five years, under the rule set of each round."""

    name: ClassVar[str] = "productivity_window"
    table: ClassVar[Table] = Table(
        "productivity_window",
        {
            "hpr": "text",
            "round": "text",
            "rule_set": "text",
            "rules_digest": "text",
            "first_month": "text",
            "last_month": "text",
            "months": "text[]",
            "given": "text[]",
            "round_months": "text[]",
            "limit_months": "numeric",
            "used_before": "numeric",
            "used_in": "numeric[]",
            "first_exhausted": "text",
            "places": "text[]",
        },
        keys=2,
    )

    def rows(self, known: Known, rules: RuleSet) -> list[Row]:
        """One row for a doctor and a round."""
        found = known.record(rules)
        window = [text_of(month) for month in sorted(found.window)]
        given = {month.number for line in known.lines(rules).values() for month in line.months if month.productivity}
        before, within = usage(found.spans, months_of(rules))
        row = (
            known.hpr,
            rules.round.id,
            rules.id,
            rules.digest,
            window[0] if window else None,
            window[-1] if window else None,
            window,
            [text_of(month) for month in sorted(given)],
            [text_of(month) for month in months_of(rules)],
            _decimal(*rules.numbers["duration_months"].as_integer_ratio()),
            _decimal(*before.as_integer_ratio()),
            [_decimal(*within[month].as_integer_ratio()) for month in months_of(rules)],
            text_of(min(found.exhausted)) if found.exhausted else None,
            _told(known),
        )
        return [row]


def _told(known: Known) -> list[str]:
    """The municipalities that a doctor's facts are about, and those that recorded any."""
    about = {code for codes in places_of(known.standing).values() for code in codes}
    recorders = {municipality_of(each.fact.recorded_by) for each in known.logged}
    return sorted(about | {code for code in recorders if code})


@lru_cache(maxsize=4096)
def _decimal(numerator: int, denominator: int) -> Decimal:
    """A share as the database has it; there are few different ones."""
    return Decimal(share_text(Fraction(numerator, denominator)))


@dataclass(frozen=True, slots=True)
class Window:
    """The window and the five years as they are at the end of a day, under the rule set of a round.

    `used` and `left` count months of the window: used are those that the day has reached. Of the five years,
    in full-time months: `time_used` up to and with the day's month, at the most to the end of the round.
    """

    hpr: str
    round: str
    rule_set: str
    first_month: str | None
    last_month: str | None
    used: int
    left: int
    given: list[str]
    time_limit: Decimal
    time_used_before_round: Decimal
    time_used: Decimal
    time_left: Decimal
    first_exhausted: str | None


def window_of(connection: Connection[Any], hpr: str, round_id: str, day: date) -> Window | None:
    """How a doctor's window and five years stand on a day; None for a doctor or a round that is not known."""
    row = (
        connection.cursor(row_factory=dict_row)
        .execute("SELECT * FROM read.productivity_window WHERE hpr = %s AND round = %s", (hpr, round_id))
        .fetchone()
    )
    return _window(row, text_of(month_number(day))) if row else None


def _window(row: dict[str, Any], month: str) -> Window:
    used = sum(each <= month for each in row["months"])
    within = (part for each, part in zip(row["round_months"], row["used_in"], strict=True) if each <= month)
    time_used = sum(within, row["used_before"])
    return Window(
        hpr=row["hpr"],
        round=row["round"],
        rule_set=row["rule_set"],
        first_month=row["first_month"],
        last_month=row["last_month"],
        used=used,
        left=len(row["months"]) - used,
        given=row["given"],
        time_limit=row["limit_months"],
        time_used_before_round=row["used_before"],
        time_used=time_used,
        time_left=max(Decimal(0), row["limit_months"] - time_used),
        first_exhausted=row["first_exhausted"],
    )
