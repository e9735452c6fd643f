"""The shape of a calculation, for the documentation; `domain.rules.result` fills it."""

from typing import Literal

from api.round.result_shapes import FindingShape, Head, LineErrorShape, MonthShape, Shape
from api.round.trace_shapes import TraceShape
from domain.values.fields import MonthText, RegisteredHpr


class AlternativeShape(Shape):
    """What another choice would do to a line: kroner more (or less) than its total, and the months concerned."""

    value: str | bool
    kroner: int
    months: list[MonthText]


class DecidingChoiceOfLine(Shape):
    """A choice of the rule set that decides the amount of a line, with each alternative that changes it."""

    option: str
    value: str | bool
    alternatives: list[AlternativeShape]


class AlternativeOfAll(Shape):
    """What another choice would do to the whole claim; in words that stand after «at»."""

    value: str | bool
    words: str
    kroner: int


class DecidingChoice(Shape):
    """A choice of the rule set that decides the amount of so many lines, with its authority and every alternative."""

    option: str
    question: str
    value: str | bool
    words: str
    basis: Literal["stated", "inferred", "assumed"]
    source: str
    note: str
    lines: int
    alternatives: list[AlternativeOfAll]


class LineShape(Shape):
    """What a municipality gets for one doctor, in whole kroner; the elements sum to the total.

    `assumptions` and `trace` are there where they were asked for.
    """

    hpr: RegisteredHpr
    total: int | None
    elements: dict[str, int] | None
    error: LineErrorShape | None = None
    months: list[MonthShape]
    findings: list[FindingShape]
    assumptions: list[DecidingChoiceOfLine] | None = None
    trace: TraceShape | None = None
    reclaimed: dict[str, int] | None = None


class Calculation(Head):
    """The grant of a municipality in a round, in whole kroner.

    `municipality` is the code of today. `complete` is false where a line has no amount, and `total` sums the rest.
    `known_before_stored_after` is there when `known_at` was given. `assumptions` are the choices that decide any line.
    """

    total: int
    complete: bool
    assumptions: list[DecidingChoice] | None = None
    lines: list[LineShape]
