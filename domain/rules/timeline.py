"""A doctor's days as spans in which nothing changes: what every condition and share asks.

A span is a run of days; within it the posts, leave, service and agreements are the same. All of
rules.md section 3 asks questions of days, so each is answered once per span.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final, TypeVar

from domain.agreement import Agreement
from domain.history import Doctor
from domain.periods import Dated, Period
from domain.rules.calendar import months_later
from domain.rules.rule_set import RuleSet
from domain.track import Position, Spell
from domain.values import HUNDREDTHS, Category, Scheme, hundredths

FULL: Final = 100 * HUNDREDTHS
"""A hundred percent in hundredths of a percent."""
_ALL: Final = Fraction(1)
_NONE: Final = Fraction(0)
FOREVER: Final = date.max.toordinal()

OLD_SCHEME: Final = "old_scheme"
TRACK_NOT_ACTIVE: Final = "track_not_active"
NO_POSITION: Final = "no_position"
ON_LEAVE: Final = "on_leave"
INSTITUTIONAL_SERVICE: Final = "institutional_service"
AGENCY_AFFILIATION: Final = "agency_affiliation"
DURATION_EXHAUSTED: Final = "duration_exhausted"
NO_AGREEMENT: Final = "no_agreement"

T = TypeVar("T")
Days = tuple[int, int]
"""First and last day as ordinals, inclusive."""


@dataclass(frozen=True, slots=True)
class Post:
    """A position on one day: `percent` in hundredths of a percent of full time."""

    municipality: str
    category: Category
    percent: int
    qualifies: bool


@dataclass(frozen=True)
class Span:
    """A run of days (ordinals, inclusive) in which nothing changes.

    `failing` holds the codes of the conditions that fail for the doctor wherever the post is;
    `leave` and `extending` are the parts of full time that leave takes, at most all of it.
    """

    first: int
    last: int
    posts: tuple[Post, ...]
    agreed: frozenset[str]
    failing: frozenset[str]
    leave: Fraction
    extending: Fraction

    @cached_property
    def weights(self) -> Mapping[tuple[str, Category], Fraction]:
        """Each municipality's and category's part of full time, before leave (rules.md 3.3)."""
        qualifying = [post for post in self.posts if post.qualifies]
        whole = max(FULL, sum(post.percent for post in qualifying))
        parts: dict[tuple[str, Category], Fraction] = {}
        for post in qualifying:
            key = (post.municipality, post.category)
            parts[key] = parts.get(key, Fraction(0)) + Fraction(post.percent, whole)
        return parts

    def shares(self, municipality: str) -> dict[Category, Fraction]:
        """The doctor's share per category in one municipality on each day, after leave."""
        return {
            category: weight * (1 - self.leave)
            for (where, category), weight in self.weights.items()
            if where == municipality
        }


@dataclass(frozen=True, slots=True)
class _Part:
    """A position between two of its changes."""

    days: Days
    post: Post


def spans(doctor: Doctor, rules: RuleSet, last: int) -> list[Span]:
    """All spans from the first thing known of a doctor to a last day (an ordinal)."""
    return _Timeline(doctor, rules).spans(last)


