"""Which choice decides the amount: the line is computed again under each alternative.

Only what an option can decide is computed again, and only where its question arises: whether days are leave is not
asked again for a choice about reported costs, nor how percents over 100 are scaled where none are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from domain.rules.days.conditions import INSTITUTIONAL_SERVICE
from domain.rules.days.shares import ALL, NOTHING
from domain.rules.days.window import window
from domain.rules.findings.views.view import Found, View
from domain.rules.line.amounts import Amounts, amounts
from domain.rules.line.costs import reported
from domain.rules.line.months import Month, months, record_of
from domain.rules.sets.options import OPTIONS, Choosable, Stage
from domain.rules.sets.rule_set import RuleSet
from domain.values import words
from domain.values.days.calendar import first_of, month_of, text_of
from domain.values.fields import MonthText, Shape


class Effect(NamedTuple):
    """What an alternative does: in which months, and by how many kroner."""

    value: Choosable
    months: Sequence[int]
    kroner: int


class AlternativeShape(Shape):
    """What another choice would do to a line: kroner more (or less) than its total, and the months concerned."""

    value: str | bool
    kroner: int
    months: list[MonthText]


class DecidingChoiceOfLine(Shape):
    """A choice of the rule set that decides the amount of a line, with each alternative that changes it."""

    option: str
    value: str | bool
    alternatives: list[AlternativeShape]


class Touch(NamedTuple):
    """A choice that decides the amount of a line, and what each alternative would do."""

    option: str
    value: Choosable
    effects: Sequence[Effect]

    def as_json(self) -> DecidingChoiceOfLine:
        """The choice, and the kroner against each alternative that changes anything."""
        alternatives: list[AlternativeShape] = [
            {"value": each.value, "kroner": each.kroner, "months": [text_of(month) for month in each.months]}
            for each in self.effects
        ]
        return {"option": self.option, "value": self.value, "alternatives": alternatives}


def touches(view: View) -> list[Touch]:
    """Every choice that changes the line, in the order of rules.md section 5; none where a rate is unknown."""
    now = amounts(view.line, view.municipality, view.rules, view.record.costs)
    if now.missing:
        return []
    found = []
    for option, values in view.rules.alternatives.items():
        if option not in _ARISES or _ARISES[option](view):
            effects = [effect for value, rules in values if (effect := _effect(option, value, rules, now, view))]
            if effects:
                found.append(Touch(option, view.rules.options[option], effects))
    return found


def assumption_decides(each: Touch, rules: RuleSet) -> Found:
    """What an option that changes the line is told as, with the kroner against each alternative."""
    chosen = OPTIONS[each.option].words[each.value]
    against = f", i strid med {rules.ruled[each.option].named}" if goes_against_ruling(each, rules) else ""
    told = ", og ".join(_told(each.option, effect) for effect in each.effects)
    concerned = sorted({month for effect in each.effects for month in effect.months})
    return Found(concerned, (), f"Beløpet hviler på at {chosen}{against}; det ville blitt {told}.")


def goes_against_ruling(touch: Touch, rules: RuleSet) -> bool:
    """Whether the choice was made otherwise than the ruling on it says."""
    ruling = rules.ruled.get(touch.option)
    return ruling is not None and not rules.follows(ruling)


def _effect(option: str, value: Choosable, rules: RuleSet, now: Amounts, view: View) -> Effect | None:
    """What an alternative changes; None where the line is paid the same, or cannot be computed."""
    line, then = _AGAIN[OPTIONS[option].decides](rules, view)
    difference = _net(then) - _net(now)
    return Effect(value, _changed(line, view), difference) if difference and not then.missing else None


def _net(found: Amounts) -> int:
    """What the municipality is left with."""
    return found.total - sum((found.reclaimed or {}).values())


def _changed(line: Sequence[Month], view: View) -> list[int]:
    """The months that are paid otherwise; all that are paid, where it is the line as a whole that is."""
    both = list(zip(view.line, line, strict=True))
    found = [now.number for now, then in both if now.outcome.paid != then.outcome.paid]
    return found or sorted(view.paid)


def _told(option: str, effect: Effect) -> str:
    return f"{words.more_or_less(effect.kroner)} hvis {OPTIONS[option].words[effect.value]}"


Again = tuple[Sequence[Month], Amounts]
"""A line computed again: its months, and its kroner."""


def _from_the_days(rules: RuleSet, view: View) -> Again:
    record = record_of(view.doctor, rules)
    line = months(record, view.municipality, rules)
    return line, amounts(line, view.municipality, rules, record.costs)


def _from_the_window(rules: RuleSet, view: View) -> Again:
    counted = window(view.doctor, view.record.spans, rules)
    if all((month in counted) == (month in view.record.window) for month in rules.months):
        return _from_the_kroner(rules, view)
    line = months(replace(view.record, window=counted), view.municipality, rules)
    return line, amounts(line, view.municipality, rules, view.record.costs)


def _from_the_months(rules: RuleSet, view: View) -> Again:
    line = months(view.record, view.municipality, rules)
    return line, amounts(line, view.municipality, rules, view.record.costs)


def _from_the_kroner(rules: RuleSet, view: View) -> Again:
    return view.line, amounts(view.line, view.municipality, rules, view.record.costs)


_AGAIN: Final[Mapping[Stage, Callable[[RuleSet, View], Again]]] = {
    Stage.DAYS: _from_the_days,
    Stage.WINDOW: _from_the_window,
    Stage.MONTHS: _from_the_months,
    Stage.KRONER: _from_the_kroner,
}
"""How a line is computed again from what a choice decides first: all before it is as it was."""


def _something_changes_in_a_month(view: View) -> bool:
    return any(span.first != first_of(month_of(span.first)) for span in view.spans)


def _some_leave_is_graded(view: View) -> bool:
    return any(NOTHING < span.leave < ALL for span in view.spans)


def _percents_are_over_100(view: View) -> bool:
    full = view.rules.full_time
    return any(sum(post.percent for post in span.posts if post.qualifies) > full for span in view.record.spans)


def _an_agreement_was_signed_late(view: View) -> bool:
    return any(each.signed_on > each.first_day for each in view.doctor.agreements.values())


def _the_five_years_are_over(view: View) -> bool:
    return bool(view.record.exhausted)


def _there_is_hospital_service(view: View) -> bool:
    return any(INSTITUTIONAL_SERVICE in span.failing for span in view.spans)


def _costs_are_reported(view: View) -> bool:
    return bool(reported(view.record.costs, view.municipality))


_ARISES: Final[Mapping[str, Callable[[View], bool]]] = {
    "months": _something_changes_in_a_month,
    "change_in_month": _something_changes_in_a_month,
    "partly_agreed_month": _something_changes_in_a_month,
    "full_leave": _something_changes_in_a_month,
    "graded_leave": _some_leave_is_graded,
    "over_100": _percents_are_over_100,
    "agreement_counts_from": _an_agreement_was_signed_late,
    "after_duration": _the_five_years_are_over,
    "hospital_service": _there_is_hospital_service,
    "hospital_days": _there_is_hospital_service,
    "unused_funds": _costs_are_reported,
}
"""Where the question of an option arises at all, if not everywhere."""
