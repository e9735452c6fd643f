"""What is told of a line to its municipality: nothing of what other municipalities have registered but what it needs.

Kroner and months stay as they are. The ids of others' facts are left out, and so are the use of the five years day by
day, and percents that do not set the municipality's own down; days that then read alike are told as one.
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from domain.rules.days.conditions import NO_AGREEMENT, NO_POSITION

Tree = dict[str, Any]
_FULL_TIME: Final = 100
_OF_THE_MUNICIPALITY: Final = frozenset({NO_POSITION, NO_AGREEMENT})
"""The conditions that are the municipality's own, also on days when the doctor holds no post there."""


def line_as_told(line: Mapping[str, Any], hidden: Collection[str]) -> Tree:
    """A line as JSON, without what is told by facts of others (their ids are `hidden`)."""
    told = dict(line)
    if "findings" in line:
        told["findings"] = [{**each, "facts": _seen(each["facts"], hidden)} for each in line["findings"]]
    if "trace" in line:
        told["trace"] = trace_as_told(line["trace"], hidden)
    return told


def trace_as_told(trace: Mapping[str, Any], hidden: Collection[str]) -> Tree:
    """The reasons for a line, likewise."""
    return {
        **trace,
        "months": [{**each, "days": _days(each["days"], hidden)} for each in trace["months"]],
        "window": {**trace["window"], "facts": _seen(trace["window"]["facts"], hidden)},
    }


def _days(days: Iterable[Mapping[str, Any]], hidden: Collection[str]) -> list[Tree]:
    """The runs of days of a month; those one after the other that read alike are one."""
    found: list[Tree] = []
    for each in days:
        told = {**each, "facts": _seen(each["facts"], hidden), **_less(each)}
        if found and _apart_from_days(found[-1]) == _apart_from_days(told):
            found[-1]["last_day"] = told["last_day"]
        else:
            found.append(told)
    return found


def _less(days: Mapping[str, Any]) -> Tree:
    """What is told otherwise of some days, because it tells of other municipalities and is not needed."""
    if not days["posts"]:
        failing = [each for each in days["failing"] if each in _OF_THE_MUNICIPALITY]
        return {"percent_elsewhere": None, "leave": None, "uses_of_five_years": None, "failing": failing}
    here = sum((Fraction(each["percent"]) for each in days["posts"] if each["qualifies"]), Fraction(0))
    is_scaled = bool(here) and here + Fraction(days["percent_elsewhere"]) > _FULL_TIME
    elsewhere = days["percent_elsewhere"] if is_scaled else None
    return {"percent_elsewhere": elsewhere, "uses_of_five_years": None}


def _apart_from_days(days: Mapping[str, Any]) -> Tree:
    return {name: value for name, value in days.items() if name not in {"first_day", "last_day"}}


def _seen(facts: Iterable[str], hidden: Collection[str]) -> list[str]:
    return [each for each in facts if each not in hidden]
