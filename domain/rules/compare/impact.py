"""What a draft would do: every line of a round under the draft beside the published rule set.

The lines at an edge are named apart, for there a small change of the rules decides most: where the productivity
window or the five years end in the round, and where the municipality lies near the limit of the centrality class.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

from domain.doctor.history import Doctor
from domain.rules.line.by_category import by_category
from domain.rules.line.months import Record, municipalities_of, record_of
from domain.rules.result import Line, line_of
from domain.rules.sets.municipalities import Municipality, MunicipalityList
from domain.rules.sets.rule_set import RuleSet
from domain.values.refusals.refusal import Refused

WINDOW: Final = "window_ends"
FIVE_YEARS: Final = "five_years_end"
CENTRALITY: Final = "centrality_limit"
EDGES: Final = (WINDOW, FIVE_YEARS, CENTRALITY)
NEAR: Final = 10
"""So many points of the centrality index from the limit of the class is near it."""


class LineSide(NamedTuple):
    """A line under one of the two rule sets: its kroner (None: a rate is unknown), also by category."""

    total: int | None
    categories: Mapping[str, int]


_ABSENT: Final = LineSide(0, {})


@dataclass(frozen=True, slots=True)
class LineImpact:
    """A line under both rule sets, by the municipality's number in the published one's list where it is there."""

    hpr: str
    municipality: str
    before: LineSide
    after: LineSide
    edges: tuple[str, ...]

    @property
    def difference(self) -> int | None:
        """The kroner more that the draft gives; None where one side is unknown."""
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
    """What some lines come to; a line that is unknown on one side is counted, and left out of the kroner."""

    key: str
    lines: int
    unknown: int
    before: int
    after: int
    gain: int
    lose: int

    @property
    def difference(self) -> int:
        """The kroner more that the draft gives."""
        return self.after - self.before

    def as_json(self) -> dict[str, Any]:
        """The group by names."""
        return {
            "key": self.key,
            "lines": self.lines,
            "unknown": self.unknown,
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
            "lines_that_gain": self.gain,
            "lines_that_lose": self.lose,
        }


@dataclass(frozen=True)
class Impact:
    """Every line of the round under a draft beside the published rule set."""

    draft: RuleSet
    current: RuleSet
    lines: tuple[LineImpact, ...]

    @cached_property
    def total(self) -> LineGroup:
        """All lines."""
        return _group("all", self.lines)

    @cached_property
    def categories(self) -> tuple[LineGroup, ...]:
        """By category of post: a line's part in each, as it sums to the line."""
        names = sorted({name for line in self.lines for side in (line.before, line.after) for name in side.categories})
        return tuple(_group(name, [part for line in self.lines for part in _part(line, name)]) for name in names)

    @cached_property
    def classes(self) -> tuple[LineGroup, ...]:
        """By centrality class."""
        return self._by(lambda line: str(_place(line.municipality, self.current, self.draft).centrality_class))

    @cached_property
    def municipalities(self) -> tuple[LineGroup, ...]:
        """By municipality, in the order of their numbers."""
        return self._by(lambda line: line.municipality)

    @cached_property
    def edges(self) -> tuple[tuple[LineGroup, tuple[LineImpact, ...]], ...]:
        """The lines at each edge."""
        at = [(edge, tuple(line for line in self.lines if edge in line.edges)) for edge in EDGES]
        return tuple((_group(edge, lines), lines) for edge, lines in at)

    def name(self, municipality: str) -> str:
        """What a municipality is called."""
        return _place(municipality, self.current, self.draft).name

    def as_json(self) -> dict[str, Any]:
        """All of it by names; municipalities and lines in their order."""
        return {
            "draft": self.draft.id,
            "draft_digest": self.draft.digest,
            "published": self.current.id,
            "published_digest": self.current.digest,
            "round": self.current.round.id,
            "total": self.total.as_json(),
            "by_category": [each.as_json() for each in self.categories],
            "by_centrality_class": [each.as_json() for each in self.classes],
            "by_municipality": [{**each.as_json(), "name": self.name(each.key)} for each in self.municipalities],
            "gain": [each.key for each in ordered(self.municipalities) if each.difference > 0],
            "lose": [each.key for each in reversed(ordered(self.municipalities)) if each.difference < 0],
            "edges": [{**group.as_json(), "at": [line.as_json() for line in lines]} for group, lines in self.edges],
            "lines": [line.as_json() for line in self.lines],
        }

    def _by(self, key: Callable[[LineImpact], str]) -> tuple[LineGroup, ...]:
        keyed = [(key(line), line) for line in self.lines]
        names = sorted({name for name, _ in keyed})
        return tuple(_group(name, [line for each, line in keyed if each == name]) for name in names)


