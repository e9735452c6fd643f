"""What a draft would do, drawn: a bar for each municipality that gains or loses most, and for each category.

Plain SVG without scripts, fonts or addresses; a title and a description say the same in words, and every bar has its
number beside it, so that colour alone says nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from domain.rules.compare.impact import Impact, LineGroup, ordered
from domain.values.words import signed, signed_kroner
from workers.rules.rule_impact_table import EDGES, category_name, counted

_NAMESPACE: Final = 'xmlns="http://www.w3.org/2000/svg"'
_WIDTH: Final = 900
_LABEL: Final = 300
_NUMBER: Final = 130
_LETTERS: Final = 44
"""As many letters of a name as there is room for."""
_ROW: Final = 22
_TOP: Final = 76
_MOST: Final = 20
_GAIN: Final = "#1b5e8c"
_LOSE: Final = "#a33b1f"
_INK: Final = "#1e2b3c"


@dataclass(frozen=True, slots=True)
class _Bar:
    """A name, the kroner more that the draft gives, and how many lines they are of."""

    name: str
    kroner: int
    lines: int


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
        f'<text x="16" y="30" font-size="18" font-weight="bold">{escape(_title(impact))}</text>',
        f'<text x="16" y="54">{escape(_subtitle(impact))}</text>',
        *_drawn(blocks),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(impact: Impact) -> str:
    return f"Virkningen av {impact.draft.id} i tilskuddsperioden {impact.draft.round.id}"


def _subtitle(impact: Impact) -> str:
    total, current = impact.total, impact.current.id
    return f"Kroner mer eller mindre enn {current}: {signed(total.difference)} for {_lines(total.lines)}"


def _description(impact: Impact) -> str:
    total, every = impact.total, impact.municipalities
    gain, lose = sum(each.difference > 0 for each in every), sum(each.difference < 0 for each in every)
    by_category = "; ".join(f"{category_name(each.key)} {signed(each.difference)}" for each in impact.categories)
    return (
        f"Søylediagram. Til sammen {signed_kroner(total.difference)} for {_lines(total.lines)}."
        f" {counted(gain, 'kommune', 'kommuner')} får mer, {lose} får mindre."
        f" Etter stillingstype: {by_category or 'ingen'}."
    )


def _lines(number: int) -> str:
    return counted(number, "linje", "linjer")


def _blocks(impact: Impact) -> Iterator[tuple[str, Sequence[_Bar]]]:
    yield "Etter stillingstype", _bars(impact.categories, category_name)
    yield "Etter sentralitetsklasse", _bars(impact.classes, lambda key: f"klasse {key}")
    yield "Grensetilfeller", _bars([group for group, _ in impact.edges], lambda key: EDGES[key])
    changed = [each for each in ordered(impact.municipalities) if each.difference]
    largest = sorted(changed, key=lambda each: -abs(each.difference))[:_MOST]
    title = f"De {_MOST} kommunene med størst endring" if len(changed) > _MOST else "Kommuner med endring"
    yield title, _bars(ordered(largest), impact.name)


def _bars(groups: Sequence[LineGroup], name: Callable[[str], str]) -> list[_Bar]:
    return [_Bar(name(each.key), each.difference, each.lines) for each in groups]


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
    largest = max((abs(bar.kroner) for bar in bars), default=0) or 1
    if any(bar.kroner < 0 for bar in bars):
        return _Scale(left + room // 2, room // 2, largest)
    return _Scale(left, room, largest)


def _drawn_bar(bar: _Bar, top: int, scale: _Scale) -> Iterator[str]:
    """A bar to the right of nothing for more, to the left for less, with its number on the right."""
    length = abs(bar.kroner) * scale.reach // scale.largest
    loses = bar.kroner < 0
    start, after = (scale.zero - length, scale.zero) if loses else (scale.zero, scale.zero + length)
    shown = bar.name if len(bar.name) <= _LETTERS else f"{bar.name[: _LETTERS - 1]}…"
    yield f'<text x="{_LABEL + 8}" y="{top + 15}" text-anchor="end">{escape(shown)}</text>'
    yield f'<rect x="{start}" y="{top + 3}" width="{length}" height="{_ROW - 6}" fill="{_LOSE if loses else _GAIN}">'
    yield f"<title>{escape(bar.name)}: {signed_kroner(bar.kroner)}, {_lines(bar.lines)}</title></rect>"
    yield f'<text x="{after + 6}" y="{top + 15}">{signed(bar.kroner)}</text>'
