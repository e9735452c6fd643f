"""What holds on each of some days, found in one pass over them: linear in the number of parts."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Final, TypeVar

from domain.values.days.calendar import Days, merged
from domain.values.patience import ask

T = TypeVar("T")
_NOTHING: Final = Fraction(0)
_FEW: Final = 4
"""Up to this many parts, looking through all is faster than keeping them in order."""


def holding(parts: Sequence[tuple[Days, T]], days: Sequence[int]) -> list[tuple[T, ...]]:
    """For each of some days in order, what holds on it, in the order of the parts."""
    if len(parts) <= _FEW:
        return [tuple([part for (first, last), part in parts if first <= day <= last]) for day in days]
    coming = sorted([(part[0][0], at) for at, part in enumerate(parts)], reverse=True)
    now: list[int] = []
    held: tuple[T, ...] = ()
    until, found = days[-1], []
    for day in days:
        if until < day or (coming and coming[-1][0] <= day):
            ask()
            while coming and coming[-1][0] <= day:
                insort(now, coming.pop()[1])
            now = [at for at in now if parts[at][0][1] >= day]
            until = min([parts[at][0][1] for at in now], default=days[-1])
            held = tuple([parts[at][1] for at in now])
        found.append(held)
    return found


def covering(runs: Iterable[Days], days: Sequence[int]) -> list[bool]:
    """For each of some days, whether it lies in any of the runs."""
    joined = merged(runs)
    if not joined:
        return [False] * len(days)
    firsts = [first for first, _ in joined]
    return [(at := bisect_right(firsts, day)) > 0 and day <= joined[at - 1][1] for day in days]


def summed(parts: Iterable[tuple[Days, Fraction]], days: Sequence[int]) -> list[Fraction]:
    """For each of some days in order, the sum of what holds on it; each part begins and ends on one of them."""
    change: dict[int, Fraction] = defaultdict(Fraction)
    for (first, last), part in parts:
        if first <= last:
            change[first] += part
            change[last + 1] -= part
    now, found = _NOTHING, []
    for day in days:
        now = now + change[day] if day in change else now
        found.append(now)
    return found


def overlapping(runs: Sequence[Days]) -> Iterator[tuple[int, int]]:
    """Which of some runs share a day, two by two, in order."""
    for at, (first, last) in enumerate(runs):
        ask()
        later = enumerate(runs[at + 1 :], at + 1)
        yield from [(at, other) for other, (start, end) in later if start <= last and end >= first]


def alike(runs: Sequence[Days]) -> Iterator[tuple[int, int]]:
    """Which of some runs have the same days, two by two, in order."""
    same: dict[Days, list[int]] = defaultdict(list)
    for at, days in enumerate(runs):
        same[days].append(at)
    place = {at: number for each in same.values() for number, at in enumerate(each, 1)}
    for at, days in enumerate(runs):
        yield from ((at, other) for other in islice(same[days], place[at], None))
