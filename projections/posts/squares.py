"""Posts drawn as FAFO 2023:02 draws them in figures 2 and 3: a line for each post, a square for each month.

Green is the first doctor, yellow the second, orange the third and later, dark grey what nothing is known of: the months
before the first doctor. A vacant month is an empty square. Each colour has a pattern and each doctor a number, so that
the drawing can be read in black and white. Plain SVG without scripts, fonts or addresses; its description says the same
in words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape

from domain.values.days.calendar import MONTHS_PER_CALENDAR_YEAR, month_number, text_of
from domain.values.places import place
from domain.values.words import counted, listed, month, months
from projections.posts.posts import Post, PostMonth

_NAMESPACE: Final = 'xmlns="http://www.w3.org/2000/svg"'
_INK: Final = "#1e2b3c"
_SIDE: Final = 14
"""Of a square, with the line between two of them."""
_ROW: Final = 20
_MARGIN: Final = 16
_LETTER: Final = 7.2
"""About as wide as a letter is."""
_LEAST_LABEL: Final = 120
_LEAST_WIDTH: Final = 780
_TOP: Final = 116
_THIRD: Final = 3
_HOLDERS: Final = ("first", "second", "third")
_LEGEND: Final = (
    ("first", "første lege", "1"),
    ("second", "andre lege", "2"),
    ("third", "tredje og senere lege", "3"),
    ("vacant", "ledig", ""),
    ("closed", "nedlagt", ""),
    ("unknown", "ingen opplysninger", ""),
)
_FILLS: Final = {
    "first": "#2f7d4f",
    "second": "url(#dotted)",
    "third": "url(#striped)",
    "vacant": "#ffffff",
    "closed": "#d9dde2",
    "unknown": "url(#crossed)",
}
_PATTERNS: Final = """<defs>
<pattern id="dotted" width="7" height="7" patternUnits="userSpaceOnUse">
<rect width="7" height="7" fill="#ffdf5d"/><circle cx="3.5" cy="3.5" r="1" fill="#8a6d00"/></pattern>
<pattern id="striped" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="5" height="5" fill="#f08a3c"/><rect width="1.4" height="5" fill="#8f3d00"/></pattern>
<pattern id="crossed" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="4" height="4" fill="#4a5058"/><path d="M0 2h4M2 0v4" stroke="#9aa1a9" stroke-width="0.7"/></pattern>
</defs>"""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where the squares of the months stand."""

    first: int
    last: int
    label: int

    @property
    def width(self) -> int:
        return max(_LEAST_WIDTH, self.x(self.last + 1) + _MARGIN)

    def x(self, of_month: int) -> int:
        return _MARGIN + self.label + (of_month - self.first) * _SIDE


