"""Overview: doctors, months and kroner per round and municipality, by category and centrality class.

A row is of one doctor, so that a change of one doctor changes few; the sums are made when asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Final, Literal

from psycopg import Connection, sql
from psycopg.rows import dict_row

from domain.rules.amounts import amounts, largest_remainder
from domain.rules.costs import Costs
from domain.rules.months import Basis, Month
from domain.rules.result import Line, share_text
from domain.rules.rule_set import RuleSet
from domain.values import Category
from projections.log import Known
from projections.paging import MOST, Slice, sliced
from projections.projection import PerRound, Row, Table

WHOLE: Final = "all"
"""The row of a whole line stands beside those of its categories."""


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
    total = None if line.amounts.missing else line.amounts.total
    yield WHOLE, (*_counts(line.months), total)
    categories = sorted({category for month in line.months for category in month.shares})
    by_category = {category: [_only(month, category) for month in line.months] for category in categories}
    kroner = _divided(line, municipality, rules, costs, by_category)
    for category, months in by_category.items():
        yield category.value, (*_counts([m for m in months if m.shares]), kroner.get(category.value))


def _counts(months: "list[Month] | tuple[Month, ...]") -> Row:
    bases = [month.basis for month in months]
    shares = sum((share for month in months for share in month.shares.values()), Fraction(0))
    return (*(bases.count(basis) for basis in Basis), Decimal(share_text(shares)))


def _only(month: Month, category: Category) -> Month:
    """The month as if it had the shares of one category alone."""
    outcome = month.outcome
    paid = {terms: share for terms, share in outcome.paid.items() if terms.category is category}
    shares = {category: month.shares[category]} if category in month.shares else {}
    return Month(month.number, replace(outcome, paid=paid, shares=shares))


def _divided(
    line: Line, municipality: str, rules: RuleSet, costs: Costs, by_category: Mapping[Category, list[Month]]
) -> dict[str, int | None]:
    """The line's whole kroner by category, in proportion to what each would get alone; they sum to the line."""
    if line.amounts.missing:
        return {}
    if len(by_category) == 1:
        return {category.value: line.amounts.total for category in by_category}
    alone = {
        category.value: sum(amounts(months, municipality, rules, costs).exact.values(), Fraction(0))
        for category, months in by_category.items()
    }
    whole, of = sum(line.amounts.exact.values(), Fraction(0)), sum(alone.values(), Fraction(0))
    if not of:
        return dict.fromkeys(alone, 0)
    return dict(largest_remainder({name: part * whole / of for name, part in alone.items()}, line.amounts.total))


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
    " AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s)"
)
By = Literal["category", "centrality_class"]


def total_of(connection: Connection[Any], round_id: str, municipality: str | None = None) -> Sums:
    """A round as a whole, or a municipality in it."""
    query = _SUMS.format(name=sql.Literal(municipality or round_id)) + sql.SQL(" AND category = 'all'")
    [found] = _ask(connection, query, round=round_id, municipality=municipality)
    return found


def by_municipality(
    connection: Connection[Any], round_id: str, after: str | None = None, limit: int = MOST
) -> Slice[Sums]:
    """A round municipality by municipality, in the order of their numbers."""
    query = _SUMS.format(name=sql.Identifier("municipality")) + sql.SQL(
        " AND category = 'all' AND municipality > %(after)s GROUP BY municipality ORDER BY municipality LIMIT %(limit)s"
    )
    found = _ask(connection, query, round=round_id, municipality=None, after=after or "", limit=limit + 1)
    return sliced(found, limit, lambda sums: sums.name)


def by(what: By, connection: Connection[Any], round_id: str, municipality: str | None = None) -> list[Sums]:
    """A round, or a municipality in it, by category or by centrality class; a doctor can be in two categories."""
    which = sql.SQL("<>" if what == "category" else "=")
    query = _SUMS.format(name=sql.Identifier(what)) + sql.SQL(" AND category {} 'all' GROUP BY 1 ORDER BY 1").format(
        which
    )
    return _ask(connection, query, round=round_id, municipality=municipality)


def _ask(connection: Connection[Any], query: sql.Composed, **asked: object) -> list[Sums]:
    return [Sums(**row) for row in connection.cursor(row_factory=dict_row).execute(query, asked)]