class _Timeline:
    """Everything known of a doctor as runs of days."""

    def __init__(self, doctor: Doctor, rules: RuleSet) -> None:
        track = doctor.track
        self.spells = [(days_of(s), s) for s in track.spells]
        self.parts = [part for position in track.positions.values() for part in _parts(position, rules)]
        self.leaves = [
            (days_of(leave), Fraction(leave.percent) / 100, leave.extends) for leave in track.leaves.values()
        ]
        self.services = [days_of(s) for s in track.services.values() if not s.municipal]
        self.ties = [days_of(tie) for tie in track.affiliations.values()]
        self.pauses = [pause for p in track.interruptions.values() if (pause := self._pause(p))]
        self.agreements = list(self._agreements(doctor.agreements.values(), rules))

    def spans(self, last: int) -> list[Span]:
        """Cut at every day on which something begins, and after every day on which it ends."""
        runs = [
            *(days for days, _ in self.spells),
            *(part.days for part in self.parts),
            *(days for days, _, _ in self.leaves),
            *self.services,
            *self.ties,
            *self.pauses,
            *(days for days, _ in self.agreements),
        ]
        cuts = {first for first, _ in runs} | {end + 1 for _, end in runs}
        cuts |= {s.converted_on.toordinal() for _, s in self.spells if s.converted_on}
        starts = sorted(cut for cut in cuts if cut <= last)
        return [self._span(first, end) for first, end in runs_from(starts, last)]

    def _span(self, first: int, last: int) -> Span:
        on_leave = [(part, extends) for days, part, extends in self.leaves if on(days, first)]
        leave = min(_ALL, sum((part for part, _ in on_leave), _NONE))
        return Span(
            first,
            last,
            tuple(part.post for part in self.parts if on(part.days, first)),
            frozenset(where for days, where in self.agreements if on(days, first)),
            frozenset(self._failing(first, leave)),
            leave,
            min(_ALL, sum((part for part, extends in on_leave if extends), _NONE)),
        )

    def _failing(self, day: int, leave: Fraction) -> Iterator[str]:
        begun = [(days, spell) for days, spell in self.spells if days[0] <= day]
        days, spell = begun[-1] if begun else ((0, 0), None)
        if spell is not None and _is_old(spell, day):
            yield OLD_SCHEME
        if day > days[1] or any(on(pause, day) for pause in self.pauses):
            yield TRACK_NOT_ACTIVE
        if leave == _ALL:
            yield ON_LEAVE
        if any(on(service, day) for service in self.services):
            yield INSTITUTIONAL_SERVICE
        if any(on(tie, day) for tie in self.ties):
            yield AGENCY_AFFILIATION

    def _pause(self, interruption: Period) -> Days | None:
        """An interruption ends at the latest with its track, or when the next track begins."""
        first, last = days_of(interruption)
        for (start, end), _ in self.spells:
            if start <= first:
                last = min(days_of(interruption)[1], end)
            else:
                last = min(last, start - 1)
                break
        return (first, last) if first <= last else None

    def _agreements(self, agreements: Iterable[Agreement], rules: RuleSet) -> Iterator[tuple[Days, str]]:
        """When each agreement is in force (rules.md 3.2)."""
        current = rules.municipalities.current
        for agreement in agreements:
            where = current(agreement.municipality)
            held = merged(part.days for part in self.parts if part.post.municipality == where)
            unbroken = merged([*held, *self.services])
            days = _in_force(agreement, rules, held, unbroken)
            if days is not None:
                yield days, where


def _in_force(agreement: Agreement, rules: RuleSet, held: Sequence[Days], unbroken: Sequence[Days]) -> Days | None:
    first, last = days_of(agreement)
    if rules.options["agreement_counts_from"] == "signing":
        first = max(first, agreement.signed_on.toordinal())
    begin = next((max(first, start) for start, end in held if end >= first), None)
    if begin is None:
        return None
    run = next(end for start, end in unbroken if start <= begin <= end)
    end = min(last, run)
    return (begin, end) if begin <= end else None


def _parts(position: Position, rules: RuleSet) -> Iterator[_Part]:
    """A position cut where its percent or category changes."""
    first, last = days_of(position)
    long_enough = _over_three_months(position, rules)
    where = rules.municipalities.current(position.municipality)
    category, percent = _steps(position.category), _steps(position.percent)
    starts = sorted({first, *(d for d, _ in category), *(d for d, _ in percent)})
    for start, end in runs_from([start for start in starts if start <= last], last):
        held, part = _holding(category, start), hundredths(_holding(percent, start))
        qualifies = held is not Category.GP_LOCUM or long_enough
        yield _Part((start, end), Post(where, held, part, qualifies))


def _steps(dated: Dated[T]) -> list[tuple[int, T]]:
    return [(day.toordinal(), value) for day, value, _ in dated]


def _holding(steps: Sequence[tuple[int, T]], day: int) -> T:
    return [value for start, value in steps if start <= day][-1]


def _over_three_months(position: Position, rules: RuleSet) -> bool:
    """A locum post counts when the whole post is over three months (rules.md 3.1)."""
    if position.last_day is None:
        return True
    return position.last_day >= months_later(position.first_day, rules.whole("locum_months"))


def _is_old(spell: Spell, day: int) -> bool:
    converted = spell.converted_on
    return spell.scheme is Scheme.OLD and (converted is None or day < converted.toordinal())


def days_of(period: Period) -> Days:
    """A period as ordinals; one that still runs ends never."""
    last = period.last_day
    return period.first_day.toordinal(), FOREVER if last is None else last.toordinal()


def runs_from(starts: Sequence[int], last: int) -> list[Days]:
    """Runs of days that each last until the next begins, and the last one to a last day."""
    ends = [*(start - 1 for start in starts[1:]), last]
    return list(zip(starts, ends, strict=False))


def on(days: Days, day: int) -> bool:
    """Whether a day lies in a run of days."""
    return days[0] <= day <= days[1]


def merged(runs: Iterable[Days]) -> list[Days]:
    """Runs of days, in order, with those that overlap or adjoin made one."""
    result: list[Days] = []
    for first, last in sorted(runs):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result
