"""The productivity window: the 24 first months of the track (rules.md 3.5)."""

from domain.history import Doctor
from domain.rules.calendar import first_of, month_of
from domain.rules.rule_set import RuleSet
from domain.values import Scheme


def window(doctor: Doctor, rules: RuleSet) -> frozenset[int]:
    """The months (numbers) in which the productivity element can be given.

    They are counted from the first whole month of the first track that is, or was converted to,
    the new scheme; the percent, leave and a restart do not matter.
    """
    for spell in doctor.track.spells:
        if spell.scheme is Scheme.NEW or spell.converted_on is not None:
            start = first_whole_month(spell.first_day.toordinal())
            return frozenset(range(start, start + rules.whole("window_months")))
    return frozenset()


def first_whole_month(day: int) -> int:
    """The first month that begins on or after a day (an ordinal)."""
    month = month_of(day)
    return month if first_of(month) == day else month + 1
