"""Meters: how much of what a specialisation takes, and of what the grant is given for, is used on a day.

They are information, never a condition: no month and no amount hangs on those of the education.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from operator import attrgetter
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import Field

from domain.doctor.history import Doctor
from domain.rules.days.conditions import TRACK_NOT_ACTIVE
from domain.rules.days.shares import ALL, NOTHING
from domain.rules.days.span import Span
from domain.rules.days.timeline import FOREVER, spans
from domain.rules.days.window import window
from domain.rules.result import moment_text, share_text
from domain.rules.sets.content import Sourced
from domain.rules.sets.limits import (
    GROUP_GUIDANCE_IN_PRACTICE_MONTHS,
    GROUP_GUIDANCE_MONTHS,
    GROUP_GUIDANCE_PRACTICE_PERCENT,
    OPEN_PRACTICE,
    OPEN_PRACTICE_MONTHS,
    Authority,
    Limit,
)
from domain.rules.sets.rule_set import RuleSet
from domain.values import words
from domain.values.days.calendar import days_of, first_of, last_of, merged, months_between
from domain.values.fields import HUNDREDTHS, RegisteredHpr, RegisteredId, Shape

_NAMES: Final = {
    "open_practice": "åpen uselektert allmennpraksis",
    "group_guidance": "gruppeveiledning",
    "group_guidance_in_practice": "gruppeveiledning i minst halv stilling i åpen praksis",
    "productivity_window": "de 24 første månedene",
    "five_years": "de fem årene",
}
Amount = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]{6}$", examples=["12.500000"])]


class MeterShape(Shape):
    """How much is used of something. `reached_on` is the day on which all of it is, if what is registered goes on."""

    code: Literal["open_practice", "group_guidance", "group_guidance_in_practice", "productivity_window", "five_years"]
    name: str
    used: Amount
    needed: Amount
    remaining: Amount
    unit: str
    reached_on: date | None
    basis: Literal["stated", "inferred", "assumed"]
    source: str
    note: str
    text: Annotated[str, Field(description="The meter as a Norwegian sentence.")]


class MetersShape(Shape):
    """A doctor's meters at the end of a day, as known at a moment (null: now)."""

    hpr: RegisteredHpr
    day: date
    known_at: datetime | None
    rules: RegisteredId
    meters: list[MeterShape]


class _Part(NamedTuple):
    """Days (ordinals, inclusive) that each count for a part of their share of the month."""

    first: int
    last: int
    part: Fraction


@dataclass(frozen=True, slots=True)
class Meter:
    """How much is used on a day of what is needed, and when all of it is."""

    code: str
    used: Fraction
    needed: Fraction
    unit: str
    reached_on: date | None
    rests_on: Authority | Sourced

    @property
    def remaining(self) -> Fraction:
        """What is left, at least nothing."""
        return max(NOTHING, self.needed - self.used)

    def text(self, day: date) -> str:
        """The meter as a sentence."""
        used, needed, left = map(words.rounded, (self.used, self.needed, self.remaining))
        told = f"{_NAMES[self.code].capitalize()}: {used} av {needed} {self.unit} per {words.day(day)}, {left} gjenstår"
        if self.reached_on is None:
            return f"{told}; nås ikke om alt fortsetter som registrert."
        if self.reached_on <= day:
            return f"{told}; nådd {words.day(self.reached_on)}."
        return f"{told}; nås {words.day(self.reached_on)} om alt fortsetter som registrert."

    def as_json(self, day: date) -> dict[str, Any]:
        """The meter by names."""
        return {
            "code": self.code,
            "name": _NAMES[self.code],
            "used": share_text(self.used),
            "needed": share_text(self.needed),
            "remaining": share_text(self.remaining),
            "unit": self.unit,
            "reached_on": self.reached_on and self.reached_on.isoformat(),
            "basis": self.rests_on.basis,
            "source": self.rests_on.source,
            "note": self.rests_on.note,
            "text": self.text(day),
        }


@dataclass(frozen=True, slots=True)
class Meters:
    """A doctor's meters at the end of a day, as known at a moment or (None) now."""

    hpr: str
    day: date
    known_at: datetime | None
    rules: RuleSet
    meters: tuple[Meter, ...]

    def as_json(self) -> dict[str, Any]:
        """All of them by names."""
        return {
            "hpr": self.hpr,
            "day": self.day.isoformat(),
            "known_at": moment_text(self.known_at) if self.known_at else None,
            "rules": self.rules.id,
            "meters": [each.as_json(self.day) for each in self.meters],
        }


