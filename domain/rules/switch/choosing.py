"""Which days of a switch are the best, and which are as good.

Fewest months lost; then most kroner; then fewest days without a post; then the earliest.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from domain.rules.switch.computing import Outcome
from domain.rules.switch.planned import SwitchDays

_DAY: Final = timedelta(days=1)


class Run(NamedTuple):
    """Days that are equally good: each of the last days with each of the first days that lies after it."""

    last_days: tuple[date, date]
    first_days: tuple[date, date]


@dataclass(frozen=True)
class Choice:
    """The outcomes on all possible days, and the months that the doctor's staying in the post would have let count."""

    outcomes: Sequence[Outcome]
    staying: frozenset[int]

    @cached_property
    def best(self) -> Outcome:
        """The days that are proposed."""
        return min(self.outcomes, key=self._rank)

    @cached_property
    def equal(self) -> tuple[Run, ...]:
        """The days that lose no more months and give no fewer kroner."""
        worth, earliest = self._worth(self.best), min(each.days.first_day for each in self.outcomes)
        return tuple(runs((each.days for each in self.outcomes if self._worth(each) == worth), earliest))

    @cached_property
    def others(self) -> tuple[Outcome, ...]:
        """For each other set of months that can be lost, the best days that lose it; the best first."""
        by_lost = dict[tuple[int, ...], Outcome]()
        for each in sorted(self.outcomes, key=self._rank):
            by_lost.setdefault(self.lost(each), each)
        return tuple(each for lost, each in by_lost.items() if lost != self.lost(self.best))

    @cached_property
    def compared(self) -> tuple[int, ...]:
        """The rounds, by their place, whose kroner are known on all days; in others kroner decide nothing."""
        return tuple(
            at for at, each in enumerate(zip(*(each.kroner for each in self.outcomes), strict=True)) if None not in each
        )

    @cached_property
    def _countable(self) -> frozenset[int]:
        return self.staying.union(*(each.counted for each in self.outcomes))

    def lost(self, outcome: Outcome) -> tuple[int, ...]:
        """The months that count nowhere, but would if the doctor stayed in the post or switched on other days.

        A month after the five years is not lost by the switch: it counts on other days since those lose an earlier one.
        """
        return tuple(sorted(self._countable - outcome.counted - (outcome.used_up - self.staying)))

    def kroner(self, outcome: Outcome) -> int:
        """The kroner of the rounds that are compared."""
        return sum(outcome.kroner[at] or 0 for at in self.compared)

    def _worth(self, outcome: Outcome) -> tuple[int, int]:
        return -len(outcome.counted), -self.kroner(outcome)

    def _rank(self, outcome: Outcome) -> tuple[int, int, timedelta, date]:
        last, first = outcome.days
        return (*self._worth(outcome), first - last, last)


def runs(days: Iterable[SwitchDays], earliest: date) -> list[Run]:
    """The days in runs: last days one after another with the same first days, as far as these lie after them.

    `earliest` is the first of the days on which the new post may begin.
    """
    alike = defaultdict[tuple[date | None, date], list[date]](list)
    for last, group in groupby(sorted(days), key=attrgetter("last_day")):
        for begin, end in _unbroken([each.first_day for each in group]):
            alike[begin if begin > max(last + _DAY, earliest) else None, end].append(last)
    return sorted(
        Run(lasts, (begin or max(lasts[0] + _DAY, earliest), end))
        for (begin, end), each in alike.items()
        for lasts in _unbroken(each)
    )


def _unbroken(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """First and last of each unbroken run of some days in order."""
    start = before = days[0]
    for each in days[1:]:
        if each != before + _DAY:
            yield start, before
            start = each
        before = each
    yield start, before
