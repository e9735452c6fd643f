"""What a rule set would do: every line of a round under it, and under the one that it is compared with.

The lines at an edge are named apart, for there a small change of the rules decides most: where the productivity
window or the five years end in the round, and where the municipality lies near the limit of the centrality class.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from domain.doctor.history import Doctor
from domain.rules.compare.impact.groups import (
    PERCENT_DECIMALS,
    LineGroup,
    LineImpact,
    by_category,
    by_element,
    group_of,
    side_of,
)
from domain.rules.compare.impact.remarks import Compared, Supposed, compared_in_words, remarks_on, supposed_of
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


@dataclass(frozen=True)
class Impact:
    """Every line of the round under a rule set and under the one that it is compared with."""

    compared: Compared
    lines: tuple[LineImpact, ...]
    supposed: tuple[Supposed, ...] = ()

    @property
    def draft(self) -> RuleSet:
        """The rule set that is asked about."""
        return self.compared.draft

    @property
    def current(self) -> RuleSet:
        """The one that it is compared with, in the same round."""
        return self.compared.current

    @property
    def words(self) -> str:
        """What is compared with what, in Norwegian."""
        return compared_in_words(self.compared)

    @cached_property
    def total(self) -> LineGroup:
        """All lines."""
        return group_of("all", self.lines)

    @cached_property
    def elements(self) -> tuple[LineGroup, ...]:
        """By element: a line's part in each, as it sums to the line."""
        return by_element(self.lines, self.compared.elements)

    @cached_property
    def categories(self) -> tuple[LineGroup, ...]:
        """By category of post: a line's part in each, as it sums to the line."""
        return by_category(self.lines)

    @cached_property
    def classes(self) -> tuple[LineGroup, ...]:
        """By centrality class, as the list of the rule set that it is compared with has it."""
        return self._by(lambda line: str(_place(line.municipality, self.current, self.draft).centrality_class))

    @cached_property
    def municipalities(self) -> tuple[LineGroup, ...]:
        """By municipality, in the order of their numbers."""
        return self._by(lambda line: line.municipality)

    @cached_property
    def edges(self) -> tuple[tuple[LineGroup, tuple[LineImpact, ...]], ...]:
        """The lines at each edge."""
        at = [(edge, tuple(line for line in self.lines if edge in line.edges)) for edge in EDGES]
        return tuple((group_of(edge, lines), lines) for edge, lines in at)

    @cached_property
    def remarks(self) -> list[dict[str, Any]]:
        """What one should know of the two rule sets before one reads the kroner."""
        return [each.as_json() for each in remarks_on(self.compared, self.supposed, self.lines)]

    def seen_by(self, municipality: Collection[str]) -> "Impact":
        """As a municipality sees it, by all its codes: its own lines alone."""
        return replace(self, lines=tuple(line for line in self.lines if line.municipality in municipality))

    def name(self, municipality: str) -> str:
        """What a municipality is called."""
        return _place(municipality, self.current, self.draft).name

    def as_json(self) -> dict[str, Any]:
        """All of it by names; municipalities and lines in their order."""
        return {
            **self.compared.as_json(),
            "compared": self.words,
            "percent_decimals": PERCENT_DECIMALS,
            "total": self.total.as_json(),
            "by_element": [each.as_json() for each in self.elements],
            "by_category": [each.as_json() for each in self.categories],
            "by_centrality_class": [each.as_json() for each in self.classes],
            "by_municipality": [{**each.as_json(), "name": self.name(each.key)} for each in self.municipalities],
            "gain": [each.key for each in ordered(self.municipalities) if (each.difference or 0) > 0],
            "lose": [each.key for each in reversed(ordered(self.municipalities)) if (each.difference or 0) < 0],
            "edges": [{**group.as_json(), "at": [line.as_json() for line in lines]} for group, lines in self.edges],
            "remarks": self.remarks,
            "lines": [line.as_json() for line in self.lines],
        }

    def _by(self, key: Callable[[LineImpact], str]) -> tuple[LineGroup, ...]:
        keyed = [(key(line), line) for line in self.lines]
        names = sorted({name for name, _ in keyed})
        return tuple(group_of(name, [line for each, line in keyed if each == name]) for name in names)


def impact(doctors: Iterable[tuple[str, Doctor]], compared: Compared) -> Impact:
    """What a rule set would do to the lines of some doctors, compared with another in the same round."""
    draft, current = compared.draft, compared.current
    near = _near_limit(current) | {_known(code, draft, current) for code in _near_limit(draft)}
    moved = {_known(code, draft, current) for code in draft.central} ^ current.central
    supposed = supposed_of(draft, current)
    found = [line for hpr, doctor in doctors for line in _lines(hpr, doctor, compared, supposed, near | moved)]
    in_order = sorted(found, key=lambda line: (line.municipality, int(line.hpr), line.hpr))
    return Impact(compared, tuple(in_order), supposed)


def ordered(groups: Sequence[LineGroup]) -> list[LineGroup]:
    """Those with most to gain first."""
    return sorted(groups, key=lambda group: (-(group.difference or 0), group.key))


def _lines(
    hpr: str, doctor: Doctor, compared: Compared, supposed: Sequence[Supposed], near: set[str]
) -> Iterator[LineImpact]:
    draft, current = compared.draft, compared.current
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
            side_of(sides[0], where, record, current),
            side_of(line, place, record_after, draft),
            tuple(_edges(sides, (record, record_after), current, near=where in near)),
            tuple(_total(hpr, record_after, place, each.rules) if line else 0 for each in supposed),
        )


def _total(hpr: str, record: Record, municipality: str, rules: RuleSet) -> int | None:
    found = line_of(hpr, record, municipality, rules).amounts
    return None if found.missing else found.total


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
