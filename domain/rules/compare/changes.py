"""What something changes: a doctor's line in a municipality and round before it and after it, in months and kroner."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from domain.doctor.history import Doctor
from domain.rules.line.basis import Basis
from domain.rules.line.monthly import MonthKroner, kroner_by_month
from domain.rules.line.months import MonthShape, municipalities_of, record_of
from domain.rules.result import Line, line_of
from domain.rules.sets.rule_set import Digest, RuleSet
from domain.values.days.calendar import text_of
from domain.values.fields import MonthText, MunicipalityCode, RegisteredHpr, RegisteredId, Shape

Json = dict[str, Any]


@dataclass(frozen=True)
class LineMonths:
    """A line with its kroner month by month; None for those where a rate is unknown."""

    line: Line
    kroner: Mapping[int, MonthKroner] | None

    @cached_property
    def canonical(self) -> Json:
        """The line as a decision rests on it (contract.md section 3)."""
        return self.line.canonical()

    @cached_property
    def months(self) -> Mapping[int, Json]:
        """Each month with its kroner, by its number."""
        told = zip(self.line.months, self.canonical["months"], strict=True)
        return {month.number: {**each, "kroner": self._of_month(month.number)} for month, each in told}

    @property
    def total(self) -> int | None:
        """The kroner of the line; None where a rate is unknown."""
        return None if self.line.amounts.missing else self.line.amounts.total

    @property
    def elements(self) -> Mapping[str, int] | None:
        """The kroner of each element; None where a rate is unknown."""
        return None if self.line.amounts.missing else self.line.amounts.elements

    def counted(self) -> dict[str, int]:
        """How many months there are on each basis."""
        bases = [month.basis for month in self.line.months]
        return {basis.value: bases.count(basis) for basis in Basis}

    def kind_of(self, number: int) -> tuple[Json, Fraction | None]:
        """What a month comes to, and exactly what it adds: what makes it another month."""
        told = {name: value for name, value in self.months[number].items() if name != "kroner"}
        return told, None if self.kroner is None else self.kroner[number].exact

    def _of_month(self, number: int) -> int | None:
        return None if self.kroner is None else self.kroner[number].whole


class KroneChange(Shape):
    """Whole kroner before and after; null where a rate is unknown."""

    before: int | None
    after: int | None
    difference: int | None


class PaidMonth(MonthShape):
    """A month with its kroner; a line's months sum to the line. Null where a rate is unknown."""

    kroner: int | None


class MonthChange(Shape):
    """A month before and after; null where no post is held in the municipality in the round."""

    month: MonthText
    before: PaidMonth | None
    after: PaidMonth | None


class CountedMonths(Shape):
    """How many months of the round are paid as what."""

    agreement: int
    guidance_only: int
    none: int


class CountChange(Shape):
    """The months counted before and after."""

    before: CountedMonths
    after: CountedMonths


class LineChangeShape(Shape):
    """A doctor's line in a municipality and round that would be another.

    `months` has those that change; their differences and `rounding` sum to the difference of the line.
    """

    municipality: MunicipalityCode
    name: str
    round: RegisteredId
    rules: RegisteredId
    rules_digest: Digest
    hpr: RegisteredHpr
    kroner: KroneChange
    elements: dict[str, KroneChange]
    counted: CountChange
    months: list[MonthChange]
    rounding: int | None


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line before and after; None where no position is held in the municipality in the round.

    What is not there pays nothing, so its kroner are 0; kroner are None where a rate is unknown.
    """

    hpr: str
    municipality: str
    rules: RuleSet
    before: LineMonths | None
    after: LineMonths | None

    @property
    def difference(self) -> int | None:
        """By how many kroner the line changes."""
        return self._kroner()["difference"]

    @property
    def months(self) -> tuple[int, ...]:
        """The months that change, in what they come to or in exact kroner, by their number."""
        return tuple(number for number in self.rules.months if not _same(self.before, self.after, number))

    @property
    def rounding(self) -> int | None:
        """The kroner of the difference that no month has: months that stay may be rounded to one krone more or less."""
        if self.difference is None:
            return None
        return self.difference - sum(_whole(self.after, each) - _whole(self.before, each) for each in self.months)

    def as_json(self) -> Json:
        """Everything before and after; of the months those that change, which with the rounding make the difference."""
        return {
            "municipality": self.municipality,
            "name": self.rules.municipalities.by_code[self.municipality].name,
            "round": self.rules.round.id,
            "rules": self.rules.id,
            "rules_digest": self.rules.digest,
            "hpr": self.hpr,
            "kroner": self._kroner(),
            "elements": {name: self._element(name) for name in self.rules.shown},
            "counted": {"before": _counted(self.before, self.rules), "after": _counted(self.after, self.rules)},
            "months": [self._month_as_json(number) for number in self.months],
            "rounding": self.rounding,
        }

    def _kroner(self) -> dict[str, int | None]:
        return krone_change(_paid(self.before), _paid(self.after))

    def _element(self, name: str) -> dict[str, int | None]:
        return krone_change(_element(self.before, name), _element(self.after, name))

    def _month_as_json(self, number: int) -> Json:
        before, after = _month_of(self.before, number), _month_of(self.after, number)
        return {"month": text_of(number), "before": before, "after": after}


def lines_of(hpr: str, doctor: Doctor, rules: RuleSet) -> dict[str, LineMonths]:
    """A doctor's line in each municipality of the round where a position was held."""
    record = record_of(doctor, rules)
    found = {where: line_of(hpr, record, where, rules) for where in sorted(municipalities_of(record, rules))}
    return {where: LineMonths(line, kroner_by_month(line.months, line.amounts, rules)) for where, line in found.items()}


def changes(hpr: str, before: Doctor, after: Doctor, rules: RuleSet) -> Iterator[LineChange]:
    """The lines of a doctor in a round that are others after than before, in the order of the municipalities."""
    was, now = lines_of(hpr, before, rules), lines_of(hpr, after, rules)
    for where in sorted({*was, *now}):
        old, new = was.get(where), now.get(where)
        if old is None or new is None or old.canonical != new.canonical:
            yield LineChange(hpr, where, rules, old, new)


def _paid(line: LineMonths | None) -> int | None:
    return 0 if line is None else line.total


def _element(line: LineMonths | None, name: str) -> int | None:
    if line is None:
        return 0
    return None if line.elements is None else line.elements[name]


def krone_change(before: int | None, after: int | None) -> dict[str, int | None]:
    """Whole kroner before and after, with their difference; None where a rate is unknown."""
    difference = None if before is None or after is None else after - before
    return {"before": before, "after": after, "difference": difference}


def _counted(line: LineMonths | None, rules: RuleSet) -> dict[str, int]:
    nothing = {basis.value: 0 for basis in Basis} | {Basis.NONE.value: len(rules.months)}
    return nothing if line is None else line.counted()


def _month_of(line: LineMonths | None, number: int) -> Json | None:
    return None if line is None else line.months[number]


def _same(one: LineMonths | None, other: LineMonths | None, number: int) -> bool:
    """Whether a month is the same in two lines; that there is no line is the same as a month that is not paid."""
    if one is not None and other is not None:
        return one.kind_of(number) == other.kind_of(number)
    return all(line is None or line.months[number]["basis"] == Basis.NONE for line in (one, other))


def _whole(line: LineMonths | None, number: int) -> int:
    return 0 if line is None or line.kroner is None else line.kroner[number].whole
