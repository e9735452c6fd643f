"""Months and kroner before and after something, line by line."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from domain.doctor.history import Doctor, as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.compare.changes import LineChange, changes, lines_of
from domain.rules.line.amounts import amounts
from domain.rules.line.monthly import kroner_by_month
from domain.rules.sets.rule_set import RuleSet
from tests.histories import HPR, histories
from tests.options import rules_with
from tests.scenario import BEIARN, BODO, Json, Told, full_time, judged, track
from tests.scenario import lines_of as as_lines

RULES = choose_rule_set(None, "2026")


def doctor(facts: tuple[Json, ...] | list[Json]) -> Doctor:
    return as_known(judged(as_lines(facts)).get(HPR, ()))


def changed(before: Told, after: Told, rules: RuleSet = RULES) -> list[LineChange]:
    return list(changes(HPR, doctor(before.facts), doctor(after.facts), rules))


def in_kroner(told: Told, rules: RuleSet = RULES) -> list[int | None]:
    line = lines_of(HPR, doctor(told.facts), rules)[BODO]
    return [month["kroner"] for month in line.months.values()]


# ---------------------------------------------------------------- a line month by month


def test_the_months_of_a_line_sum_to_it() -> None:
    # 378 656.11875 a year is 31 554.6765625 a month: the sums up to each month are rounded, and the months lie between
    told = in_kroner(full_time())
    assert list(accumulate(told))[:3] == [31_555, 63_109, 94_664]
    assert sum(kroner or 0 for kroner in told) == 378_656


@given(histories(), st.integers(1, 12))
def test_a_later_month_never_moves_an_earlier_one(facts: list[Json], count: int) -> None:
    for where, line in lines_of(HPR, doctor(facts), RULES).items():
        months = line.line.months
        part = kroner_by_month(months[:count], amounts(months[:count], where, RULES), RULES)
        assert part is not None
        assert line.kroner is not None
        assert list(line.kroner.items())[:count] == list(part.items())
        assert sum(month.whole for month in line.kroner.values()) == line.total
        assert sum(month.exact for month in line.kroner.values()) == sum(line.line.amounts.exact.values())


def test_costs_cap_every_month_alike() -> None:
    costs = {"municipality": BODO, "round": "2026", "element": "learning_activities", "kroner": 2_000}
    told = in_kroner(full_time().add("costs_reported", **costs), rules_with(payment_basis="actual_costs_capped"))
    assert told == [167, 166, 167] * 4


def test_a_line_without_a_rate_has_no_kroner_in_any_month() -> None:
    partial = choose_rule_set(None, "2025")
    line = lines_of(HPR, doctor(full_time().facts), partial)[BODO]
    assert line.total is None
    assert {month["kroner"] for month in line.months.values()} == {None}


# ---------------------------------------------------------------- before and after


def test_a_leave_changes_its_months_and_no_other() -> None:
    [change] = changed(full_time(), full_time().leave("l1", "2025-08-10", "2025-09-05"))
    told = change.as_json()
    assert [month["month"] for month in told["months"]] == ["2025-08", "2025-09"]
    # ten months are 315 546.765625
    assert told["kroner"] == {"before": 378_656, "after": 315_547, "difference": -63_109}
    assert told["counted"] == {
        "before": {"agreement": 12, "guidance_only": 0, "none": 0},
        "after": {"agreement": 10, "guidance_only": 0, "none": 2},
    }
    assert told["months"][0]["before"]["kroner"] == 31_555
    assert [month["before"]["kroner"] for month in told["months"]] == [31_555, 31_555]
    assert told["rounding"] == 1  # of later months, which are rounded otherwise but stay
    assert told["months"][0]["after"] == {
        "month": "2025-08", "basis": "none", "shares": {}, "productivity": False, "reasons": ["on_leave"], "kroner": 0,
    }  # fmt: skip
    assert sum(each["difference"] for each in told["elements"].values()) == -63_109


@given(histories(), histories())
def test_the_months_that_change_and_the_rounding_make_the_difference(one: list[Json], other: list[Json]) -> None:
    for change in changes(HPR, doctor(one), doctor(other), RULES):
        told = change.as_json()
        kroner = [
            (month["after"] or {"kroner": 0})["kroner"] - (month["before"] or {"kroner": 0})["kroner"]
            for month in told["months"]
        ]
        assert sum(kroner) + told["rounding"] == told["kroner"]["difference"] == change.difference
        assert abs(told["rounding"]) <= 12


def test_a_job_switch_changes_both_municipalities() -> None:
    away = full_time().switched("p1", "2025-11-14", to=BEIARN)
    old, new = changed(full_time(), away)
    assert (old.municipality, new.municipality) == (BODO, BEIARN)
    assert new.before is None
    assert (old.difference, new.difference) == (-220_883, 45_196)
    assert new.as_json()["kroner"]["before"] == 0
    assert new.as_json()["counted"]["before"] == {"agreement": 0, "guidance_only": 0, "none": 12}
    months = new.as_json()["months"]
    assert [month["month"] for month in months] == ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]
    assert {month["before"] for month in months} == {None}


def test_what_changes_no_line_is_no_change() -> None:
    assert changed(full_time(), full_time().changed("p1", "2025-08-01", title="overlege")) == []
    assert changed(full_time(), full_time().leave("l1", "2024-12-01", "2024-12-31", kind="other")) == []


def test_a_month_that_is_not_paid_for_another_reason_is_a_changed_month_without_kroner() -> None:
    hospital = full_time().hospital("s1", "2025-08-01", "2025-08-31")
    [change] = changed(hospital, hospital.leave("l1", "2025-08-01", "2025-08-31"))
    assert [month["month"] for month in change.as_json()["months"]] == ["2025-08"]
    assert change.difference == 0


def test_a_line_that_gets_no_amount_tells_no_difference() -> None:
    partial = choose_rule_set(None, "2025")
    [change] = changed(track("2024-09-01"), track("2024-09-01").position("p1"), partial)
    assert change.as_json()["kroner"] == {"before": 0, "after": None, "difference": None}
