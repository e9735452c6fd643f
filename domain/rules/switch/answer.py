"""The answer to a planned switch: the days that are proposed, those that are as good, and what others would lose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from domain.doctor.history import Doctor
from domain.rules.compare.changes import LineChange, LineChangeShape, changes
from domain.rules.findings.findings import Findings
from domain.rules.findings.views.view import Severity
from domain.rules.result import line_for, moment_text
from domain.rules.sets.rule_set import RuleSet
from domain.rules.switch.choosing import Choice, Run
from domain.rules.switch.computing import Outcome, Place, Switching, counted
from domain.rules.switch.planned import SwitchDays
from domain.rules.switch.rounds import RoundRules
from domain.rules.switch.sentences import ORDER, assumptions, why
from domain.values.days.calendar import month_number, text_of
from domain.values.fields import MonthText, MunicipalityCode, RegisteredHpr, RegisteredId, RegisteredName, Shape


class DaysBetween(Shape):
    """Days from one to another, both included."""

    first_day: date
    last_day: date


class RunShape(Shape):
    """Days that are equally good: each of the last days (null: none was asked about) with each first day after it."""

    last_day_between: DaysBetween | None
    first_day_between: DaysBetween


class RoundKroner(Shape):
    """What a municipality is paid for the doctor in a round; null where a rate is unknown."""

    municipality: MunicipalityCode
    round: RegisteredId
    kroner: int | None


class OutcomeShape(Shape):
    """A switch on some days: the months that count nowhere for it, the kroner, and why, in Norwegian sentences."""

    last_day: date | None
    first_day: date
    months_lost: list[MonthText]
    kroner: list[RoundKroner]
    why: list[str]


class RulesShape(Shape):
    """The rule set of a round; `laid_over` if none is published for the time, and the last one is used."""

    round: RegisteredId
    first_day: date
    last_day: date
    rules: RegisteredId
    laid_over: bool


class RemarkShape(Shape):
    """A finding on a line that the switch changes, in a Norwegian sentence."""

    municipality: MunicipalityCode
    round: RegisteredId
    code: str
    severity: Severity
    text: str


class SwitchShape(Shape):
    """Which days of a planned switch lose the fewest months. Nothing is stored.

    The post that is left, its municipality and its last days are null where the question left them out.
    """

    hpr: RegisteredHpr
    position: RegisteredName | None
    known_at: datetime | None
    municipality_left: MunicipalityCode | None
    municipality_to: MunicipalityCode
    last_day_between: DaysBetween | None
    first_day_between: DaysBetween
    computed: Annotated[int, Field(description="How many pairs of days were computed.")]
    rounds: list[RulesShape]
    proposed: OutcomeShape
    equal: Annotated[
        list[RunShape],
        Field(description="All days that lose as few months and give as many kroner, the proposed among them."),
    ]
    others: Annotated[
        list[OutcomeShape],
        Field(description="For each other set of months that can be lost, the best days that lose it; the best first."),
    ]
    order: Annotated[str, Field(description="How days are chosen, in a Norwegian sentence.")]
    assumptions: Annotated[list[str], Field(description="What the answer assumes, in Norwegian sentences.")]
    remarks: Annotated[
        list[RemarkShape], Field(description="What people should look at that the proposed switch brings with it.")
    ]
    changes: Annotated[
        list[LineChangeShape],
        Field(description="Every line that the proposed switch would change, by round and municipality."),
    ]


class Remark(NamedTuple):
    """A finding on a line that the switch changes."""

    municipality: str
    round: str
    code: str
    severity: Severity
    text: str


@dataclass(frozen=True)
class BestSwitch:
    """The outcomes of a planned switch on all possible days, and the choice among them."""

    switching: Switching
    choice: Choice
    known_at: datetime | None

    @cached_property
    def changes(self) -> tuple[LineChange, ...]:
        """The lines of the asker's own municipalities that the proposed switch would change."""
        return tuple(self._changes())

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """What people should look at on the asker's own lines after the proposed switch, and need not now."""
        return tuple(self._remarks())

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """What the answer assumes, in sentences."""
        return tuple(assumptions(self.switching, self.choice))

    def why(self, outcome: Outcome) -> list[str]:
        """Why days are good or bad, in sentences."""
        return why(self.switching, self.choice, outcome)

    def as_json(self) -> dict[str, Any]:
        """All of it by names."""
        plan, choice = self.switching.plan, self.choice
        return {
            "hpr": self.switching.hpr,
            "position": plan.position,
            "known_at": moment_text(self.known_at) if self.known_at else None,
            "municipality_left": self.switching.places[0].code if plan.position else None,
            "municipality_to": self.switching.places[-1].code,
            "last_day_between": plan.last_day_between and plan.last_day_between.model_dump(mode="json"),
            "first_day_between": plan.first_days.model_dump(mode="json"),
            "computed": len(choice.outcomes),
            "rounds": list(map(_rules, self.switching.rounds)),
            "proposed": self._outcome(choice.best),
            "equal": [self._run(each) for each in choice.equal],
            "others": [self._outcome(each) for each in choice.others],
            "order": ORDER,
            "assumptions": list(self.assumptions),
            "remarks": [each._asdict() for each in self.remarks],
            "changes": [each.as_json() for each in self.changes],
        }

    def kroner(self, outcome: Outcome) -> Iterator[tuple[str, str, int | None]]:
        """What each of the asker's own municipalities is paid in each round, as known; None where a rate is unknown."""
        for lines, each in zip(self.switching.lines(outcome.days), self.switching.rounds, strict=True):
            for line, place in zip(lines, self.switching.places, strict=True):
                if place.is_own:
                    yield place.code, each.rules.round.id, None if line.amounts.missing else line.amounts.total

    def _outcome(self, outcome: Outcome) -> dict[str, Any]:
        names = ("municipality", "round", "kroner")
        return {
            "last_day": outcome.days.last_day.isoformat() if self.switching.plan.position else None,
            "first_day": outcome.days.first_day.isoformat(),
            "months_lost": list(map(text_of, self.choice.lost(outcome))),
            "kroner": [dict(zip(names, each, strict=True)) for each in self.kroner(outcome)],
            "why": self.why(outcome),
        }

    def _run(self, run: Run) -> dict[str, Any]:
        last_days, first_days = ({"first_day": str(first), "last_day": str(last)} for first, last in run)
        return {
            "last_day_between": last_days if self.switching.plan.position else None,
            "first_day_between": first_days,
        }

    def _changes(self) -> Iterator[LineChange]:
        for rules, place, after in self._own_after():
            found = changes(self.switching.hpr, place.doctor, after, rules)
            yield from (change for change in found if change.municipality == rules.municipalities.current(place.code))

    def _remarks(self) -> Iterator[Remark]:
        for rules, place, after in self._own_after():
            where, hpr = rules.municipalities.current(place.code), self.switching.hpr
            sides = (line_for(hpr, doctor, where, rules) for doctor in (place.doctor, after))
            now, then = (line.looked_at(Findings(where, rules))[0] if line else [] for line in sides)
            told = {(each.code, month) for each in now for month in each.months}
            new = (each for each in then if not told.issuperset((each.code, month) for month in each.months))
            yield from (Remark(place.code, rules.round.id, each.code, each.severity, each.text) for each in new)

    def _own_after(self) -> Iterator[tuple[RuleSet, Place, Doctor]]:
        """Each of the asker's own municipalities in each round, with the doctor after the proposed switch."""
        for of_round in self.switching.supposed:
            for supposed, place in zip(of_round, self.switching.places, strict=True):
                if place.is_own:
                    yield supposed.rules, place, supposed.switched(self.choice.best.days)


def best_switch(switching: Switching, possible: Sequence[SwitchDays], known_at: datetime | None) -> BestSwitch:
    """Compute the switch on all possible days, each by the calculation itself, and choose."""
    last = month_number(max(days.first_day for days in possible))
    staying = frozenset(month for month in counted(switching.lines_staying()) if month <= last)
    return BestSwitch(switching, Choice([switching.outcome(days) for days in possible], staying), known_at)


def _rules(of: RoundRules) -> dict[str, Any]:
    round_ = of.rules.round
    return {
        "round": round_.id,
        "first_day": round_.first_day.isoformat(),
        "last_day": round_.last_day.isoformat(),
        "rules": of.rules.id,
        "laid_over": of.laid_over,
    }