def meters(hpr: str, doctors: tuple[Doctor, Doctor], day: date, rules: RuleSet, known_at: datetime | None) -> Meters:
    """The meters of a doctor at the end of a day; those of the grant under a rule set that knows of them.

    The doctor is given as known, which is what the grant counts, and as seen by whoever is told of the education.
    """
    doctor, seen = doctors
    known = spans(doctor, rules, FOREVER)
    active = [span for span in spans(seen, rules, FOREVER) if TRACK_NOT_ACTIVE not in span.failing]
    in_groups = list(_in_groups(active, seen))
    found = [
        _measured("open_practice", _practice(active, rules), day, OPEN_PRACTICE_MONTHS),
        _measured("group_guidance", _attended(in_groups), day, GROUP_GUIDANCE_MONTHS),
        _measured(
            "group_guidance_in_practice",
            _attended([span for span in in_groups if _is_in_practice(span, rules)]),
            day,
            GROUP_GUIDANCE_IN_PRACTICE_MONTHS,
        ),
        *_window(doctor, known, day, rules),
        *_five_years(known, day, rules),
    ]
    return Meters(hpr, day, known_at, rules, tuple(found))


def rules_on(day: date, in_force: Sequence[RuleSet]) -> RuleSet:
    """The rules of the round that a day lies in, or else of the last round before it, or of the first."""
    begun = [rules for rules in in_force if rules.round.first_day <= day]
    begins = attrgetter("round.first_day")
    return max(begun, key=begins) if begun else min(in_force, key=begins)


def _practice(active: Sequence[Span], rules: RuleSet) -> Iterator[_Part]:
    """The part of full time in open practice, at most all of it, less all leave."""
    return (_Part(span.first, span.last, _in_practice(span, rules)) for span in active)


def _in_practice(span: Span, rules: RuleSet) -> Fraction:
    held = sum(post.percent for post in span.posts if post.category in OPEN_PRACTICE)
    return min(ALL, Fraction(held, rules.full_time)) * (ALL - span.leave)


def _is_in_practice(span: Span, rules: RuleSet) -> bool:
    least = GROUP_GUIDANCE_PRACTICE_PERCENT.value * HUNDREDTHS / rules.full_time
    return _in_practice(span, rules) >= least


def _in_groups(active: Sequence[Span], doctor: Doctor) -> Iterator[Span]:
    """The spans in which a group is attended, cut at its days."""
    attended = merged(map(days_of, doctor.track.groups))
    for span in active:
        for first, last in attended:
            if first <= span.last and span.first <= last:
                yield span._replace(first=max(first, span.first), last=min(last, span.last))


def _attended(in_groups: Sequence[Span]) -> Iterator[_Part]:
    return (_Part(span.first, span.last, ALL - span.leave) for span in in_groups)


def _window(doctor: Doctor, known: Sequence[Span], day: date, rules: RuleSet) -> Iterator[Meter]:
    """The months of the productivity window that the day has reached."""
    value = rules.content.values.get("window_months")
    if value is not None:
        months = window(doctor, known, rules)
        used = Fraction(sum(first_of(month) <= day.toordinal() for month in months))
        needed = Fraction(len(months)) if months else rules.numbers["window_months"]
        reached = date.fromordinal(last_of(months[-1])) if months else None
        yield Meter("productivity_window", used, needed, "måneder", reached, value)


def _five_years(known: Sequence[Span], day: date, rules: RuleSet) -> Iterator[Meter]:
    """The full-time months that are used of the five years."""
    value = rules.content.values.get("duration_months")
    if value is not None:
        limit = Limit(
            rules.numbers["duration_months"], "måneder på heltid", Authority(value.basis, value.source, value.note)
        )
        yield _measured("five_years", (_Part(span.first, span.last, span.used) for span in known), day, limit)


def _measured(code: str, parts: Iterator[_Part], day: date, limit: Limit) -> Meter:
    counting = [each for each in parts if each.part]
    until = day.toordinal()
    used = sum(
        (each.part * months_between(each.first, min(each.last, until)) for each in counting if each.first <= until),
        NOTHING,
    )
    return Meter(code, used, limit.value, limit.unit, _reached(counting, limit.value), limit.rests_on)


def _reached(parts: Sequence[_Part], needed: Fraction) -> date | None:
    """The first day at whose end as much is used as is needed; None if that never comes."""
    for first, last, part in parts:
        whole = part * months_between(first, last)
        if whole >= needed:
            days = range(first, last + 1)
            return date.fromordinal(days[bisect_left(days, needed / part, key=lambda day: months_between(first, day))])
        needed -= whole
    return None