def impact(doctors: Iterable[tuple[str, Doctor]], draft: RuleSet, current: RuleSet) -> Impact:
    """What a draft would do to the lines of some doctors, beside a rule set of the same round."""
    near = _near_limit(current) | {_known(code, draft, current) for code in _near_limit(draft)}
    moved = {_known(code, draft, current) for code in draft.central} ^ current.central
    found = [line for hpr, doctor in doctors for line in _lines(hpr, doctor, draft, current, near | moved)]
    return Impact(draft, current, tuple(sorted(found, key=lambda line: (line.municipality, int(line.hpr), line.hpr))))


def ordered(groups: Sequence[LineGroup]) -> list[LineGroup]:
    """Those with most to gain first."""
    return sorted(groups, key=lambda group: (-group.difference, group.key))


def _lines(hpr: str, doctor: Doctor, draft: RuleSet, current: RuleSet, near: set[str]) -> Iterator[LineImpact]:
    record, record_after = record_of(doctor, current), record_of(doctor, draft)
    before = {where: line_of(hpr, record, where, current) for where in municipalities_of(record, current)}
    after = {
        _known(where, draft, current): (where, line_of(hpr, record_after, where, draft))
        for where in municipalities_of(record_after, draft)
    }
    for where in sorted(before.keys() | after.keys()):
        place, line = after.get(where, (where, None))
        sides = (before.get(where), line)
        yield LineImpact(
            hpr,
            where,
            _side(sides[0], where, record, current),
            _side(line, place, record_after, draft),
            tuple(_edges(sides, (record, record_after), current, near=where in near)),
        )


def _side(line: Line | None, municipality: str, record: Record, rules: RuleSet) -> LineSide:
    if line is None:
        return _ABSENT
    total = None if line.amounts.missing else line.amounts.total
    return LineSide(total, by_category(line.months, line.amounts, municipality, rules, record.costs))


def _edges(sides: Sequence[Line | None], record: Sequence[Record], rules: RuleSet, *, near: bool) -> Iterator[str]:
    """At which edges a line lies, under one of the rule sets or the other."""
    if any(line and _window_ends(line, each, rules) for line, each in zip(sides, record, strict=True)):
        yield WINDOW
    if any(0 < len(each.exhausted) < len(rules.months) for each in record):
        yield FIVE_YEARS
    if near:
        yield CENTRALITY


def _window_ends(line: Line, record: Record, rules: RuleSet) -> bool:
    """Whether the productivity window of somebody who is given the element ends in the round."""
    return (
        bool(record.window) and record.window[-1] in rules.months and any(month.productivity for month in line.months)
    )


def _near_limit(rules: RuleSet) -> set[str]:
    """The municipalities on both sides of the limit of the supplement's centrality class."""
    every = rules.municipalities.by_code.values()
    inside = [each.centrality_index for each in every if each.code in rules.central]
    outside = [each.centrality_index for each in every if each.code not in rules.central]
    if not inside or not outside:
        return set()
    low, high = max(inside) - NEAR, min(outside) + NEAR
    return {each.code for each in every if low <= each.centrality_index <= high}


def _known(code: str, draft: RuleSet, current: RuleSet) -> str:
    """A number of the draft's list as the published one's has it; its own where that has none."""
    if code in current.municipalities.by_code:
        return code
    former = [old for old, new in draft.municipalities.successors.items() if new == code]
    return next((old for old in former if old in current.municipalities.by_code), _successor(code, current))


def _successor(code: str, current: RuleSet) -> str:
    try:
        return current.municipalities.current(code)
    except Refused:
        return code


def _place(code: str, current: RuleSet, draft: RuleSet) -> Municipality:
    lists: tuple[MunicipalityList, ...] = (current.municipalities, draft.municipalities)
    return next(each.by_code[code] for each in lists if code in each.by_code)


def _part(line: LineImpact, category: str) -> Iterator[LineImpact]:
    """The part of a line that is one category's, where it has any."""
    if category in line.before.categories or category in line.after.categories:
        before, after = (
            LineSide(None if side.total is None else side.categories.get(category, 0), {})
            for side in (line.before, line.after)
        )
        yield replace(line, before=before, after=after)


def _group(key: str, lines: Sequence[LineImpact]) -> LineGroup:
    known = [line for line in lines if line.difference is not None]
    return LineGroup(
        key,
        len(lines),
        len(lines) - len(known),
        sum(line.before.total or 0 for line in known),
        sum(line.after.total or 0 for line in known),
        sum((line.difference or 0) > 0 for line in known),
        sum((line.difference or 0) < 0 for line in known),
    )
