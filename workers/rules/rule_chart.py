"""What a rule set would do, drawn: a bar for each municipality that changes most, element, category and class.

Plain SVG without scripts, fonts or addresses; a title and a description say the same in words, and every bar has its
number beside it, so that colour alone says nothing. All bars of a drawing have one scale.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from domain.rules.compare.impact.groups import LineGroup
from domain.rules.compare.impact.impact import Impact, ordered
from domain.values.words import signed, signed_kroner
from workers.rules.rule_impact_table import EDGES, category_name, counted, element_name, percent_text
from workers.shell.table import UNKNOWN

_NAMESPACE: Final = 'xmlns="http://www.w3.org/2000/svg"'
_WIDTH: Final = 900
_LABEL: Final = 300
_NUMBER: Final = 190
_LETTERS: Final = 44
"""As many letters of a name as there is room for."""
_TITLE: Final = 92
_SCALE: Final = "Alle søylene har samme målestokk."
_ROW: Final = 22
_TOP: Final = 76
_MOST: Final = 20
_GAIN: Final = "#1b5e8c"
_LOSE: Final = "#a33b1f"
_INK: Final = "#1e2b3c"


@dataclass(frozen=True, slots=True)
class _Bar:
    """A name, the kroner more (None: not known), also in percent, and of how many lines they are."""

    name: str
    kroner: int | None
    percent: str
    lines: int

    @property
    def size(self) -> int:
        """How large it is, regardless of sign."""
        return abs(self.kroner or 0)

    @property
    def number(self) -> str:
        """What stands beside it: `+1 362 (+0,4 %)`."""
        if self.kroner is None:
            return UNKNOWN
        return signed(self.kroner) + (f" ({self.percent})" if self.percent else "")


def chart(impact: Impact) -> str:
    """The whole drawing."""
    blocks = list(_blocks(impact))
    rows = sum(len(bars) + 2 for _, bars in blocks)
    height = _TOP + rows * _ROW
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    text = f'font-family="sans-serif" font-size="13" fill="{_INK}"'
    parts = [
        f'<svg {_NAMESPACE} xml:lang="nb" role="img" aria-labelledby="title desc" {size} {text}>',
        f'<title id="title">{escape(_title(impact))}</title>',
        f'<desc id="desc">{escape(_description(impact))}</desc>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="30" font-size="18" font-weight="bold">{escape(_fitting(_title(impact), _TITLE))}</text>',
        f'<text x="16" y="54">{escape(_subtitle(impact))}</text>',
        *_drawn(blocks),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(impact: Impact) -> str:
    return f"Virkningen av «{impact.draft.content.title}» i tilskuddsperioden {impact.draft.round.id}"


def _subtitle(impact: Impact) -> str:
    total = impact.total
    left_out = f", {_lines(total.unknown)} med ukjent sats ikke medregnet" if total.unknown else ""
    return f"Kroner mer eller mindre: {_kroner(total.difference)} for {_lines(total.lines)}{left_out}. {_SCALE}"


def _description(impact: Impact) -> str:
    total, every = impact.total, impact.municipalities
    gain, lose = sum((each.difference or 0) > 0 for each in every), sum((each.difference or 0) < 0 for each in every)
    by_element = _listed(impact.elements, lambda key: element_name(key, impact))
    return (
        f"Søylediagram. {_SCALE} {impact.words} Til sammen {_kroner(total.difference)} for {_lines(total.lines)}."
        f" {counted(gain, 'kommune', 'kommuner')} får mer, {lose} får mindre."
        f" Etter element: {by_element}. Etter stillingstype: {_listed(impact.categories, category_name)}."
    )


def _listed(groups: Sequence[LineGroup], name: Callable[[str], str]) -> str:
    return "; ".join(f"{name(each.key)} {_kroner(each.difference)}" for each in groups) or "ingen"


def _kroner(amount: int | None) -> str:
    return UNKNOWN if amount is None else signed_kroner(amount)


def _lines(number: int) -> str:
    return counted(number, "linje", "linjer")


def _blocks(impact: Impact) -> Iterator[tuple[str, Sequence[_Bar]]]:
    yield "Etter element", _bars(impact.elements, lambda key: element_name(key, impact))
    yield "Etter stillingstype", _bars(impact.categories, category_name)
    yield "Etter sentralitetsklasse", _bars(impact.classes, lambda key: f"klasse {key}")
    yield "Grensetilfeller", _bars([group for group, _ in impact.edges], lambda key: EDGES[key])
    changed = [each for each in ordered(impact.municipalities) if each.difference]
    largest = sorted(changed, key=lambda each: -abs(each.difference or 0))[:_MOST]
    title = f"De {_MOST} kommunene med størst endring" if len(changed) > _MOST else "Kommuner med endring"
    yield title, _bars(ordered(largest), impact.name)


def _bars(groups: Sequence[LineGroup], name: Callable[[str], str]) -> list[_Bar]:
    return [_Bar(name(each.key), each.difference, percent_text(each), each.lines) for each in groups]


def _drawn(blocks: Sequence[tuple[str, Sequence[_Bar]]]) -> Iterator[str]:
    top, scale = _TOP, _scale([bar for _, bars in blocks for bar in bars])
    for title, bars in blocks:
        yield f'<text x="16" y="{top + 15}" font-weight="bold">{escape(title)}</text>'
        top += _ROW
        for bar in bars:
            yield from _drawn_bar(bar, top, scale)
            top += _ROW
        top += _ROW


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where nothing is, and how far the largest bar of the whole drawing goes from there."""

    zero: int
    reach: int
    largest: int


def _scale(bars: Sequence[_Bar]) -> _Scale:
    """From the left edge if all gain, from the middle if any loses."""
    left, room = _LABEL + 16, _WIDTH - _LABEL - _NUMBER - 32
    largest = max((bar.size for bar in bars), default=0) or 1
    if any((bar.kroner or 0) < 0 for bar in bars):
        return _Scale(left + room // 2, room // 2, largest)
    return _Scale(left, room, largest)


def _drawn_bar(bar: _Bar, top: int, scale: _Scale) -> Iterator[str]:
    """A bar to the right of nothing for more, to the left for less, with its number on the right."""
    length = bar.size * scale.reach // scale.largest
    loses = (bar.kroner or 0) < 0
    start, after = (scale.zero - length, scale.zero) if loses else (scale.zero, scale.zero + length)
    shown = _fitting(bar.name, _LETTERS)
    yield f'<text x="{_LABEL + 8}" y="{top + 15}" text-anchor="end">{escape(shown)}</text>'
    yield f'<rect x="{start}" y="{top + 3}" width="{length}" height="{_ROW - 6}" fill="{_LOSE if loses else _GAIN}">'
    yield f"<title>{escape(bar.name)}: {_kroner(bar.kroner)}, {_lines(bar.lines)}</title></rect>"
    yield f'<text x="{after + 6}" y="{top + 15}">{bar.number}</text>'


def _fitting(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