def squares(posts: Sequence[Post], until: date) -> str:
    """The whole drawing."""
    sheet = _sheet(posts, until)
    rows = list(_rows(posts, sheet))
    height = _TOP + _ROW * (len(posts) + len({post.municipality for post in posts})) + _MARGIN
    size = f'viewBox="0 0 {sheet.width} {height}" width="{sheet.width}" height="{height}"'
    text = f'font-family="sans-serif" font-size="12" fill="{_INK}"'
    title = escape(_title(until))
    parts = [
        f'<svg {_NAMESPACE} xml:lang="nb" role="img" aria-labelledby="title desc" {size} {text}>',
        f'<title id="title">{title}</title>',
        f'<desc id="desc">{escape(_description(posts))}</desc>',
        _PATTERNS,
        f'<rect width="{sheet.width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{_MARGIN}" y="30" font-size="18" font-weight="bold">{title}</text>',
        *_legend(),
        *(_years(sheet) if posts else ()),
        *rows,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _sheet(posts: Sequence[Post], until: date) -> _Sheet:
    last = month_number(until)
    first = min((_number(post.months[0]) for post in posts), default=last)
    longest = max((len(post.name) for post in posts), default=0)
    return _Sheet(first, last, max(_LEAST_LABEL, round(longest * _LETTER) + 12))


def _number(of: PostMonth) -> int:
    return month_number(date.fromisoformat(f"{of.month}-01"))


def _title(until: date) -> str:
    return f"Hvem som har hatt hjemlene, måned for måned til og med {month(text_of(month_number(until)))}"


def _description(posts: Sequence[Post]) -> str:
    """The drawing in words, post by post."""
    shown = counted(len(posts), "én hjemmel", "hjemler")
    lines = (f"{place(post.municipality)}, {post.name}: {listed(_spells(post))}." for post in posts)
    return " ".join([f"Én linje for hver hjemmel, én rute for hver måned; {shown}.", *lines])


def _spells(post: Post) -> Iterator[str]:
    """`lege 1 fra mars til mai 2025`, `ledig i juni 2025`."""
    for (holder, closed), run in groupby(post.months, key=lambda each: (each.holder, each.closed)):
        whose = f"lege {holder}" if holder else _empty(closed=closed)
        yield f"{whose} {months([_number(each) for each in run])}"


def _empty(*, closed: bool) -> str:
    return "nedlagt" if closed else "ledig"


def _legend() -> Iterator[str]:
    x = _MARGIN
    for kind, words, number in _LEGEND:
        yield _square(x, 46, kind)
        yield from _numbered(x, 46, kind, number)
        yield f'<text x="{x + _SIDE + 5}" y="57">{words}</text>'
        x += _SIDE + 24 + round(len(words) * _LETTER)


def _years(sheet: _Sheet) -> Iterator[str]:
    """The years over the months, with a line where each begins."""
    for number in range(sheet.first, sheet.last + 1):
        year, index = divmod(number, MONTHS_PER_CALENDAR_YEAR)
        if index == 0 or number == sheet.first:
            x = sheet.x(number)
            yield f'<text x="{x + 2}" y="{_TOP - 22}" font-weight="bold">{year}</text>'
            yield f'<path d="M{x} {_TOP - 32}v26" stroke="{_INK}"/>'
        letter = "jfmamjjasond"[index]
        yield f'<text x="{sheet.x(number) + 6}" y="{_TOP - 8}" font-size="9" text-anchor="middle">{letter}</text>'


def _rows(posts: Sequence[Post], sheet: _Sheet) -> Iterator[str]:
    top = _TOP
    for municipality, mine in groupby(posts, key=lambda post: post.municipality):
        yield f'<text x="{_MARGIN}" y="{top + 12}" font-weight="bold">{escape(place(municipality))}</text>'
        top += _ROW
        for post in mine:
            yield f'<text x="{_MARGIN}" y="{top + 11}">{escape(post.name)}</text>'
            yield from _before(post, sheet, top)
            yield from _months(post, sheet, top)
            top += _ROW


def _before(post: Post, sheet: _Sheet, top: int) -> Iterator[str]:
    """The months in which nothing is known of a post yet."""
    return (_square(sheet.x(number), top, "unknown") for number in range(sheet.first, _number(post.months[0])))


def _months(post: Post, sheet: _Sheet, top: int) -> Iterator[str]:
    for (holder, closed), run in groupby(post.months, key=lambda each: (each.holder, each.closed)):
        kind = _HOLDERS[min(holder, _THIRD) - 1] if holder else "closed" if closed else "vacant"
        for place_in_run, each in enumerate(run):
            x = sheet.x(_number(each))
            yield _square(x, top, kind, _told(each))
            if place_in_run == 0 and holder is not None:
                yield from _numbered(x, top, kind, str(holder))


def _told(of: PostMonth) -> str:
    """What a square says when it is pointed at."""
    who = _empty(closed=of.closed) if of.holder is None else f"lege {of.holder} (HPR-nummer {of.hpr})"
    also = f"; også {listed(of.also)}" if of.also else ""
    return f"{month(of.month)}: {who}{also}"


def _square(x: int, y: int, kind: str, told: str = "") -> str:
    side = _SIDE - 1
    stroke = "#8b929b" if kind == "vacant" else "none"
    title = f"<title>{escape(told)}</title>" if told else ""
    return (
        f'<rect x="{x + 0.5}" y="{y + 0.5}" width="{side - 1}" height="{side - 1}" fill="{_FILLS[kind]}"'
        f' stroke="{stroke}">{title}</rect>'
    )


def _numbered(x: int, y: int, kind: str, number: str) -> Iterator[str]:
    """A doctor's number on the first square of a run, on a plate where a pattern would hide it."""
    if not number:
        return
    if kind != "first":
        wide = 4 + 5 * len(number)
        yield f'<rect x="{x + 6.5 - wide / 2}" y="{y + 1.5}" width="{wide}" height="10" fill="#ffffff" rx="2"/>'
    ink = "#ffffff" if kind == "first" else _INK
    yield f'<text x="{x + 6.5}" y="{y + 10.5}" font-size="10" fill="{ink}" text-anchor="middle">{number}</text>'
