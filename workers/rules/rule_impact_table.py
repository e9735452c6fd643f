"""What a rule set would do, as a table for a person."""

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import Final

from domain.rules.compare.impact.groups import PERCENT_DECIMALS, ROUNDING, LineGroup, LineImpact, decimal_text
from domain.rules.compare.impact.impact import CENTRALITY, FIVE_YEARS, NEAR, WINDOW, Impact, ordered
from domain.values import words
from domain.values.fields import Category
from domain.values.words import CATEGORIES, MINUS, grouped, number_text, signed
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
_WIDTH: Final = 114
_DECIMALS: Final = words.counted(PERCENT_DECIMALS, "én desimal", "desimaler")
_HEADS: Final = ("linjer", "før", "etter", "endring", "i prosent")


def impact_table(impact: Impact) -> str:
    """The whole effect, ending in a newline; the JSON has every municipality and line."""
    return "\n".join([*_head(impact), "", *_sums(impact), *_municipalities(impact), *_edges(impact), ""])


def counted(number: int, one: str, many: str) -> str:
    """`1 linje`, `2 linjer`."""
    return f"{grouped(number)} {one if number == 1 else many}"


def category_name(key: str) -> str:
    """A category of post in words, or what only rounding moves."""
    return "avrunding" if key == ROUNDING else CATEGORIES[Category(key)]


def element_name(key: str, impact: Impact) -> str:
    """An element by its name in either rule set, or what only rounding moves."""
    every = (each for rules in (impact.current, impact.draft) for each in rules.content.elements)
    return {ROUNDING: "avrunding", **{each.id: each.name for each in every}}[key]


def percent_text(group: LineGroup) -> str:
    """`+0,4 %`; nothing where there is nothing that it could be a percent of."""
    if group.percent is None:
        return ""
    sign = "+" if group.percent > 0 else MINUS if group.percent < 0 else ""
    return f"{sign}{number_text(decimal_text(abs(group.percent)))} %"


def _head(impact: Impact) -> Iterator[str]:
    yield (
        f"Virkningen av «{impact.draft.content.title}» ({STATUS[impact.draft.status]}) "
        f"i tilskuddsperioden {impact.draft.round.id}"
    )
    yield from wrap(impact.words, _WIDTH)
    if impact.total.unknown:
        unknown = counted(impact.total.unknown, "linje", "linjer")
        yield f"{unknown} har ukjent sats på en av sidene og er ikke med i kronene."
    yield f"Prosentene er av beløpet før, avrundet til {_DECIMALS}; halve rundes opp."
    for each in impact.remarks:
        yield from wrap(f"Merk: {each['text']}", _WIDTH)


def _sums(impact: Impact) -> Iterator[str]:
    yield f"{'':<{_NAME}}" + "".join(f"{head:>{_CELL}}" for head in _HEADS)
    yield _row("Alle linjer", impact.total)
    yield from _block("Etter element", impact.elements, lambda key: element_name(key, impact))
    yield from _block("Etter stillingstype", impact.categories, category_name)
    yield from _block("Etter sentralitetsklasse", impact.classes, lambda key: f"klasse {key}")


def _municipalities(impact: Impact) -> Iterator[str]:
    known = [each for each in ordered(impact.municipalities) if each.difference is not None]
    gain = [each for each in known if (each.difference or 0) > 0]
    lose = [each for each in reversed(known) if (each.difference or 0) < 0]
    same, unknown = len(known) - len(gain) - len(lose), len(impact.municipalities) - len(known)
    yield ""
    yield (
        f"Kommuner: {len(gain)} får mer, {len(lose)} får mindre, {same} får det samme"
        f"{f', {unknown} har ukjent sats' if unknown else ''}."
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
    return _cells(name, "", (line.before.total, line.after.total, line.difference), "")


def _block(title: str, groups: Sequence[LineGroup], name: Callable[[str], str]) -> Iterator[str]:
    if groups:
        yield ""
        yield title
        yield from (_row(f"  {name(each.key)}", each) for each in groups)


def _row(name: str, group: LineGroup) -> str:
    unknown = f" ({group.unknown} ukjent)" if group.unknown else ""
    return _cells(name, f"{group.lines}{unknown}", (group.before, group.after, group.difference), percent_text(group))


def _cells(name: str, lines: str, amounts: tuple[int | None, int | None, int | None], percent: str) -> str:
    writing = zip(amounts, (grouped, grouped, signed), strict=True)
    kroner = (UNKNOWN if amount is None else write(amount) for amount, write in writing)
    return f"{name:<{_NAME}}" + "".join(f"{cell:>{_CELL}}" for cell in (lines, *kroner, percent)).rstrip()
