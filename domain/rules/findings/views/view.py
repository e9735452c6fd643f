"""What a finding is, and all that one is found from: a line, the doctor's days and the rules."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, NamedTuple

from domain.doctor.agreement import Agreement
from domain.doctor.history import Doctor
from domain.doctor.track.state import Position
from domain.rules.days.duration import exhausted
from domain.rules.days.in_force import in_force
from domain.rules.days.positions import Held, held
from domain.rules.days.span import Span
from domain.rules.days.window import window
from domain.rules.line.amounts import amounts
from domain.rules.line.basis import Basis
from domain.rules.line.months import Month, MonthOutcome, Record, months, municipalities_of, record_of
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import Days, days_of, first_of, last_of, merged, month_of, text_of
from domain.values.fields import MonthText, RegisteredId, Shape
from domain.values.rounding import round_half_up

UNKNOWN: Final = "beløpet er ukjent"
"""What is said of kroner where a rate is unknown."""


class Severity(StrEnum):
    """Whether somebody should act, or only know."""

    INFO = "info"
    WARNING = "warning"


class Found(NamedTuple):
    """What a check found: the months, the facts behind it, and a sentence."""

    months: Sequence[int]
    facts: Iterable[str]
    text: str


class FindingShape(Shape):
    """Something that changes no amount, but tells people where to look, in a Norwegian sentence."""

    code: str
    severity: Severity
    months: list[MonthText]
    facts: list[RegisteredId]
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that changes no amount, but tells people where to look."""

    code: str
    severity: Severity
    months: tuple[int, ...]
    facts: tuple[str, ...]
    text: str

    def as_json(self) -> dict[str, Any]:
        """The finding as contract.md writes it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "months": [text_of(month) for month in self.months],
            "facts": list(self.facts),
            "text": self.text,
        }


@dataclass(frozen=True)
class View:
    """One line as a municipality sees it; the facts of other municipalities' posts are never named."""

    doctor: Doctor
    record: Record
    line: Sequence[Month]
    municipality: str
    rules: RuleSet

    @cached_property
    def paid(self) -> frozenset[int]:
        """The months that count for anything."""
        return frozenset(month.number for month in self.line if month.basis is not Basis.NONE)

    @cached_property
    def paid_elsewhere(self) -> frozenset[int]:
        """The months that count in other municipalities."""
        others = municipalities_of(self.record, self.rules) - {self.municipality}
        lines = [months(self.record, other, self.rules) for other in others]
        return frozenset(month.number for line in lines for month in line if month.basis is not Basis.NONE)

    @cached_property
    def spans(self) -> Sequence[Span]:
        """The doctor's days of the round, cut at its first day."""
        start = first_of(self.rules.months[0])
        return [span._replace(first=max(span.first, start)) for span in self.record.spans if span.last >= start]

    @cached_property
    def posts(self) -> Mapping[str, Position]:
        """The posts in the municipality."""
        every = self.doctor.track.positions
        return {name: post for name, post in every.items() if self.is_here(post.municipality)}

    @cached_property
    def agreements(self) -> Sequence[Agreement]:
        """The agreements with the municipality."""
        return [each for each in self.doctor.agreements.values() if self.is_here(each.municipality)]

    def is_here(self, code: str) -> bool:
        """Whether a code, also an ended one, is that of the municipality."""
        return self.rules.municipalities.current(code) == self.municipality

    def works_here(self, span: Span) -> bool:
        """Whether a qualifying post is held here."""
        return any(where == self.municipality for where, _ in span.weights)

    def of_round(self, days: Iterable[Days]) -> list[int]:
        """The months of the round that some days lie in."""
        first, last = first_of(self.rules.months[0]), last_of(self.rules.months[-1])
        inside = ((max(start, first), min(end, last)) for start, end in days)
        return sorted({each for start, end in inside if start <= end for each in month_range(start, end)})

    def in_force(self, agreement: Agreement) -> list[Days]:
        """The days on which an agreement with the municipality is in force."""
        return self._in_force[agreement.facts[0]]

    @cached_property
    def _in_force(self) -> Mapping[str, list[Days]]:
        """The days in force of each agreement, by the fact that began it."""
        return {each.facts[0]: self.days_in_force([each]) for each in self.agreements}

    def days_in_force(self, agreements: Iterable[Agreement]) -> list[Days]:
        """The days on which agreements with the municipality are in force, also such as might have been."""
        return [days for days, _ in in_force(agreements, self._parts, self._services, self.rules)]

    @cached_property
    def held(self) -> Sequence[Days]:
        """The runs of days with a post in the municipality, also one that does not qualify."""
        return merged(part.days for part in self._parts)

    @cached_property
    def unbroken(self) -> Sequence[Days]:
        """The same with days of external institutional service, which do not break a run and belong to it."""
        return merged([*self.held, *self._services])

    @cached_property
    def _parts(self) -> Sequence[Held]:
        return [part for post in self.posts.values() for part in held(post, self.rules)]

    @cached_property
    def _services(self) -> Sequence[Days]:
        return [days_of(each) for each in self.doctor.track.services.values() if not each.municipal]

    def line_of(self, doctor: Doctor) -> list[Month]:
        """The months as they would be if something about the doctor were otherwise."""
        return months(record_of(doctor, self.rules), self.municipality, self.rules)

    def line_on(self, spans: Sequence[Span]) -> list[Month]:
        """The months as they would be on other days."""
        over = exhausted(spans, self.rules.months, self.rules)
        return self.line_with(spans=spans, window=window(self.doctor, spans, self.rules), exhausted=over)

    def line_with(self, **changed: Any) -> list[Month]:  # noqa: ANN401 - fields of a record
        """The months as they would be from another record of the doctor's days."""
        return months(replace(self.record, **changed), self.municipality, self.rules)

    def both(self, number: int, changed: Sequence[Month]) -> tuple[MonthOutcome, MonthOutcome]:
        """What a month comes to, and what it comes to in another line."""
        index = number - self.rules.months[0]
        return self.line[index].outcome, changed[index].outcome

    def worth(self, line: Sequence[Month]) -> Fraction | None:
        """The exact kroner of a line; None where a rate is unknown."""
        found = amounts(line, self.municipality, self.rules, self.record.costs)
        return None if found.missing else found.sum

    def more(self, line: Sequence[Month], than: Sequence[Month]) -> int | None:
        """How many kroner more one line is paid than another, rounded once; None where a rate is unknown."""
        more, less = self.worth(line), self.worth(than)
        return None if more is None or less is None else round_half_up(more - less)

    def with_months(self, changed: Sequence[Month], numbers: Collection[int]) -> list[Month]:
        """The line with some of its months as in another."""
        return [new if new.number in numbers else old for old, new in zip(self.line, changed, strict=True)]


def month_range(first: int, last: int) -> range:
    """The months that the days from first to last lie in."""
    return range(month_of(first), month_of(last) + 1)


def facts_of_posts(posts: Iterable[Position], days: Days) -> Iterator[str]:
    """The facts that some posts rest on in a run of days, changes of them included."""
    for post in posts:
        if overlap(days_of(post), days):
            changes = (*post.category, *post.percent)
            yield from post.facts
            yield from (fact for on, _, fact in changes if on.toordinal() <= days[1])


def overlap(one: Days, other: Days) -> bool:
    """Whether two runs of days share a day."""
    return one[0] <= other[1] and other[0] <= one[1]


def date_of(day: int) -> date:
    """The day of an ordinal."""
    return date.fromordinal(day)


def clipped(spans: Iterable[Span], days: Days) -> list[Span]:
    """The spans that lie in a run of days, cut at its ends."""
    return [_cut(span, days) for span in spans if span.first <= days[1] and span.last >= days[0]]


def _cut(span: Span, days: Days) -> Span:
    if days[0] <= span.first and span.last <= days[1]:
        return span
    return span._replace(first=max(span.first, days[0]), last=min(span.last, days[1]))
