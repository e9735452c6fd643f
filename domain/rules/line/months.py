"""The months of a round: whether each counts, on what basis, and with which shares (rules.md section 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, NamedTuple

from pydantic import Field

from domain.doctor.history import Doctor
from domain.rules.days.conditions import NO_AGREEMENT, NO_POSITION
from domain.rules.days.duration import exhausted
from domain.rules.days.leave import after_leave
from domain.rules.days.shares import NOTHING, Shares
from domain.rules.days.span import Span
from domain.rules.days.timeline import spans, until
from domain.rules.days.window import window
from domain.rules.line.basis import Basis, Circumstances, Stretch, Stretches, judged
from domain.rules.line.costs import Costs, costs_of
from domain.rules.sets.rule_set import RuleSet, Terms
from domain.values.days.calendar import first_of, last_of
from domain.values.fields import Category, MonthText, Shape

Share = Annotated[str, Field(pattern=r"^[0-9]\.[0-9]{6}$", examples=["1.000000"])]


@dataclass(frozen=True, slots=True, eq=False)
class MonthOutcome:
    """What a month comes to; months of one kind share it.

    `paid` has the share of full time on each of the terms, `shares` the same per category.
    """

    basis: Basis
    paid: Mapping[Terms, Fraction]
    shares: Shares
    productivity: bool
    reasons: tuple[str, ...]


class MonthShape(Shape):
    """A month of a line: what it is paid as, the shares of full time, and the conditions that failed on any day."""

    month: MonthText
    basis: Basis
    shares: dict[Category, Share]
    productivity: bool
    reasons: list[str]


class Month(NamedTuple):
    """One month of a line."""

    number: int
    outcome: MonthOutcome

    @property
    def basis(self) -> Basis:
        """What it is paid as."""
        return self.outcome.basis

    @property
    def shares(self) -> Shares:
        """The share of full time per category."""
        return self.outcome.shares

    @property
    def productivity(self) -> bool:
        """Whether the productivity element is given for any of it."""
        return self.outcome.productivity

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes of what failed on any day, sorted."""
        return self.outcome.reasons


@dataclass(frozen=True, slots=True)
class Record:
    """What the lines of a round are found from, once per doctor for all municipalities."""

    spans: Sequence[Span]
    window: Sequence[int]
    exhausted: frozenset[int]
    costs: Costs


def record_of(doctor: Doctor, rules: RuleSet, known: Sequence[Span] | None = None) -> Record:
    """A doctor's record up to the end of the round; `known` are the spans to the end of time, if they are known."""
    last = last_of(rules.months[-1])
    found = spans(doctor, rules, last) if known is None else until(known, last)
    return Record(
        found, window(doctor, found, rules), exhausted(found, rules.months, rules), costs_of(doctor.track, rules)
    )


def months_of(rules: RuleSet) -> range:
    """The months of the round, as numbers."""
    return rules.months


def municipalities_of(record: Record, rules: RuleSet) -> frozenset[str]:
    """Where the doctor held any position in the round."""
    start = first_of(rules.months[0])
    return frozenset(post.municipality for span in record.spans if span.last >= start for post in span.posts)


def months(record: Record, municipality: str, rules: RuleSet) -> list[Month]:
    """The months of the round for one municipality; in a month without a change one day stands for all."""
    start, central = first_of(rules.months[0]), municipality in rules.central
    stretches = [
        (span.first, span.last, _stretch(span, municipality, rules)) for span in record.spans if span.last >= start
    ]
    whole: dict[tuple[int, Circumstances], MonthOutcome] = {}
    found, at, last_at = [], 0, len(stretches) - 1
    for number, first, last in rules.days:
        while at < last_at and stretches[at][1] < first:
            at += 1
        case = Circumstances(number in record.window, number in record.exhausted, central)
        if stretches[at][0] > first or stretches[at][1] < last:
            found.append(Month(number, _remembered(_parts(stretches, first, last), case, rules)))
            continue
        kind = (at, case)
        if kind not in whole:
            whole[kind] = _remembered(((1, stretches[at][2]),), case, rules)
        found.append(Month(number, whole[kind]))
    return found


def _stretch(span: Span, municipality: str, rules: RuleSet) -> Stretch:
    """A span as one municipality sees it."""
    failing = span.failing
    if not any(where == municipality for where, _ in span.weights):
        failing |= {NO_POSITION}
    if municipality not in span.agreed:
        failing |= {NO_AGREEMENT}
    return Stretch.of(failing, after_leave(span.weights, municipality, span.leave, rules))


def _parts(stretches: Sequence[tuple[int, int, Stretch]], first: int, last: int) -> Stretches:
    """The stretches that make up a month, with their days in it."""
    return tuple(
        [
            (min(end, last) - max(start, first) + 1, stretch)
            for start, end, stretch in stretches
            if start <= last and end >= first
        ]
    )


def _remembered(parts: Stretches, case: Circumstances, rules: RuleSet) -> MonthOutcome:
    """What a month comes to, found once for all months alike."""
    kind = (case, *[(days, stretch.kind) for days, stretch in parts])
    found: MonthOutcome | None = rules.outcomes.get(kind)
    return found or rules.outcomes.keep(kind, _outcome(parts, case, rules))


def _outcome(parts: Stretches, case: Circumstances, rules: RuleSet) -> MonthOutcome:
    paid, failing = judged(parts, case, rules)
    agreed = paid.get(Basis.AGREEMENT, {})
    by_terms = {
        Terms(category, basis is Basis.AGREEMENT, case.in_window, case.central): share
        for basis, shares in paid.items()
        for category, share in shares.items()
    }
    productivity = case.in_window and not rules.productive.isdisjoint(agreed)
    best = next((basis for basis in Basis if basis in paid), Basis.NONE)
    return MonthOutcome(best, by_terms, _together(paid), productivity, tuple(sorted(failing)))


def _together(paid: Mapping[Basis, Shares]) -> Shares:
    """The shares per category, over all that they are paid as."""
    if len(paid) == 1:
        return next(iter(paid.values()))
    total: dict[Category, Fraction] = {}
    for shares in paid.values():
        for category, share in shares.items():
            total[category] = total.get(category, NOTHING) + share
    return total
