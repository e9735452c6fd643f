"""What a draft would do, as a table for a person."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from domain.rules.compare.impact import CENTRALITY, FIVE_YEARS, NEAR, WINDOW, Impact, LineGroup, LineImpact, ordered
from domain.values.fields import Category
from domain.values.words import CATEGORIES, grouped, signed
from workers.shell.table import STATUS, UNKNOWN

EDGES: Final = {
    WINDOW: "24-månedersgrensen går i perioden",
    FIVE_YEARS: "femårsgrensen går i perioden",
    CENTRALITY: f"kommunen er nær sentralitetsgrensen ({NEAR} p.)",
}
"""The edges in words."""
_MOST: Final = 10
_NAME: Final = 44
_CELL: Final = 14
_HEADS: Final = ("linjer", "kunngjort", "utkast", "endring")


def impact_table(impact: Impact) -> str:
    """The whole effect, ending in a newline; the JSON has every municipality and line."""
    return "\n".join([*_head(impact), "", *_sums(impact), *_municipalities(impact), *_edges(impact), ""])


def counted(number: int, one: str, many: str) -> str:
    """`1 linje`, `2 linjer`."""
    return f"{grouped(number)} {one if number == 1 else many}"


def category_name(key: str) -> str:
    """A category of post in words."""
    return CATEGORIES[Category(key)]


def _head(impact: Impact) -> Iterator[str]:
    yield f"Virkningen av {impact.draft.id} ({STATUS[impact.draft.status]})"
    current = impact.current
    yield f"ved siden av {current.id} ({STATUS[current.status]}), tilskuddsperioden {current.round.id}"
    if impact.total.unknown:
        unknown = counted(impact.total.unknown, "linje", "linjer")
        yield f"{unknown} har ukjent sats på en av sidene og er ikke med i kronene."


def _sums(impact: Impact) -> Iterator[str]:
    yield f"{'':<{_NAME}}" + "".join(f"{head:>{_CELL}}" for head in _HEADS)
    yield _row("Alle linjer", impact.total)
    yield from _block("Etter stillingstype", impact.categories, category_name)
    yield from _block("Etter sentralitetsklasse", impact.classes, lambda key: f"klasse {key}")


def _municipalities(impact: Impact) -> Iterator[str]:
    gain = [each for each in ordered(impact.municipalities) if each.difference > 0]
    lose = [each for each in reversed(ordered(impact.municipalities)) if each.difference < 0]
    same = len(impact.municipalities) - len(gain) - len(lose)
    yield ""
    yield (
        f"Kommuner: {len(gain)} får mer, {len(lose)} får mindre, {same} får det samme."
        f" Linjer: {impact.total.gain} får mer, {impact.total.lose} får mindre."
    )

    def name(key: str) -> str:
        return f"{impact.name(key)} ({key})"

    yield from _block("Får mest mer", gain[:_MOST], name)
    yield from _block("Får mest mindre", lose[:_MOST], name)


def _edges(impact: Impact) -> Iterator[str]:
    """The sums at each edge, and the lines there that change most."""
    yield from _block("Grensetilfeller", [group for group, _ in impact.edges], lambda key: EDGES[key])
    for group, lines in impact.edges:
        largest = sorted(lines, key=lambda line: -abs(line.difference or 0))[:_MOST]
        if largest:
            yield ""
            yield f"Linjer der {EDGES[group.key]}" + (f", de {_MOST} som endres mest" if len(lines) > _MOST else "")
            yield from (_line(line, impact) for line in largest)


def _line(line: LineImpact, impact: Impact) -> str:
    name = f"  {line.hpr} i {impact.name(line.municipality)} ({line.municipality})"
    amounts = ((line.before.total, grouped), (line.after.total, grouped), (line.difference, signed))
    cells = ("", *(UNKNOWN if amount is None else write(amount) for amount, write in amounts))
    return f"{name:<{_NAME}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)


def _block(title: str, groups: Sequence[LineGroup], name: Callable[[str], str]) -> Iterator[str]:
    if groups:
        yield ""
        yield title
        yield from (_row(f"  {name(each.key)}", each) for each in groups)


def _row(name: str, group: LineGroup) -> str:
    cells = (str(group.lines), grouped(group.before), grouped(group.after), signed(group.difference))
    return f"{name:<{_NAME}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)
