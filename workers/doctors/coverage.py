"""`alis coverage`: what municipalities reported as costs beside what they are granted."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from decimal import Decimal
from textwrap import fill
from typing import Final

from pydantic_core import to_jsonable_python

from domain.rules.line.coverage import NO_CATEGORY
from domain.values.fields import Category
from domain.values.words import CATEGORIES, counted, element, grouped, number
from projections.doctors.cost_coverage import SHARED_BY, Coverage, ElementCoverage, coverage_of
from projections.engine.status import behind
from workers.access.reads import acting, sees_small
from workers.shell.arguments import acting_options, format_option
from workers.shell.columns import columns
from workers.shell.output import show, tell

_HEAD: Final = ("stillingstype", "klasse", "linjer", "med kostnader", "andel", "netto kostnad", "tilskudd")
_ALL: Final = "alle"
_HIDDEN: Final = "skjult"
_UNKNOWN: Final = "ukjent sats"
_NOT_REPORTED: Final = "–"
_WIDTH: Final = 100


def arguments(to: ArgumentParser) -> None:
    """Of which round, and how it is shown."""
    to.add_argument("--round", required=True, metavar="PERIODE", help="tilskuddsperiode, for eksempel 2026")
    to.add_argument("--hide-small", action="store_true", help="skjul tall som gjelder færre enn fem leger")
    format_option(to)
    acting_options(to)


def run(asked: Namespace) -> None:
    """Ask the read model, and show."""
    with acting(asked) as at:
        rules = at.casework.book.current().of_round(asked.round)
        with at.store.reading(None) as connection:
            late = behind(connection).positions
            found = coverage_of(connection, rules, small_cells=sees_small(asked))
        if late:
            newest = counted(late, "den siste hendelsen", "av de siste hendelsene")
            tell(f"Tallene mangler {newest}; «alis worker» bringer dem à jour.")
        show(
            asked.format,
            lambda: coverage_table(found, asked.round),
            lambda: {"round": asked.round, "shared_by": SHARED_BY, "elements": to_jsonable_python(found)},
        )


def coverage_table(found: Sequence[ElementCoverage], round_id: str) -> str:
    """A table for each element, and how the costs are divided."""
    if not found:
        return f"Ingen linjer i tilskuddsperioden {round_id}.\n"
    tables = [f"{element(each.element).capitalize()}\n{columns(list(_rows(each)), left=1)}" for each in found]
    heading = f"Rapporterte kostnader ved siden av tilskuddet i tilskuddsperioden {round_id}\n"
    return "\n".join([heading, *tables, fill(SHARED_BY, _WIDTH), ""])


def _rows(of: ElementCoverage) -> Iterator[Sequence[str]]:
    yield _HEAD
    yield _row(of.whole)
    yield from map(_row, of.cells)


def _row(cell: Coverage) -> Sequence[str]:
    where = _ALL if cell.category is None else _category(cell.category)
    central = _ALL if cell.centrality_class is None else str(cell.centrality_class)
    if cell.share is None or cell.lines is None:
        return where, central, *[_HIDDEN] * 5
    net = _NOT_REPORTED if cell.net is None else grouped(cell.net)
    share = f"{number(round(Decimal(cell.share) * 100, 1))} %"
    return where, central, str(cell.lines), str(cell.reported), share, net, _grant(cell)


def _category(name: str) -> str:
    return "ingen tellende stilling" if name == NO_CATEGORY else CATEGORIES[Category(name)]


def _grant(cell: Coverage) -> str:
    if cell.grant is None:
        return _UNKNOWN if cell.unknown else _NOT_REPORTED
    return grouped(cell.grant)
