"""Rows of text in columns, and doctors by name in what is printed: people know names, not HPR numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

_HEAD: Final = "HPR-nummer  "
_ROW: Final = re.compile(r"([0-9]{7,9})  ")
_NUMBER: Final = re.compile(r"(\()?(?:(?:med )?HPR-nummer )?(?<![\w.-])([0-9]{7,9})(?![\w-])")
_WIDEST: Final = 30
"""A longer name is cut in a table, and whole in a sentence."""


def columns(rows: Sequence[Sequence[str]], left: int) -> str:
    """Rows with columns as wide as they need; the first ones begin, the others end, together."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(f"{_row(row, widths, left)}\n" for row in rows)


def _row(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    return "  ".join(_cells(row, widths, left)).rstrip()


def _cells(row: Sequence[str], widths: Sequence[int], left: int) -> Iterator[str]:
    for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield f"{cell:<{width}}" if number < left else f"{cell:>{width}}"


def numbers_in(text: str) -> set[str]:
    """Everything in a text that can be an HPR number."""
    return {found[2] for found in _NUMBER.finditer(text)}


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A printed text with names, by HPR number: in a sentence before the number, in a table in a last column."""
    if not names:
        return text
    blocks = ("\n".join(_named_block(block.split("\n"), names)) for block in text.split("\n\n"))
    return "\n\n".join(blocks)


def _named_block(lines: Sequence[str], names: Mapping[str, str]) -> Iterator[str]:
    """Lines without an empty one between them: sentences, or a table that goes on from its head."""
    head = next((number for number, line in enumerate(lines) if line.startswith(_HEAD)), len(lines))
    rows = {number: row for number in range(head, len(lines)) if (row := _ROW.match(lines[number]))}
    width = max((len(lines[number]) for number in (head, *rows) if number < len(lines)), default=0)
    for number, line in enumerate(lines):
        if number in rows:
            name = names.get(rows[number][1])
            yield f"{line:<{width}}  {_cut(name)}" if name else line
        elif number == head and any(row[1] in names for row in rows.values()):
            yield f"{line:<{width}}  lege"
        else:
            yield _NUMBER.sub(lambda found: _named(found, names), line)


def _named(found: re.Match[str], names: Mapping[str, str]) -> str:
    name = names.get(found[2])
    if name is None:
        return found[0]
    return f"({name}, {found[2]}" if found[1] else f"{name} ({found[2]})"


def _cut(name: str) -> str:
    return name if len(name) <= _WIDEST else f"{name[: _WIDEST - 1]}…"
