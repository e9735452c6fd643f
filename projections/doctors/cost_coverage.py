"""Cost coverage: the costs that municipalities reported beside the grant for the same lines.

FAFO 2023:02 asks whether the grant covers what the municipalities spend. A row is of one doctor, so that a change of
one doctor changes few; the sums are made when asked for.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Final

from psycopg import Connection
from psycopg.rows import class_row

from domain.rules.line.costs import reported
from domain.rules.line.coverage import covered
from domain.rules.result import share_text
from domain.rules.sets.rule_set import RuleSet
from projections.engine.log import Known
from projections.engine.projection import PerRound, Row, Table
from projections.engine.small_cells import hidden

SHARED_BY: Final = (
    "Kostnadene på en linje er delt mellom stillingstypene etter heltidsmånedene som elementet er gitt for i hver av "
    "dem. Er elementet ikke gitt for noen, er de delt etter alle heltidsmånedene. Tilskuddet er det som gis for de "
    "linjene som har rapporterte kostnader."
)
"""How a line's costs are divided on categories of post, in words."""
_SUMS: Final = """
SELECT element, category, centrality_class,
 count(DISTINCT (hpr, municipality))::int AS lines,
 count(DISTINCT (hpr, municipality)) FILTER (WHERE net IS NOT NULL)::int AS reported,
 count(DISTINCT hpr)::int AS doctors,
 count(DISTINCT hpr) FILTER (WHERE net IS NOT NULL)::int AS reporting_doctors,
 sum(net)::bigint AS net,
 CASE WHEN count(kroner) FILTER (WHERE net IS NOT NULL) = count(net)
  THEN sum(kroner) FILTER (WHERE net IS NOT NULL)::bigint END AS grant,
 count(DISTINCT (hpr, municipality)) FILTER (WHERE net IS NOT NULL AND kroner IS NULL)::int AS unknown
FROM read.cost_coverage WHERE round = %s
GROUP BY GROUPING SETS ((element), (element, category, centrality_class))
ORDER BY category NULLS FIRST, centrality_class
"""


class CostCoverage(PerRound):
    """The grant and the net costs of each element and category of a line, under the rule set in force."""

    name: ClassVar[str] = "cost_coverage"
    table: ClassVar[Table] = Table(
        "cost_coverage",
        {
            "hpr": "text",
            "round": "text",
            "municipality": "text",
            "element": "text",
            "category": "text",
            "centrality_class": "smallint",
            "kroner": "integer",
            "net": "bigint",
        },
        keys=5,
        indexes=("round, element",),
    )

    def rows(self, known: Known, rules: RuleSet) -> list[Row]:
        """A row for each element and category that a line is given, or has costs of."""
        costs = known.record(rules).costs
        return [
            (known.hpr, rules.round.id, where, each.element, each.category, central, each.kroner, each.net)
            for where, line in known.lines(rules).items()
            for central in [rules.municipalities.centrality_class(where)]
            for each in covered(line.months, line.amounts, reported(costs, where), rules)
        ]


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the rows of an element come to, in all or in one cell."""

    element: str
    category: str | None
    centrality_class: int | None
    lines: int
    reported: int
    doctors: int
    reporting_doctors: int
    net: int | None
    grant: int | None
    unknown: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Net costs beside the grant for the lines with reported costs: of all, or of a category and centrality class.

    `share` is `reported` of `lines`, the lines that the element is given for or has costs of. `grant` is null if it is
    unknown for any of the reported lines, and `unknown` counts those. `category` is `none` for costs of lines without a
    share in any. All figures are null in a cell that is `hidden`, for it is about fewer than five doctors, or
    would give such a cell away by subtraction.
    """

    category: str | None
    centrality_class: int | None
    hidden: bool
    lines: int | None
    reported: int | None
    share: str | None
    net: int | None
    grant: int | None
    unknown: int | None


@dataclass(frozen=True, slots=True)
class ElementCoverage:
    """An element: the round as a whole, and by category and centrality class."""

    element: str
    whole: Coverage
    cells: list[Coverage]


def coverage_of(connection: Connection[Any], rules: RuleSet, *, small_cells: bool) -> list[ElementCoverage]:
    """The elements of a round in the order of its rule set; those without a line are left out."""
    by_element: dict[str, list[_Sums]] = defaultdict(list)
    for sums in connection.cursor(row_factory=class_row(_Sums)).execute(_SUMS, (rules.round.id,)).fetchall():
        by_element[sums.element].append(sums)
    return [
        _element(by_element[each.id], small_cells=small_cells)
        for each in rules.content.elements
        if each.id in by_element
    ]


def _element(sums: Sequence[_Sums], *, small_cells: bool) -> ElementCoverage:
    whole, *cells = sums
    shown, all_shown = [_shown(each) for each in cells], _shown(whole)
    if not small_cells:
        few, total = _too_few(cells)
        shown = [_hidden(one) if n in few else one for n, one in enumerate(shown)]
        all_shown = _hidden(all_shown) if total else all_shown
    return ElementCoverage(whole.element, all_shown, shown)


def _too_few(cells: Sequence[_Sums]) -> tuple[frozenset[int], bool]:
    """The places of the cells to hide, for the lines that there are and for those that reported; and if the sum is."""
    lines = hidden({str(n): each.doctors for n, each in enumerate(cells)})
    reports = hidden({str(n): each.reporting_doctors for n, each in enumerate(cells)}, lines.cells)
    return frozenset(map(int, lines.cells | reports.cells)), lines.total or reports.total


def _shown(sums: _Sums) -> Coverage:
    share = share_text(Fraction(sums.reported, sums.lines))
    figures = (sums.lines, sums.reported, share, sums.net, sums.grant, sums.unknown)
    return Coverage(sums.category, sums.centrality_class, False, *figures)  # noqa: FBT003 - the field `hidden`


def _hidden(cell: Coverage) -> Coverage:
    return replace(cell, hidden=True, lines=None, reported=None, share=None, net=None, grant=None, unknown=None)
