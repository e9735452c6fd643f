"""What holds for every history there can be."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from domain.doctor.facts.facts import FACT
from domain.doctor.facts.stored import stored_fact
from domain.doctor.history import Doctor, as_known
from domain.doctor.track.state import Position
from domain.rulebook.release import choose_rule_set
from domain.rules.line.months import months as months_of
from domain.rules.line.months import municipalities_of, record_of
from domain.rules.result import calculate
from domain.values.days.periods import Dated
from domain.values.fields import Category
from tests.histories import HPR, MUNICIPALITIES, histories
from tests.scenario import Json, judged, lines_of, problems_with, result

Check = Callable[[list[Json], st.DataObject], None]
T = TypeVar("T")
RULES: Final = choose_rule_set(None, "2026")
ANYTHING: Final[st.SearchStrategy[Any]] = st.one_of(
    st.sampled_from([None, {}, True, "", "0001-01-01", "9999-12-31"]), st.floats(), st.integers(), st.text()
)
FEW: Final = settings(max_examples=60, deadline=None)
MANY: Final = settings(max_examples=800, deadline=None)


def results(facts: list[Json], known_at: str | None = None) -> list[Json]:
    """What each municipality gets, as a decision would store it."""
    return [result(lines_of(facts), where, known_at).canonical() for where in MUNICIPALITIES]


def doctor_of(facts: list[Json]) -> Doctor:
    return as_known(judged(lines_of(facts))[HPR])


def lines(doctor: Doctor) -> list[Json]:
    return [calculate([(HPR, doctor)], where, RULES).canonical() for where in MUNICIPALITIES]


def later_facts_change_nothing(facts: list[Json], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, len(facts)))
    moment = facts[count - 1]["recorded_at"]
    assert results(facts, moment) == results(facts[:count]) == results(facts[:count], moment)


def the_order_of_lines_does_not_matter(facts: list[Json], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(facts))
    assert judged(lines_of(shuffled)) == judged(lines_of(facts))


def a_correction_equals_having_recorded_it_right(facts: list[Json], _: st.DataObject) -> None:
    right: dict[str, Json] = {}
    for fact in facts:
        if fact["type"] != "fact_corrected":
            right[fact["id"]] = fact
        elif fact["replacement"] is None:
            del right[fact["corrects"]]
        else:
            changed = right[fact["corrects"]] | fact["replacement"]
            right[fact["corrects"]] = {name: value for name, value in changed.items() if value is not None}
    assert (doctor_of([*right.values()]) if right else Doctor()) == doctor_of(facts)


def splitting_a_position_changes_nothing(facts: list[Json], data: st.DataObject) -> None:
    """Save for posts with locum days, of which the rules ask how long the whole post is."""
    doctor = doctor_of(facts)
    positions = doctor.track.positions
    possible = [name for name, held in positions.items() if Category.GP_LOCUM not in held.category.values]
    if not possible:
        return
    name = data.draw(st.sampled_from(possible))
    held = positions[name]
    last = held.last_day or max(held.first_day, date(2026, 8, 1))
    if last == held.first_day:
        return
    day = data.draw(st.dates(held.first_day + timedelta(days=1), last))
    parts = {"before": _until(held, day - timedelta(days=1)), "after": _since(held, day)}
    kept = {other: each for other, each in positions.items() if other != name}
    split = replace(doctor, track=doctor.track._replace(positions=kept | parts))
    assert lines(split) == lines(doctor)


def _until(held: Position, last: date) -> Position:
    return replace(held, last_day=last)


def _since(held: Position, first: date) -> Position:
    return replace(held, first_day=first, category=_from(held.category, first), percent=_from(held.percent, first))


def _from(dated: Dated[T], first: date) -> Dated[T]:
    at = bisect_right(dated.days, first) - 1
    return Dated((first, *dated.days[at + 1 :]), dated.values[at:], dated.facts[at:])


def shares_never_exceed_one(facts: list[Json], _: st.DataObject) -> None:
    laid = record_of(doctor_of(facts), RULES)
    found = [months_of(laid, where, RULES) for where in sorted(municipalities_of(laid, RULES))]
    for same_month in zip(*found, strict=True):
        shares = [share for month in same_month for share in month.shares.values()]
        assert all(0 < share <= 1 for share in shares)
        assert sum(shares, Fraction(0)) <= 1


def elements_sum_to_the_line(facts: list[Json], _: st.DataObject) -> None:
    for where in MUNICIPALITIES:
        found = result(lines_of(facts), where)
        for line in found.lines:
            exact = line.amounts.exact
            assert sum(line.amounts.elements.values()) == line.amounts.total
            assert -Fraction(1, 2) < line.amounts.total - sum(exact.values()) <= Fraction(1, 2)
            assert all(abs(kroner - exact[name]) < 1 for name, kroner in line.amounts.elements.items())
        assert found.total == sum(line.amounts.total for line in found.lines)


def what_changes_no_month_changes_no_krone(facts: list[Json], data: st.DataObject) -> None:
    head = {"hpr": HPR, "recorded_at": facts[-1]["recorded_at"], "recorded_by": "kommune:1804"}
    more: list[Json] = [
        {"type": "supervisor_assigned", "supervisor": "8000001", "first_day": "2025-06-01"},
        {"type": "guidance_recorded", "municipality": "1804", "month": "2025-06", "hours": 3.5},
        {"type": "costs_reported", "municipality": "1804", "round": "2026", "element": "supervision", "kroner": 1},
    ]
    told = [head | fact | {"id": f"more-{n}"} for n, fact in enumerate(more)]
    at = data.draw(st.integers(0, len(facts)))
    assert results([*facts[:at], *told, *facts[at:]]) == results(facts)


def another_doctor_changes_nothing(facts: list[Json], data: st.DataObject) -> None:
    other = [fact | {"hpr": "9000002"} for fact in data.draw(histories())]
    together = [*facts, *other]
    for where, alone in zip(MUNICIPALITIES, results(facts), strict=True):
        found = result(lines_of(together), where).canonical()
        assert [line for line in found["lines"] if line["hpr"] == HPR] == alone["lines"]


def what_is_stored_reads_as_it_was_told(facts: list[Json], _: st.DataObject) -> None:
    """Also without the checks that only tell a person what is wrong."""
    for told in judged(lines_of(facts))[HPR]:
        stored = to_json(told.as_json())
        assert stored_fact(stored) == FACT.validate_json(stored) == told


def nothing_is_a_float(facts: list[Json], _: st.DataObject) -> None:
    for where in MUNICIPALITIES:
        found = result(lines_of(facts), where)
        assert not [value for value in _values(found.as_json()) if isinstance(value, float)]
        assert all(isinstance(kroner, Fraction) for line in found.lines for kroner in line.amounts.exact.values())


def _values(plain: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(plain, dict):
        for value in plain.values():
            yield from _values(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from _values(value)
    else:
        yield plain


def what_is_told_tells_the_basis(facts: list[Json], _: st.DataObject) -> None:
    for line in [line for each in results(facts) for line in each["lines"]]:
        for month in line["months"]:
            basis = {"": "agreement", "no_agreement": "guidance_only"}.get(",".join(month["reasons"]), "none")
            assert month["basis"] == basis
            assert bool(month["shares"]) == (basis != "none")
            assert month["reasons"] == sorted(set(month["reasons"]))
            assert not month["productivity"] or (basis == "agreement" and {"gp", "gp_locum"} & month["shares"].keys())


PROPERTIES: Final[list[Check]] = [
    later_facts_change_nothing,
    the_order_of_lines_does_not_matter,
    a_correction_equals_having_recorded_it_right,
    splitting_a_position_changes_nothing,
    shares_never_exceed_one,
    elements_sum_to_the_line,
    what_changes_no_month_changes_no_krone,
    another_doctor_changes_nothing,
    what_is_stored_reads_as_it_was_told,
    nothing_is_a_float,
    what_is_told_tells_the_basis,
]


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda check: check.__name__)
@FEW
@given(histories(), st.data())
def test_for_every_history(holds: Check, facts: list[Json], data: st.DataObject) -> None:
    holds(facts, data)


@pytest.mark.long
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda check: check.__name__)
@MANY
@given(histories(most=16), st.data())
def test_for_many_more_and_longer_histories(holds: Check, facts: list[Json], data: st.DataObject) -> None:
    holds(facts, data)


@FEW
@given(st.binary() | st.text().map(str.encode) | st.recursive(st.text(), st.lists).map(json.dumps).map(str.encode))
def test_no_file_whatever_is_more_than_refused(content: bytes) -> None:
    assert problems_with(content)


@FEW
@given(histories(most=5), st.data())
def test_a_history_with_anything_in_place_of_a_field_is_accepted_or_refused_never_more(
    facts: list[Json], data: st.DataObject
) -> None:
    fact = data.draw(st.sampled_from(facts))
    field = data.draw(st.sampled_from(sorted(fact)))
    broken = [each | {field: data.draw(ANYTHING)} if each is fact else each for each in facts]
    if not problems_with(lines_of(broken)):
        assert all(result(lines_of(broken), where).total >= 0 for where in MUNICIPALITIES)


@FEW
@given(histories())
def test_the_moments_of_a_history_all_differ(facts: list[Json]) -> None:
    moments = [datetime.fromisoformat(fact["recorded_at"]) for fact in facts]
    assert len(set(moments)) == len(moments)
    assert moments == sorted(moments)
