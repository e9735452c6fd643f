"""Overview: doctors, months and kroner per round and municipality, by category and centrality class.

A row is of one doctor, so that a change of one doctor changes few; the sums are made when asked for.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal

from psycopg import Connection, sql
from psycopg.rows import dict_row

from domain.casework.access.sight import EVERYTHING, Sight
from domain.rules.days.shares import NOTHING
from domain.rules.line.basis import Basis
from domain.rules.line.by_category import by_category, categories_of
from domain.rules.line.costs import Costs
from domain.rules.line.months import MonthOutcome
from domain.rules.result import Line, share_text
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import Category
from projections.engine.log import Known
from projections.engine.paging import MOST, SEEN, Slice, seen, sliced
from projections.engine.projection import PerRound, Row, Table

WHOLE: Final = "all"
"""The category of the row that sums up a line."""
Kinds = Mapping[MonthOutcome, int]
"""How many months there are of each kind."""


class Overview(PerRound):
    """What each line adds to the sums."""

    name: ClassVar[str] = "overview"
    table: ClassVar[Table] = Table(
        "overview",
        {
            "hpr": "text",
            "round": "text",
            "municipality": "text",
            "category": "text",
            "centrality_class": "smallint",
            "months_agreement": "smallint",
            "months_guidance_only": "smallint",
            "months_none": "smallint",
            "full_time_months": "numeric",
            "kroner": "integer",
        },
        keys=4,
        indexes=("round, municipality, category",),
    )

    def rows(self, known: Known, rules: RuleSet) -> list[Row]:
        """The line as a whole, and each category that has a share in it."""
        return [
            (known.hpr, rules.round.id, where, category, rules.municipalities.centrality_class(where), *counted)
            for where, line in known.lines(rules).items()
            for category, counted in _parts(line, where, rules, known.record(rules).costs)
        ]


def _parts(line: Line, municipality: str, rules: RuleSet, costs: Costs) -> Iterator[tuple[str, Row]]:
    kinds: Kinds = Counter(month.outcome for month in line.months)
    categories = categories_of(line.months)
    total = None if line.amounts.missing else line.amounts.total
    yield WHOLE, (*_counts(kinds, categories), total)
    kroner = by_category(line.months, line.amounts, municipality, rules, costs)
    for category in categories:
        mine = {outcome: months for outcome, months in kinds.items() if category in outcome.shares}
        yield category.value, (*_counts(mine, [category]), kroner.get(category.value))


def _counts(kinds: Kinds, categories: Collection[Category]) -> Row:
    """How many months are paid as what, and the full-time months in some categories."""
    of, shares = dict.fromkeys(Basis, 0), NOTHING
    for outcome, months in kinds.items():
        of[outcome.basis] += months
        for category, share in outcome.shares.items():
            if category in categories:
                shares += months * share
    return (*of.values(), Decimal(share_text(shares)))


@dataclass(frozen=True, slots=True)
class Sums:
    """What some lines come to; `unknown` counts those without an amount, which `kroner` leaves out."""

    name: str
    doctors: int
    months_agreement: int
    months_guidance_only: int
    months_none: int
    full_time_months: Decimal
    kroner: int
    unknown: int


_SUMS: Final = sql.SQL(
    "SELECT {name}::text AS name, count(DISTINCT hpr)::int AS doctors,"
    " coalesce(sum(months_agreement), 0)::int AS months_agreement,"
    " coalesce(sum(months_guidance_only), 0)::int AS months_guidance_only,"
    " coalesce(sum(months_none), 0)::int AS months_none,"
    " coalesce(sum(full_time_months), 0) AS full_time_months,"
    " coalesce(sum(kroner), 0)::bigint AS kroner, (count(*) - count(kroner))::int AS unknown"
    " FROM read.overview WHERE round = %(round)s"
    " AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s) AND {seen}"
)
By = Literal["category", "centrality_class"]


def total_of(
    connection: Connection[Any], round_id: str, municipality: str | None = None, sight: Sight = EVERYTHING
) -> Sums:
    """What somebody sees of a round as a whole, or of a municipality in it."""
    query = _SUMS.format(name=sql.Literal(municipality or round_id), seen=sql.SQL(SEEN)) + sql.SQL(
        " AND category = 'all'"
    )
    [found] = _ask(connection, query, sight, round=round_id, municipality=municipality)
    return found


def by_municipality(
    connection: Connection[Any],
    round_id: str,
    after: str | None = None,
    limit: int = MOST,
    sight: Sight = EVERYTHING,
) -> Slice[Sums]:
    """What somebody sees of a round municipality by municipality, in the order of their numbers."""
    query = _SUMS.format(name=sql.Identifier("municipality"), seen=sql.SQL(SEEN)) + sql.SQL(
        " AND category = 'all' AND municipality > %(after)s GROUP BY municipality ORDER BY municipality LIMIT %(limit)s"
    )
    found = _ask(connection, query, sight, round=round_id, municipality=None, after=after or "", limit=limit + 1)
    return sliced(found, limit, lambda sums: sums.name)


def by(what: By, connection: Connection[Any], round_id: str, sight: Sight = EVERYTHING) -> list[Sums]:
    """What somebody sees of a round by category or by centrality class; a doctor can be in two categories."""
    which = sql.SQL("<>" if what == "category" else "=")
    sums = _SUMS.format(name=sql.Identifier(what), seen=sql.SQL(SEEN))
    query = sums + sql.SQL(" AND category {} 'all' GROUP BY 1 ORDER BY 1").format(which)
    return _ask(connection, query, sight, round=round_id, municipality=None)


def _ask(connection: Connection[Any], query: sql.Composed, sight: Sight, **asked: object) -> list[Sums]:
    return [Sums(**row) for row in connection.cursor(row_factory=dict_row).execute(query, {**asked, **seen(sight)})]
