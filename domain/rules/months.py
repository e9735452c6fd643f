"""The months of a round: whether each counts, on what basis, and with which shares (rules.md section 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from domain.history import Doctor
from domain.rules.basis import Basis, Case, Parts, Stretch, judged
from domain.rules.calendar import Days, first_of, first_whole_month, last_of, month_of
from domain.rules.costs import Costs, costs_of
from domain.rules.duration import exhausted
from domain.rules.rule_set import RuleSet, Terms
from domain.rules.shares import NOTHING, Shares, after_leave
from domain.rules.span import NO_AGREEMENT, NO_POSITION, Span
from domain.rules.timeline import spans
from domain.rules.window import window
from domain.values import Category

__all__ = ["Basis", "Month", "Outcome", "Record", "months", "months_of", "municipalities_of", "record"]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a month comes to; months of one kind share it.

    `paid` has the share of full time on each of the terms, `shares` the same per category.
    """

    basis: Basis
    paid: Mapping[Terms, Fraction]
    shares: Shares
    productivity: bool
    reasons: tuple[str, ...]


class Month(NamedTuple):
    """One month of a line."""

    number: int
    outcome: Outcome

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


def record(doctor: Doctor, rules: RuleSet) -> Record:
    """Lay out a doctor's days up to the end of the round."""
    laid = spans(doctor, rules, last_of(rules.months[-1]))
    return Record(
        laid, window(doctor, laid, rules), exhausted(laid, rules.months, rules), costs_of(doctor.track, rules)
    )


def months_of(rules: RuleSet) -> range:
    """The months of the round, as numbers."""
    return rules.months


def municipalities_of(record: Record, rules: RuleSet) -> frozenset[str]:
    """Where the doctor held any position in the round."""
    start = first_of(rules.months[0])
    return frozenset(post.municipality for span in record.spans if span.last >= start for post in span.posts)


def months(record: Record, municipality: str, rules: RuleSet) -> list[Month]:
    """The months of the round for one municipality; those of one kind are found once."""
    start, central = first_of(rules.months[0]), municipality in rules.central
    stretches = [
        ((span.first, span.last), _stretch(span, municipality, rules)) for span in record.spans if span.last >= start
    ]
    whole = {number: stretch for days, stretch in stretches for number in _whole_months(days, rules)}
    window, out = record.window, record.exhausted
    outcomes: dict[tuple[Stretch, bool, bool], Outcome] = {}
    found = []
    for number in rules.months:
        if number in whole:
            kind = (whole[number], number in window, number in out)
            if kind not in outcomes:
                outcomes[kind] = _outcome(((1, kind[0]),), Case(*kind[1:], central), rules)
            found.append(Month(number, outcomes[kind]))
        else:
            case = Case(number in window, number in out, central)
            found.append(Month(number, _outcome(_parts(stretches, number), case, rules)))
    return found


def _stretch(span: Span, municipality: str, rules: RuleSet) -> Stretch:
    """A span as one municipality sees it."""
    failing = span.failing
    if not any(where == municipality for where, _ in span.weights):
        failing |= {NO_POSITION}
    if municipality not in span.agreed:
        failing |= {NO_AGREEMENT}
    return Stretch(failing, after_leave(span.weights, municipality, span.leave, rules))


def _whole_months(days: Days, rules: RuleSet) -> range:
    """The months of the round that lie wholly within some days: of such a month any day tells all."""
    first, last = max(days[0], first_of(rules.months[0])), days[1]
    return range(first_whole_month(first), month_of(last + 1))


def _parts(stretches: Sequence[tuple[Days, Stretch]], number: int) -> Parts:
    """The stretches that make up a month, with their days in it."""
    first, last = first_of(number), last_of(number)
    return tuple(
        (min(end, last) - max(start, first) + 1, stretch)
        for (start, end), stretch in stretches
        if start <= last and end >= first
    )


def _outcome(parts: Parts, case: Case, rules: RuleSet) -> Outcome:
    paid, failing = judged(parts, case, rules)
    agreed = paid.get(Basis.AGREEMENT, {})
    by_terms = {
        terms(category): share
        for basis, shares in paid.items()
        for terms in (case.terms(basis),)
        for category, share in shares.items()
    }
    productivity = case.in_window and not rules.productive.isdisjoint(agreed)
    best = next((basis for basis in Basis if basis in paid), Basis.NONE)
    return Outcome(best, by_terms, _together(paid), productivity, tuple(sorted(failing)))


def _together(paid: Mapping[Basis, Shares]) -> Shares:
    """The shares per category, whatever they are paid as."""
    if len(paid) == 1:
        return next(iter(paid.values()))
    total: dict[Category, Fraction] = {}
    for shares in paid.values():
        for category, share in shares.items():
            total[category] = total.get(category, NOTHING) + share
    return total
