"""A line before and after as a table: the months as marks, and the kroner of each element that is paid."""

from collections.abc import Iterator
from typing import Final

from domain.rules.compare.changes import LineChange, LineMonths
from domain.values.words import grouped, signed
from workers.shell.table import NOTHING, UNKNOWN, marks

_WIDTH: Final = 14


def change_table(change: LineChange) -> Iterator[str]:
    """A line before and after, a row for each element, and the sum."""
    where = change.rules.municipalities.by_code[change.municipality]
    told = change.as_json()
    yield ""
    yield f"{change.hpr} i {where.name} ({where.code}), tilskuddsperioden {change.rules.round.id}"
    yield f"{'':<22}{'før':>{_WIDTH}}{'etter':>{_WIDTH}}{'endring':>{_WIDTH}}"
    yield f"{'måneder':<22}{_marks(change.before, change):>{_WIDTH}}{_marks(change.after, change):>{_WIDTH}}"
    for element in change.rules.content.elements:
        if element.id in told["elements"] and any(told["elements"][element.id].values()):
            yield _row(element.name, told["elements"][element.id])
    yield _row("sum", told["kroner"])


def _row(name: str, pair: dict[str, int | None]) -> str:
    cells = (_amount(pair["before"]), _amount(pair["after"]), _difference(pair["difference"]))
    return f"{name:<22}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)


def _marks(line: LineMonths | None, change: LineChange) -> str:
    return NOTHING * len(change.rules.months) if line is None else marks(line.line.months)


def _amount(amount: int | None) -> str:
    return UNKNOWN if amount is None else grouped(amount)


def _difference(amount: int | None) -> str:
    return UNKNOWN if amount is None else signed(amount)
