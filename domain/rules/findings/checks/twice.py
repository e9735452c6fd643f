"""What looks like one thing registered twice: two posts, agreements or leaves that could be one."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from domain.doctor.history import Doctor
from domain.doctor.track.state import Position
from domain.rules.days.sweep import alike, overlapping
from domain.rules.findings.checks.agreements import value_on
from domain.rules.findings.views.view import UNKNOWN, Found, View, overlap
from domain.values import words
from domain.values.days.calendar import Days, days_of
from domain.values.days.periods import Period

T = TypeVar("T")
P = TypeVar("P", bound=Period)
Pairing = Callable[[Sequence[Days]], Iterable[tuple[int, int]]]
_DIGITS: Final = re.compile(r"\d+", re.ASCII)


def registered_twice(view: View) -> Iterator[Found]:
    """Two posts, two agreements with the municipality, or two leaves that could be one, and what one of them gives."""
    track, agreements = view.doctor.track, view.doctor.agreements
    here = {name: each for name, each in agreements.items() if view.is_here(each.municipality)}
    for one, other in _pairs(view.posts.items(), overlapping):
        if _could_be_one_post(one, other):
            without = track._replace(positions=_left(track.positions, other[0]))
            yield from _found("stillinger", one[1], other[1], Doctor(without, agreements), view)
    for signed, again in _pairs(here.items(), alike):
        yield from _found("ALIS-avtaler", signed[1], again[1], Doctor(track, _left(agreements, again[0])), view)
    for leave, more in _pairs(track.leaves.items(), alike):
        without = track._replace(leaves=_left(track.leaves, more[0]))
        yield from _found("permisjoner", leave[1], more[1], Doctor(without, agreements), view)


def _pairs(things: Iterable[tuple[str, P]], found: Pairing) -> Iterator[tuple[tuple[str, P], tuple[str, P]]]:
    """The things two by two whose days are found together, in their order."""
    listed = list(things)
    days = [days_of(thing) for _, thing in listed]
    return ((listed[one], listed[other]) for one, other in found(days))


def _found(what: str, one: Period, other: Period, without: Doctor, view: View) -> Iterator[Found]:
    months = view.of_round([_shared(one, other)])
    if months:
        told = f"To {what} fra {words.day(one.first_day)} og {words.day(other.first_day)} kan være den samme,"
        yield Found(months, [*one.facts, *other.facts], f"{told} registrert to ganger; {_worth(without, view)}.")


def _worth(without: Doctor, view: View) -> str:
    """What one of two things gives, as against the line without it."""
    kroner = view.more(view.line, view.line_of(without))
    if kroner is None:
        return UNKNOWN
    if not kroner:
        return "beløpet er det samme med bare én av dem"
    return f"begge gir {words.more_or_less(kroner)} enn bare én av dem"


def _could_be_one_post(one: tuple[str, Position], other: tuple[str, Position]) -> bool:
    """The same category, days in common, and either the same first day or the same percent and ids like one another."""
    if not overlap(days_of(one[1]), days_of(other[1])):
        return False
    day = _shared(one[1], other[1])[0]
    if value_on(one[1].category, day)[0] != value_on(other[1].category, day)[0]:
        return False
    same_percent = value_on(one[1].percent, day)[0] == value_on(other[1].percent, day)[0]
    return one[1].first_day == other[1].first_day or (same_percent and _adjoin(one[0], other[0]))


def _adjoin(one: str, other: str) -> bool:
    """Whether two ids have the same number or the next, in the manner of two systems."""
    numbers = [[int(each) for each in _DIGITS.findall(name)] for name in (one, other)]
    if _DIGITS.sub("0", one) == _DIGITS.sub("0", other) or not all(numbers):
        return False
    return abs(numbers[0][-1] - numbers[1][-1]) <= 1


def _shared(one: Period, other: Period) -> Days:
    days, more = days_of(one), days_of(other)
    return max(days[0], more[0]), min(days[1], more[1])


def _left(things: Mapping[str, T], name: str) -> dict[str, T]:
    return {each: thing for each, thing in things.items() if each != name}
