"""The rules of the rounds that a switch touches, and of the time after the last round that has any."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.doctor.track.state import Position
from domain.rules.days.positions import held
from domain.rules.sets.content import Round
from domain.rules.sets.rule_set import RuleSet, laid_over
from domain.values.days.calendar import MONTHS_PER_CALENDAR_YEAR, first_of, last_of, month_number
from domain.values.refusals.refusal import refused


@dataclass(frozen=True, slots=True)
class RoundRules:
    """The rules of some months; `laid_over` if no rule set is published for them, and the last one is used."""

    rules: RuleSet
    laid_over: bool


def rules_of_switch(
    in_force: Iterable[RuleSet], left: Position | None, begins: date, ends: date
) -> tuple[RoundRules, ...]:
    """The rules of the rounds that a switch between two days can change; `left` is the post that is left.

    Raises `Refused` (before-all-rules) where no round of a published rule set reaches back so far.
    """
    every = sorted(in_force, key=lambda rules: rules.round.first_day)
    if not every or begins < every[0].round.first_day:
        raise refused("before-all-rules", day=begins)
    since = begins if left is None else min(_changed_from(left, begins, rules) for rules in every)
    published = (RoundRules(rules, laid_over=False) for rules in every if rules.round.last_day >= since)
    return (*published, *_after(every[-1], begins, ends))


def _changed_from(left: Position, begins: date, rules: RuleSet) -> date:
    """The first day that changes with the last: a locum post that may become too short changes as a whole."""
    ended = replace(left, last_day=begins)
    return begins if all(part.post.qualifies for part in held(ended, rules)) else min(begins, left.first_day)


def _after(last: RuleSet, begins: date, ends: date) -> Iterator[RoundRules]:
    """The years after the last round that a switch lies in, under its rules."""
    start = last.months[-1] + 1
    years = range(start, month_number(ends) + 1, MONTHS_PER_CALENDAR_YEAR)
    for first in years:
        year = range(first, first + MONTHS_PER_CALENDAR_YEAR)
        if month_number(begins) <= year[-1]:
            yield RoundRules(_laid_over(last, year), laid_over=True)


def _laid_over(rules: RuleSet, months: range) -> RuleSet:
    """The rules as if their round had been other months."""
    first, last = date.fromordinal(first_of(months[0])), date.fromordinal(last_of(months[-1]))
    others = Round(
        id=str(last.year),
        first_day=first,
        last_day=last,
        basis="assumed",
        source=rules.round.source,
        note="Det er ikke kunngjort noe regelsett for tiden.",
    )
    return laid_over(rules, others)
