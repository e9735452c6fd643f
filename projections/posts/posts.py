"""Posts composed of holdings: who held each month by month, which months were vacant, first doctor to last.

A post is what a municipality, by its code of today, calls by one name, whatever the case of its letters and the width
of its spaces. A month belongs to the doctor who holds the post on most days of it; of several with as many days, to the
one who comes first in it. A month in which nobody holds it is vacant, unless the municipality has closed the post. A
post lasts from its first holder on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.values.days.calendar import FOREVER, Days, first_of, last_of, merged, month_number, month_of, on, text_of
from domain.values.texts import folded
from projections.posts.holdings import Holding


@dataclass(frozen=True, slots=True)
class Held:
    """An unbroken run of days in a post; without a last day the post is held still."""

    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A doctor who has held a post; `number` counts the doctors from the first, `months` the months that are theirs."""

    number: int
    hpr: str
    periods: tuple[Held, ...]
    months: int


@dataclass(frozen=True, slots=True)
class PostMonth:
    """A month of a post: whose it is, None where it is vacant, and who else held the post on some day of it.

    A month that nobody has, and in which the post is closed on every day, is not vacant.
    """

    month: str
    holder: int | None
    hpr: str | None
    also: tuple[str, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A post, its holders from first to last, those who hold it on the day that was asked about, and its months."""

    municipality: str
    name: str
    holders: tuple[Holder, ...]
    held_by: tuple[str, ...]
    months: tuple[PostMonth, ...]

    @property
    def key(self) -> str:
        """What it is known by among all posts."""
        return f"{self.municipality}/{folded(self.name)}"

    @property
    def vacant(self) -> int:
        """How many months it was vacant."""
        return sum(month.holder is None and not month.closed for month in self.months)

    @property
    def open(self) -> int:
        """How many months it has been there."""
        return sum(not month.closed for month in self.months)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the holdings: the code of today of a municipality, and on which days posts are closed.

    A post is known by its key.
    """

    current: Callable[[str], str]
    closed: Mapping[str, Sequence[Days]] = field(default_factory=dict)


def posts_of(
    holdings: Iterable[Holding], known: Known, until: date, after: str = "", most: int | None = None
) -> list[Post]:
    """The posts by municipality (its code of today) and name, with their months up to that of a day.

    Only those after a key, and only so many, are composed where that is wanted.
    """
    current = known.current
    end = month_number(until)
    by_post = defaultdict[str, list[Holding]](list)
    for each in holdings:
        if month_number(each.first_day) <= end:
            by_post[f"{current(each.municipality)}/{folded(each.post)}"].append(each)
    wanted = sorted(key for key in by_post if key > after)[:most]
    return [
        _post(current(by_post[key][0].municipality), by_post[key], known.closed.get(key, ()), until) for key in wanted
    ]


def _post(municipality: str, holdings: Sequence[Holding], closed: Sequence[Days], until: date) -> Post:
    """The post of some holdings, called as it was last."""
    days = _days_by_doctor(holdings)
    first = month_of(min(runs[0][0] for runs in days.values()))
    owned = {month: _in_month(month, days) for month in range(first, month_number(until) + 1)}
    numbers = {hpr: number for number, hpr in enumerate(days, start=1)}
    months = tuple(_month(month, held, numbers, closed) for month, held in owned.items())
    holders = (_holder(numbers[hpr], hpr, runs, months) for hpr, runs in days.items())
    held_by = (hpr for hpr, runs in days.items() if any(on(run, until.toordinal()) for run in runs))
    name = max(holdings, key=lambda each: (each.first_day, each.hpr, each.position)).post
    return Post(municipality, name, tuple(holders), tuple(held_by), months)


def _days_by_doctor(holdings: Iterable[Holding]) -> dict[str, list[Days]]:
    """The days of each doctor in a post, however many positions they are of; first to last."""
    runs = defaultdict[str, list[Days]](list)
    for each in holdings:
        runs[each.hpr].append(each.days)
    joined = {hpr: merged(found) for hpr, found in runs.items()}
    return dict(sorted(joined.items(), key=lambda doctor: (doctor[1][0][0], doctor[0])))


def _in_month(month: int, days: Mapping[str, Sequence[Days]]) -> list[str]:
    """Who holds the post in a month, whoever holds it on most days first, and then whoever comes first in it."""
    first, last = first_of(month), last_of(month)
    held = {hpr: [*_cut(runs, first, last)] for hpr, runs in days.items()}
    there = [hpr for hpr, runs in held.items() if runs]
    return sorted(there, key=lambda hpr: (-sum(end - start + 1 for start, end in held[hpr]), held[hpr][0][0]))


def _cut(runs: Iterable[Days], first: int, last: int) -> Iterator[Days]:
    """What of some runs of days lies between two days."""
    for start, end in runs:
        if start <= last and first <= end:
            yield max(start, first), min(end, last)


def _month(month: int, held: Sequence[str], numbers: Mapping[str, int], closed: Sequence[Days]) -> PostMonth:
    if not held:
        is_closed = any(first <= first_of(month) and last_of(month) <= last for first, last in closed)
        return PostMonth(text_of(month), None, None, (), is_closed)
    return PostMonth(text_of(month), numbers[held[0]], held[0], tuple(held[1:]))


def _holder(number: int, hpr: str, runs: Iterable[Days], months: Iterable[PostMonth]) -> Holder:
    periods = (
        Held(date.fromordinal(first), None if last == FOREVER else date.fromordinal(last)) for first, last in runs
    )
    return Holder(number, hpr, tuple(periods), sum(month.hpr == hpr for month in months))
