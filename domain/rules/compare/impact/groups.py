"""What lines come to under two rule sets, together and part by part, so that the parts sum to the whole to the krone.

A part (an element, a category) has whole kroner by largest remainder, so one that is exactly the same may differ by a
krone where others change. What only rounding moves like that is summed up as a part of its own, `ROUNDING`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, NamedTuple

from domain.rules.line.by_category import categories_of, exact_by_category
from domain.rules.line.months import Record
from domain.rules.result import Line
from domain.rules.sets.rule_set import RuleSet
from domain.values.rounding import largest_remainder, round_half_up

ROUNDING: Final = "rounding"
PERCENT_DECIMALS: Final = 1


class Part(NamedTuple):
    """An element's or a category's part of a line: exactly, and in whole kroner that sum to the line."""

    exact: Fraction
    kroner: int


_NO_PART: Final = Part(Fraction(0), 0)
Parts = Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class LineSide:
    """A line under one of the two rule sets: its kroner (None: a rate is unknown), also by element and by category.

    `missing` are the elements without a rate.
    """

    total: int | None
    elements: Parts
    categories: Parts
    missing: tuple[str, ...] = ()


ABSENT: Final = LineSide(0, {}, {})
"""No post is held there in the round: nothing is paid."""


@dataclass(frozen=True, slots=True)
class LineImpact:
    """A line under both rule sets, by the municipality's number in the other one's list where it is there.

    `supposed` are its kroner under each of the rule sets that a remark asks about.
    """

    hpr: str
    municipality: str
    before: LineSide
    after: LineSide
    edges: tuple[str, ...] = ()
    supposed: tuple[int | None, ...] = ()

    @property
    def difference(self) -> int | None:
        """The kroner more that the rule set gives; None where one side is unknown."""
        if self.before.total is None or self.after.total is None:
            return None
        return self.after.total - self.before.total

    def as_json(self) -> dict[str, Any]:
        """The line by names."""
        return {
            "hpr": self.hpr,
            "municipality": self.municipality,
            "before": self.before.total,
            "after": self.after.total,
            "difference": self.difference,
        }


@dataclass(frozen=True, slots=True)
class LineGroup:
    """What some lines come to; a line that is unknown on one side is counted, and left out of the kroner.

    The kroner are None where every line is unknown.
    """

    key: str
    lines: int
    unknown: int
    before: int | None
    after: int | None
    gain: int
    lose: int

    @property
    def difference(self) -> int | None:
        """The kroner more that the rule set gives."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def percent(self) -> Fraction | None:
        """The difference in percent of what was before, rounded once, half up; None of nothing."""
        if not self.before or self.difference is None:
            return None
        parts = 10**PERCENT_DECIMALS
        return Fraction(round_half_up(self.difference * 100 * parts, self.before), parts)

    def as_json(self) -> dict[str, Any]:
        """The group by names."""
        return {
            "key": self.key,
            "lines": self.lines,
            "unknown": self.unknown,
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
            "percent": None if self.percent is None else decimal_text(self.percent),
            "lines_that_gain": self.gain,
            "lines_that_lose": self.lose,
        }


def decimal_text(percent: Fraction) -> str:
    """A percent with its one decimal and a point: `-24.7`."""
    whole, rest = divmod(abs(int(percent * 10**PERCENT_DECIMALS)), 10**PERCENT_DECIMALS)
    return f"{'-' if percent < 0 else ''}{whole}.{rest}"


def side_of(line: Line | None, municipality: str, record: Record, rules: RuleSet) -> LineSide:
    """A line under a rule set, in all its parts."""
    if line is None:
        return ABSENT
    found = line.amounts
    exact, total = found.exact, None if found.missing else found.total
    if total is None:
        unknown = dict.fromkeys((category.value for category in categories_of(line.months)), _NO_PART)
        return LineSide(None, {name: Part(each, 0) for name, each in exact.items()}, unknown, found.missing)
    elements = {name: Part(each, found.elements[name]) for name, each in exact.items()}
    shared = exact_by_category(line.months, found, municipality, rules, record.costs)
    whole = largest_remainder(shared, total)
    return LineSide(total, elements, {name: Part(each, whole[name]) for name, each in shared.items()})


def group_of(key: str, lines: Sequence[LineImpact]) -> LineGroup:
    """What some lines come to."""
    known = [line for line in lines if line.difference is not None]
    unknown = len(lines) - len(known)
    nothing_known = bool(unknown) and not known
    return LineGroup(
        key,
        len(lines),
        unknown,
        None if nothing_known else sum(line.before.total or 0 for line in known),
        None if nothing_known else sum(line.after.total or 0 for line in known),
        sum((line.difference or 0) > 0 for line in known),
        sum((line.difference or 0) < 0 for line in known),
    )


def by_element(lines: Sequence[LineImpact], names: Iterable[str]) -> tuple[LineGroup, ...]:
    """The lines by element, of those that any line has, and what only rounding moves."""
    return _by_part(lines, names, lambda side: side.elements, _has_element)


def by_category(lines: Sequence[LineImpact]) -> tuple[LineGroup, ...]:
    """The lines by category of post, and what only rounding moves."""
    names = sorted({name for line in lines for side in (line.before, line.after) for name in side.categories})
    return _by_part(lines, names, lambda side: side.categories, _has_category)


def _by_part(
    lines: Sequence[LineImpact],
    names: Iterable[str],
    parts: Callable[[LineSide], Parts],
    concerns: Callable[[LineImpact, str], bool],
) -> tuple[LineGroup, ...]:
    found, moved = list[LineGroup](), list[LineImpact]()
    for name in names:
        here = [
            _part(line, parts(line.before).get(name, _NO_PART), parts(line.after).get(name, _NO_PART))
            for line in lines
            if concerns(line, name)
        ]
        if here:
            found.append(group_of(name, [line for line, _ in here]))
            moved += [rest for _, rest in here if rest.difference]
    return (*found, *([group_of(ROUNDING, _by_line(moved))] if moved else []))


def _part(line: LineImpact, before: Part, after: Part) -> tuple[LineImpact, LineImpact]:
    """A part of a line, and what only rounding moves of it."""
    if line.difference is None:
        nothing = replace(line, before=ABSENT, after=ABSENT)
        return replace(line, before=replace(ABSENT, total=None), after=replace(ABSENT, total=None)), nothing
    moved = after.kroner - before.kroner if before.exact == after.exact else 0
    return _paid(line, before.kroner, after.kroner - moved), _paid(line, 0, moved)


def _paid(line: LineImpact, before: int, after: int) -> LineImpact:
    return replace(line, before=replace(ABSENT, total=before), after=replace(ABSENT, total=after))


def _by_line(moved: Iterable[LineImpact]) -> list[LineImpact]:
    """What rounding moves, each line once."""
    sums: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], LineImpact] = {}
    for each in moved:
        key = (each.municipality, each.hpr)
        sums[key] = sums.get(key, 0) + (each.difference or 0)
        first.setdefault(key, each)
    return [_paid(first[key], 0, kroner) for key, kroner in sums.items()]


def _has_element(line: LineImpact, name: str) -> bool:
    """Whether an element is paid on a line, or would be if its rate were known."""
    sides = (line.before, line.after)
    return any(name in side.missing or side.elements.get(name, _NO_PART) != _NO_PART for side in sides)


def _has_category(line: LineImpact, name: str) -> bool:
    return name in line.before.categories or name in line.after.categories
