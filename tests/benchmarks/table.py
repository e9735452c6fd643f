"""The one table that `make benchmark` prints."""

from collections.abc import Sequence
from typing import Final

from tests.benchmarks.measure import Heading, Line, number

_COLUMNS: Final = ("", "median", "rounds", "to reach", "", "made of (medians)")
_TEXT: Final = {0, 5}
"""The columns that stand to the left."""


def table(lines: Sequence[Line | Heading]) -> str:
    """Headings and lines, aligned."""
    cells = [_COLUMNS, *(_cells(line) for line in lines if isinstance(line, Line))]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_COLUMNS))]
    text = [_aligned(_COLUMNS, widths), "-" * (sum(widths) + 2 * len(widths))]
    for line in lines:
        text += [_aligned(_cells(line), widths)] if isinstance(line, Line) else ["", line.what]
    return "\n".join(text)


def _cells(line: Line) -> tuple[str, ...]:
    low, high = min(line.figures), max(line.figures)
    spread = f"{number(low)}–{number(high)}" if len(line.figures) > 1 else ""
    goal = str(line.goal) if line.goal else ""
    return "  " + line.what, number(line.figure) + line.unit, spread, goal, line.verdict, line.made_of


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    placed = (
        cell.ljust(width) if column in _TEXT else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(placed).rstrip()
