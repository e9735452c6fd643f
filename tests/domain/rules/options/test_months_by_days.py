"""`months`: whether conditions are tested, and paid, by the calendar month or by the day.

A month of a full-time fastlege in the window is 378 656.11875 / 12 = 31 554.67656 kroner, one of guidance
only 90 392.875 / 12 = 7 532.73958.
"""

from tests.options import under
from tests.scenario import BEIARN, MONTHS, full_time, track

SWITCHED = full_time().switched("p1", "2025-11-14", to=BEIARN)


def test_by_the_calendar_the_month_of_a_job_switch_is_lost() -> None:
    found = under(SWITCHED, months="calendar")
    assert (found.agreement, found.none) == (MONTHS[:5], MONTHS[5:])
    assert found.total == 157_773  # 5 x 31 554.67656 = 157 773.38


def test_by_the_day_the_days_before_a_job_switch_are_paid() -> None:
    found = under(SWITCHED, months="days")
    assert found.agreement == MONTHS[:6]
    assert found.shares["2025-11"] == {"gp": "0.466667"}  # 14 of 30 days
    assert found.reasons["2025-11"] == ["no_agreement", "no_position"]
    assert found.total == 172_499  # (5 + 14/30) x 31 554.67656 = 172 498.90


def test_by_the_day_each_day_is_paid_by_its_own_basis_and_the_month_shows_the_best() -> None:
    doctor = track("2024-10-01").position("p1", last_day="2025-06-30").agreement("a1", first="2025-06-16")
    found = under(doctor, months="days")
    assert (found.agreement, found.productive) == (["2025-06"], ["2025-06"])
    assert found.shares["2025-06"] == {"gp": "1.000000"}
    assert found.total == 19_544  # 15/30 x 31 554.67656 + 15/30 x 7 532.73958 = 19 543.71


def test_by_the_day_full_leave_costs_its_own_days_alone() -> None:
    found = under(full_time().leave("l1", "2025-06-01", "2025-06-06"), months="days")
    assert found.shares["2025-06"] == {"gp": "0.800000"}  # 24 of 30 days
    assert found.reasons["2025-06"] == ["on_leave"]


def test_by_the_day_the_choices_of_whole_months_have_no_effect() -> None:
    doctor = full_time().changed("p1", "2025-06-11", percent=60).leave("l1", "2025-07-01", "2025-07-06")
    plain = under(doctor, months="days")
    assert plain == under(
        doctor, months="days", change_in_month="first_day", partly_agreed_month="none", full_leave="days"
    )


def test_by_the_day_the_five_years_are_still_tested_by_the_month() -> None:
    # 58.5 months are used before June 2025: with July it would be 60.5
    found = under(full_time("2020-07-16").switched("p1", "2025-07-15", to=BEIARN), months="days")
    assert found.agreement == MONTHS[:2]  # of July only half is used here: 60.0
    later = under(full_time("2020-07-16").ended("p1", "2025-08-15"), months="days")
    assert later.agreement == MONTHS[:1]
    assert later.reasons["2025-08"] == ["duration_exhausted", "no_agreement", "no_position"]
