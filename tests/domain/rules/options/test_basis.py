"""`partly_agreed_month`, `full_leave`, `after_duration`, `hospital_service`: what a month is paid as."""

import pytest

from tests.options import under
from tests.scenario import MONTHS, full_time, track

PARTLY = track("2024-10-01").position("p1").agreement("a1", first="2025-06-16")
AFTER_JULY = full_time("2020-08-01")
"""58 months are used before June 2025: July is the last of the five years."""
HOSPITAL = full_time().hospital("s1", "2025-09-10", "2025-10-20")


@pytest.mark.parametrize("paid_as", ["guidance_only", "none"])
def test_a_month_that_is_agreed_only_in_part(paid_as: str) -> None:
    found = under(PARTLY, partly_agreed_month=paid_as)
    assert getattr(found, paid_as) == ["2025-06"]
    assert found.reasons["2025-06"] == ["no_agreement"]
    assert found.agreement == MONTHS[1:]


def test_a_month_without_any_agreement_is_not_agreed_in_part() -> None:
    assert under(track("2024-10-01").position("p1"), partly_agreed_month="none").guidance_only == MONTHS


def test_a_day_of_full_leave_costs_the_month() -> None:
    found = under(full_time().leave("l1", "2025-06-01", "2025-06-06"), full_leave="month")
    assert (found.none, found.reasons["2025-06"]) == (["2025-06"], ["on_leave"])


def test_days_of_full_leave_count_with_share_nothing() -> None:
    found = under(full_time().leave("l1", "2025-06-01", "2025-06-06"), full_leave="days")
    assert (found.none, found.reasons["2025-06"]) == ([], [])
    assert found.shares["2025-06"] == {"gp": "0.800000"}  # 24 of 30 days


def test_a_month_wholly_on_leave_is_lost_also_when_leave_counts_by_days() -> None:
    found = under(full_time().leave("l1", "2025-06-15", "2025-07-31"), full_leave="days")
    assert (found.none, found.reasons["2025-07"]) == (["2025-07"], ["on_leave"])


def test_a_category_that_stands_on_days_of_full_leave_alone_has_no_share() -> None:
    doctor = full_time().leave("l1", "2025-06-01", "2025-06-10").changed("p1", "2025-06-11", category="introductory")
    assert under(doctor, full_leave="days").shares["2025-06"] == {"introductory": "0.666667"}  # 20 of 30 days


def test_after_the_five_years_nothing_is_paid() -> None:
    found = under(AFTER_JULY, after_duration="none")
    assert (found.agreement, found.none) == (MONTHS[:2], MONTHS[2:])


def test_after_the_five_years_guidance_is_still_paid_and_the_code_stays() -> None:
    found = under(AFTER_JULY, after_duration="guidance")
    assert (found.agreement, found.guidance_only) == (MONTHS[:2], MONTHS[2:])
    assert found.reasons["2025-08"] == ["duration_exhausted"]
    # two months outside the window, 2 x 247 406.11875 / 12 = 41 234.353, and ten of 7 532.73958: 116 561.749
    assert found.total == 116_562


def test_after_the_five_years_a_month_agreed_only_in_part_is_not_paid_where_such_months_are_not() -> None:
    doctor = AFTER_JULY.add("agreement_ended", agreement="a1", last_day="2025-08-15")
    found = under(doctor, after_duration="guidance", partly_agreed_month="none")
    assert (found.none, found.reasons["2025-08"]) == (["2025-08"], ["duration_exhausted", "no_agreement"])


def test_months_with_hospital_service_are_not_paid() -> None:
    found = under(HOSPITAL, hospital_service="none")
    assert found.none == ["2025-09", "2025-10"]


def test_months_with_hospital_service_are_paid_as_guidance_and_the_code_stays() -> None:
    found = under(HOSPITAL, hospital_service="guidance")
    assert (found.guidance_only, found.none) == (["2025-09", "2025-10"], [])
    assert found.reasons["2025-09"] == ["institutional_service"]
    assert found.shares["2025-09"] == {"gp": "1.000000"}


def test_hospital_service_is_not_guidance_where_anything_else_fails() -> None:
    found = under(HOSPITAL.leave("l1", "2025-09-01", "2025-09-01"), hospital_service="guidance")
    assert (found.guidance_only, found.none) == (["2025-10"], ["2025-09"])


def test_a_month_of_hospital_service_is_guidance_for_all_its_days_also_by_the_day() -> None:
    found = under(HOSPITAL, hospital_service="guidance", months="days")
    assert found.guidance_only == ["2025-09", "2025-10"]
    assert found.shares["2025-09"] == {"gp": "1.000000"}


def test_by_the_day_service_pays_nothing_in_a_month_where_something_else_fails() -> None:
    doctor = HOSPITAL.leave("l1", "2025-09-01", "2025-09-01")
    found = under(doctor, hospital_service="guidance", months="days")
    assert found.agreement == [*MONTHS[:4], *MONTHS[5:]]
    assert found.shares["2025-09"] == {"gp": "0.266667"}  # 2 to 9 September: 8 of 30 days


def test_a_month_of_hospital_service_that_is_agreed_in_part_is_guidance_whatever_such_months_are() -> None:
    doctor = HOSPITAL.add("agreement_ended", agreement="a1", last_day="2025-09-05")
    found = under(doctor, hospital_service="guidance", partly_agreed_month="none")
    assert found.guidance_only == MONTHS[3:]


def test_hospital_service_after_the_five_years_is_not_paid() -> None:
    doctor = AFTER_JULY.hospital("s1", "2025-09-10", "2025-09-20")
    found = under(doctor, hospital_service="guidance")
    assert (found.none, found.reasons["2025-09"]) == (MONTHS[2:], ["institutional_service"])
    both = under(doctor, hospital_service="guidance", after_duration="guidance")
    assert both.guidance_only == MONTHS[2:]
