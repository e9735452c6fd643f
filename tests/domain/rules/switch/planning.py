"""Planned switches of a doctor who has been told of, and the same asked the long way: fact by fact."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from pydantic_core import to_json

from domain.doctor.history import Doctor, as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.days.timeline import FOREVER, spans
from domain.rules.result import calculate
from domain.rules.sets.rule_set import RuleSet
from domain.rules.switch.answer import BestSwitch, best_switch
from domain.rules.switch.computing import Place, Switching
from domain.rules.switch.planned import PlannedSwitch, SwitchDays, possible_days
from domain.rules.switch.rounds import rules_of_switch
from tests.scenario import BEIARN, Json, Told, judged, lines_of

IN_FORCE: Final = [choose_rule_set(None, each) for each in ("2022", "2023", "2024", "2025", "2026")]
Between = tuple[str, str]


def planned(
    last: Between, first: Between | None = None, to: str = BEIARN, position: str = "p1", **post: object
) -> PlannedSwitch:
    """A switch to a full-time fastlege post, unless said otherwise."""
    plan = {
        "position": position,
        "last_day_between": _range(last),
        "new": {"municipality": to, "category": "gp", "percent": 100, **post},
    }
    return PlannedSwitch.model_validate_json(to_json(plan | ({"first_day_between": _range(first)} if first else {})))


def planned_arrival(first: Between, to: str = BEIARN, **post: object) -> PlannedSwitch:
    """The same, asked by who sees the post to come to alone."""
    new = {"municipality": to, "category": "gp", "percent": 100, **post}
    return PlannedSwitch.model_validate_json(to_json({"first_day_between": _range(first), "new": new}))


def answered(told: Told, plan: PlannedSwitch) -> BestSwitch:
    """The best days, to somebody who sees everything."""
    doctor = doctor_of(told.facts)
    left = doctor.track.positions[plan.position] if plan.position else None
    rules = rules_of_switch(IN_FORCE, left, plan.last_days.first_day, plan.first_days.last_day)
    codes = dict.fromkeys((*([left.municipality] if left else []), plan.new.municipality))
    places = tuple(Place(code, doctor, is_own=True) for code in codes)
    return best_switch(Switching(told.hpr, plan, places, rules), possible_days(plan, left), None)


class Recorded(NamedTuple):
    """What a switch comes to that is recorded as facts are."""

    counted: frozenset[int]
    kroner: tuple[int | None, ...]


def recorded(found: BestSwitch, facts: Sequence[Json], days: SwitchDays) -> Recorded:
    """The months that count and the kroner by round, of the facts with the switch recorded and everything computed."""
    plan, hpr = found.switching.plan, found.switching.hpr
    post = plan.new.model_dump(mode="json", exclude_none=True) | {"first_day": str(days.first_day)}
    told = Told(hpr, tuple(facts)).known("2030-01-01")
    switched = told.add(
        "job_switched", position=plan.position, last_day=str(days.last_day), new={"position": "planned", **post}
    )
    months, kroner = set[int](), list[int | None]()
    for each in found.switching.rounds:
        doctor = _agreed(switched, plan, each.rules, days)
        results = [calculate([(hpr, doctor)], place.code, each.rules) for place in found.switching.places]
        lines = [line for result in results for line in result.lines]
        months |= {month.number for line in lines for month in line.months if month.basis.value != "none"}
        kroner.append(sum(result.total for result in results) if all(each.complete for each in results) else None)
    return Recorded(frozenset(months), tuple(kroner))


def doctor_of(facts: Sequence[Json]) -> Doctor:
    """What some facts of one doctor make."""
    [known] = judged(lines_of(facts)).values()
    return as_known(known)


def _agreed(told: Told, plan: PlannedSwitch, rules: RuleSet, days: SwitchDays) -> Doctor:
    """With an agreement in the new post from its first day, unless one is in force there."""
    doctor, first = doctor_of(told.facts), days.first_day
    of_post = [span for span in spans(doctor, rules, FOREVER) if span.last >= first.toordinal()]
    if any(plan.new.municipality in span.agreed for span in of_post):
        return doctor
    return doctor_of(told.agreement("planned", plan.new.municipality, first=str(first)).facts)


def each_day(days: tuple[date, date]) -> list[date]:
    """The days from one to another."""
    return [days[0] + timedelta(each) for each in range((days[1] - days[0]).days + 1)]


def _range(days: Between) -> Json:
    return {"first_day": days[0], "last_day": days[1]}
