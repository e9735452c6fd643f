"""Rows of text in columns."""

from collections.abc import Iterator, Sequence


def columns(rows: Sequence[Sequence[str]], left: int) -> str:
    """Rows with columns as wide as they need; the first ones begin, the others end, together."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(f"{_row(row, widths, left)}\n" for row in rows)


def _row(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    return "  ".join(_cells(row, widths, left)).rstrip()


def _cells(row: Sequence[str], widths: Sequence[int], left: int) -> Iterator[str]:
    for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield f"{cell:<{width}}" if number < left else f"{cell:>{width}}"
