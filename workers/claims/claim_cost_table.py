"""The costs known of the lines of a claim, as text for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from domain.doctor.facts.accounts import CostsReported
from domain.values.words import COST_KINDS, FUNDING_SOURCES, element, grouped
from projections.claims.known_of_lines import net_costs
from workers.shell.columns import columns

_HEAD: Final = ("HPR-nummer", "element", "type", "prosjekt", "brutto", "dekket av andre", "netto")
_NOT_SAID: Final = "–"


def cost_table(costs: Mapping[str, Sequence[CostsReported]]) -> str:
    """A row for each cost, and one for the sum of an element that has several; nothing if no costs are known."""
    rows = [row for hpr, known in costs.items() for row in _of_line(hpr, known)]
    return f"Kostnader som er kjent:\n{columns([_HEAD, *rows], left=4)}" if rows else ""


def _of_line(hpr: str, known: Sequence[CostsReported]) -> Iterator[Sequence[str]]:
    for name, net in net_costs(known).items():
        mine = [each for each in known if each.element == name]
        yield from (_row(each) for each in mine)
        if len(mine) > 1:
            yield hpr, element(name), "i alt", "", "", "", grouped(net)


def _row(cost: CostsReported) -> Sequence[str]:
    kind = COST_KINDS[cost.kind] if cost.kind else "samlet"
    gross = _NOT_SAID if cost.gross is None else grouped(cost.gross)
    funding = ", ".join(f"{FUNDING_SOURCES[each.source]} {grouped(each.kroner)}" for each in cost.other_funding or ())
    project = cost.project_code or _NOT_SAID
    return cost.hpr, element(cost.element), kind, project, gross, funding or _NOT_SAID, grouped(cost.kroner)
