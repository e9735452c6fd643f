"""The days of a trace: posts and failing conditions in each run of days without a change, with their facts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from domain.doctor.history import Doctor
from domain.doctor.track.state import Spell
from domain.rules.days.conditions import NO_AGREEMENT, NO_POSITION
from domain.rules.days.leave import after_leave
from domain.rules.days.positions import Post
from domain.rules.days.shares import Shares
from domain.rules.days.span import Span
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import FOREVER, Days, days_of
from domain.values.days.periods import Dated, Period
from domain.values.fields import HUNDREDTHS

Tree = dict[str, Any]
Behind = tuple[Days, Sequence[str]]
"""Facts, and the days on which they are behind what holds."""


class DaysOfLine:
    """A doctor's days as one line sees them. Of posts in other municipalities only what they take of full time."""

    def __init__(self, doctor: Doctor, municipality: str, rules: RuleSet) -> None:
        self._municipality = municipality
        self._rules = rules
        self._behind = list(_behind(doctor, municipality, rules))
        self._told: dict[int, Tree] = {}

    def told(self, spans: Sequence[Span], first: int, last: int) -> list[Tree]:
        """The days from first to last."""
        return [
            self._tree(span, max(span.first, first), min(span.last, last))
            for span in spans
            if span.first <= last and span.last >= first
        ]

    def _tree(self, span: Span, first: int, last: int) -> Tree:
        if span.first not in self._told:
            self._told[span.first] = self._of_span(span)
        return {
            "first_day": date.fromordinal(first).isoformat(),
            "last_day": date.fromordinal(last).isoformat(),
            **self._told[span.first],
            "facts": sorted({fact for (start, end), facts in self._behind if start <= first <= end for fact in facts}),
        }

    def _of_span(self, span: Span) -> Tree:
        """What holds on each day of a span."""
        here = [post for post in span.posts if post.municipality == self._municipality]
        failing, agreed = set(span.failing), self._municipality in span.agreed
        if not any(post.qualifies for post in here):
            failing.add(NO_POSITION)
        if not agreed:
            failing.add(NO_AGREEMENT)
        return {
            "posts": [
                {"category": p.category.value, "percent": _percent(p.percent), "qualifies": p.qualifies} for p in here
            ],
            "percent_elsewhere": _percent(sum(self._elsewhere(span.posts))),
            "leave": exact(span.leave),
            "agreement": agreed,
            "failing": sorted(failing),
            "shares": shares_told(after_leave(span.weights, self._municipality, span.leave, self._rules)),
            "uses_of_five_years": exact(span.used),
        }

    def _elsewhere(self, posts: Iterable[Post]) -> Iterator[int]:
        return (post.percent for post in posts if post.municipality != self._municipality and post.qualifies)


def exact(number: Fraction) -> str:
    """A number without loss: `10936` or `1262185/8`."""
    return str(number)


def shares_told(shares: Shares) -> dict[str, str]:
    """The exact part of full time by category."""
    return {category.value: exact(share) for category, share in shares.items()}


@lru_cache(maxsize=4_096)
def _percent(hundredths: int) -> str:
    return exact(Fraction(hundredths, HUNDREDTHS))


def _behind(doctor: Doctor, municipality: str, rules: RuleSet) -> Iterator[Behind]:
    """The ids of the facts behind what holds; of posts and agreements, those of this municipality."""
    track, current = doctor.track, rules.municipalities.current
    for position in track.positions.values():
        if current(position.municipality) == municipality:
            yield _all_of(position)
            yield from _changes(position.category, days_of(position))
            yield from _changes(position.percent, days_of(position))
    yield from (_all_of(each) for each in doctor.agreements.values() if current(each.municipality) == municipality)
    yield from (_all_of(each) for each in track.leaves.values())
    yield from (_all_of(each) for each in track.services.values())
    yield from (_all_of(each) for each in track.affiliations.values())
    yield from (_all_of(each) for each in track.interruptions.values())
    yield from _tracks(track.spells)


def _all_of(period: Period) -> Behind:
    return days_of(period), period.facts


def _changes(dated: Dated[Any], within: Days) -> Iterator[Behind]:
    """Each value's fact, until the next value."""
    starts = [day.toordinal() for day in dated.days]
    for (start, following), fact in zip(pairwise([*starts, FOREVER + 1]), dated.facts, strict=True):
        yield (max(start, within[0]), min(following - 1, within[1])), (fact,)


def _tracks(spells: Sequence[Spell]) -> Iterator[Behind]:
    """Each track's facts, until the next begins."""
    starts = [spell.first_day.toordinal() for spell in spells]
    for (start, following), spell in zip(pairwise([*starts, FOREVER + 1]), spells, strict=True):
        yield (start, following - 1), spell.facts
