"""The rule on leave (rules.md 3): what it takes of a day, a month, the five years and the window.

Every question about leave is asked here, with the rule set: a new choice in the rule on leave is made in this file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import count, islice
from typing import Final

from domain.doctor.track.state import SpecialisationTrack
from domain.rules.days.shares import ALL, NOTHING, Shares, Weights
from domain.rules.days.sweep import summed
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import Days, days_of, first_whole_month, merged, month_of

Leaves = Sequence[tuple[Days, Fraction, bool]]
"""The days of each leave, the part of full time that it takes, and whether it extends the five years."""


def leaves_of(track: SpecialisationTrack, _rules: RuleSet) -> Leaves:
    """The leaves of a doctor that count."""
    return [(days_of(leave), Fraction(leave.percent) / 100, leave.extends) for leave in track.leaves.values()]


def taken(leaves: Leaves, days: Sequence[int]) -> list[tuple[Fraction, Fraction]]:
    """What leave takes of full time on each of some days, at most all of it; and what leave that extends takes."""
    if not leaves:
        return [(NOTHING, NOTHING)] * len(days)
    of_all = summed([(run, part) for run, part, _ in leaves], days)
    of_extending = summed([(run, part) for run, part, extends in leaves if extends], days)
    return [(min(ALL, part), min(ALL, more)) for part, more in zip(of_all, of_extending, strict=True)]


def after_leave(weighed: Weights, municipality: str, leave: Fraction, rules: RuleSet) -> Shares:
    """The shares of a day in one municipality; full leave leaves nothing."""
    left = _LEFT[rules.options["graded_leave"]](leave) if leave else ALL
    return {
        category: weight if left is ALL else weight * left
        for (where, category), weight in weighed.items()
        if where == municipality and left
    }


def used_beside(used: Fraction, extending: Fraction, _rules: RuleSet) -> Fraction:
    """What a day uses of the five years when leave that extends them takes a part of it."""
    return used * (ALL - extending)


def fails_month(full: Iterable[bool], rules: RuleSet) -> bool:
    """Whether a month fails for its days of full leave."""
    return _FULL_LEAVE[rules.options["full_leave"]](full)


def window_months(first: int, months: int, full: Iterable[Days], rules: RuleSet) -> Sequence[int]:
    """The months of a window from its first; `full` are the days of full leave."""
    return _PAUSED[rules.options["window_paused_by_leave"]](first, months, full)


def _unpaused(first: int, months: int, _: object) -> Sequence[int]:
    return range(first, first + months)


def _paused(first: int, months: int, full: Iterable[Days]) -> Sequence[int]:
    """As many months, but none that is wholly on full leave."""
    skipped = {month for start, end in merged(full) for month in range(first_whole_month(start), month_of(end + 1))}
    return tuple(islice((month for month in count(first) if month not in skipped), months))


_LEFT: Final[Mapping[str | bool, Callable[[Fraction], Fraction]]] = {
    "reduces": lambda leave: ALL - leave,
    "ignored": lambda leave: Fraction(leave < ALL),
}
"""What a leave leaves of a share."""
_FULL_LEAVE: Final[Mapping[str | bool, Callable[[Iterable[bool]], bool]]] = {"month": any, "days": all}
"""On which of its days full leave fails a month."""
_PAUSED: Final[Mapping[str | bool, Callable[[int, int, Iterable[Days]], Sequence[int]]]] = {
    False: _unpaused,
    True: _paused,
}
"""Whether leave pauses the window."""
