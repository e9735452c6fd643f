"""What a conversion to the new scheme would give: each line of a doctor before it and after it, in short."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.doctor.history import Doctor
from domain.rules.compare.changes import CountChange, KroneChange, LineMonths, krone_change
from domain.rules.line.months import Record, municipalities_of, record_of
from domain.rules.result import line_of
from domain.rules.sets.newer_values import OLD_SCHEME_LAST_DAY
from domain.rules.sets.rule_set import RuleSet
from domain.values.days.calendar import text_of
from domain.values.fields import MonthText, MunicipalityCode, RegisteredId, Shape


class MonthsChange(Shape):
    """How many months before and after."""

    before: int
    after: int


class WindowMonths(Shape):
    """The first and last month of the productivity window."""

    first_month: MonthText
    last_month: MonthText


class ConvertedLineShape(Shape):
    """What a municipality would get for a doctor in a round, before the conversion and after it.

    `productivity` counts the months with the productivity element. `window` is the productivity window after the
    conversion, null where the rules have none. `first_exhausted` is the first month of the round after the five years,
    null where none is. `missing` names the elements without a known rate; then there are no kroner.
    """

    municipality: MunicipalityCode
    name: str
    round: RegisteredId
    rules: RegisteredId
    kroner: KroneChange
    counted: CountChange
    productivity: MonthsChange
    window: WindowMonths | None
    first_exhausted: MonthText | None
    missing: list[str]


@dataclass(frozen=True, slots=True)
class ConvertedLine:
    """A doctor's line in a municipality and round before the conversion and after it."""

    municipality: str
    rules: RuleSet
    before: LineMonths
    after: LineMonths
    record: Record
    """The doctor's days after the conversion."""

    @property
    def kroner(self) -> dict[str, int | None]:
        """Whole kroner before and after, with their difference."""
        return krone_change(self.before.total, self.after.total)

    @property
    def productivity(self) -> dict[str, int]:
        """The months with the productivity element, before and after."""
        return {"before": _productive(self.before), "after": _productive(self.after)}

    @property
    def missing(self) -> list[str]:
        """The elements without a known rate, before or after."""
        return sorted({*self.before.line.amounts.missing, *self.after.line.amounts.missing})

    @property
    def window(self) -> tuple[int, int] | None:
        """The first and last month of the productivity window after the conversion."""
        months = self.record.window
        return (min(months), max(months)) if months else None

    def as_json(self) -> dict[str, Any]:
        """The line, in short."""
        return {
            "municipality": self.municipality,
            "name": self.rules.municipalities.by_code[self.municipality].name,
            "round": self.rules.round.id,
            "rules": self.rules.id,
            "kroner": self.kroner,
            "counted": {"before": self.before.counted(), "after": self.after.counted()},
            "productivity": self.productivity,
            "window": self.window and dict(zip(("first_month", "last_month"), map(text_of, self.window), strict=True)),
            "first_exhausted": text_of(min(self.record.exhausted)) if self.record.exhausted else None,
            "missing": self.missing,
        }


def converted_lines(
    hpr: str, doctors: tuple[Doctor, Doctor], rule_sets: Iterable[RuleSet], on: date
) -> Iterator[ConvertedLine]:
    """The lines of a doctor before and after a conversion on a day, in the rounds that it touches.

    A round that is over by then is touched only by way of another run of the track, which the productivity window
    can be reckoned from.
    """
    for rules in rule_sets:
        if rules.round.last_day >= on or len(doctors[0].track.spells) > 1:
            yield from _lines(hpr, doctors, rules, on)


def old_scheme_ends(rule_sets: Sequence[RuleSet]) -> date | None:
    """The last day of the old scheme, as the newest rules say; None without any rules."""
    return rule_sets[-1].dates[OLD_SCHEME_LAST_DAY] if rule_sets else None


def _lines(hpr: str, doctors: tuple[Doctor, Doctor], rules: RuleSet, on: date) -> Iterator[ConvertedLine]:
    was, now = (record_of(doctor, rules) for doctor in doctors)
    for where in sorted(municipalities_of(now, rules)):
        before, after = (line_of(hpr, record, where, rules) for record in (was, now))
        if rules.round.last_day >= on or before.canonical() != after.canonical():
            yield ConvertedLine(where, rules, LineMonths(before, None), LineMonths(after, None), now)


def _productive(line: LineMonths) -> int:
    return sum(month.productivity for month in line.line.months)
