"""Which posts qualify, and how much of full time they are (rules.md 3.1 and 3.3)."""

import pytest

from tests.scenario import BEIARN, BODO, Told, full_time, months, track


def locum(first: str, last: str | None) -> Told:
    doctor = track("2024-10-01").position("p1", BODO, first, category="gp_locum", last_day=last)
    return doctor.agreement("a1")


@pytest.mark.parametrize(
    ("first", "too_short", "long_enough", "whole"),
    [
        ("2025-07-01", "2025-09-30", "2025-10-01", ["2025-07", "2025-08", "2025-09"]),
        ("2025-07-15", "2025-10-14", "2025-10-15", ["2025-08", "2025-09"]),
        ("2026-01-31", "2026-04-29", "2026-04-30", ["2026-02", "2026-03", "2026-04"]),
        ("2025-11-30", "2026-02-27", "2026-02-28", ["2025-12", "2026-01", "2026-02"]),
        ("2025-08-31", "2025-11-29", "2025-11-30", ["2025-09", "2025-10", "2025-11"]),
        ("2025-11-28", "2026-02-27", "2026-02-28", ["2025-12", "2026-01", "2026-02"]),
    ],
)
def test_a_locum_post_counts_when_it_is_over_three_months(
    first: str, too_short: str, long_enough: str, whole: list[str]
) -> None:
    assert months(locum(first, too_short)).agreement == []
    assert months(locum(first, long_enough)).agreement == whole


def test_a_locum_post_that_still_runs_counts() -> None:
    assert months(locum("2026-04-01", None)).agreement == ["2026-04", "2026-05"]


def test_the_last_day_of_the_calendar_stands_for_no_last_day_as_well_as_none_does() -> None:
    for first in ("2026-04-01", "2200-10-01"):
        doctor = locum(first, "9999-12-31").position("p2", last_day="9999-12-31")
        doctor = doctor.leave("l1", "2025-06-01", "9999-12-31", percent=50).hospital("s1", "2200-12-31", "9999-12-31")
        doctor = doctor.add("track_interrupted", interruption="i1", first_day="2200-12-01", last_day="9999-12-31")
        assert months(doctor).shares["2025-06"] == {"gp": "0.500000"}


def test_a_locum_post_that_turns_out_short_never_counted_as_known_now() -> None:
    doctor = locum("2025-07-01", None).known("2025-09-01").ended("p1", "2025-09-30")
    assert months(doctor, known_at="2025-08-31T00:00:00Z").first_eligible == "2025-07"
    assert months(doctor).agreement == []


def test_a_locum_post_that_a_job_switch_cuts_short_does_not_count() -> None:
    doctor = locum("2025-07-01", "2025-12-31").switched("p1", "2025-08-31", to=BEIARN)
    assert months(doctor, BODO).agreement == []


def test_two_short_locum_posts_after_each_other_do_not_make_a_long_one() -> None:
    doctor = locum("2025-07-01", "2025-09-30").position("p2", BODO, "2025-10-01", category="gp_locum")
    found = months(doctor.ended("p2", "2025-12-31"))
    assert found.agreement == []
    assert found.reasons["2025-08"] == ["no_position"]


def test_the_length_is_that_of_the_whole_post_also_the_days_in_another_category() -> None:
    doctor = locum("2025-07-01", "2025-10-01").changed("p1", "2025-08-01", category="introductory")
    assert months(doctor).shares["2025-07"] == {"gp_locum": "1.000000"}


def test_only_the_locum_days_of_a_short_post_do_not_qualify() -> None:
    doctor = locum("2025-07-01", "2025-09-30").changed("p1", "2025-08-01", category="introductory")
    found = months(doctor)
    assert found.agreement == ["2025-08", "2025-09"]
    assert found.reasons["2025-07"] == ["no_position"]


def test_a_change_in_mid_month_is_weighted_by_days() -> None:
    doctor = full_time().changed("p1", "2026-02-08", percent=50, category="introductory")
    assert months(doctor).shares["2026-02"] == {"gp": "0.250000", "introductory": "0.375000"}


def test_posts_of_one_category_in_one_municipality_are_added() -> None:
    doctor = track("2024-10-01").position("p1", percent=33.33).position("p2", percent="33.34").agreement("a1")
    assert months(doctor).shares["2025-06"] == {"gp": "0.666700"}


def test_percents_over_a_hundred_are_scaled_over_all_municipalities() -> None:
    doctor = track("2024-10-01").position("p1", BODO, percent=100).position("p2", BEIARN, percent=60)
    assert months(doctor, BODO).shares["2025-06"] == {"gp": "0.625000"}
    assert months(doctor, BEIARN).shares["2025-06"] == {"gp": "0.375000"}


def test_days_over_a_hundred_are_scaled_each_by_itself() -> None:
    doctor = track("2024-10-01").position("p1", BODO).position("p2", BEIARN, "2025-06-16")
    assert months(doctor, BODO).shares["2025-06"] == {"gp": "0.750000"}
    assert months(doctor, BEIARN).none[0] == "2025-06"


def test_a_post_that_does_not_qualify_scales_nothing() -> None:
    doctor = full_time().position("p2", BEIARN, "2025-07-01", category="gp_locum", last_day="2025-08-31")
    assert months(doctor).shares["2025-07"] == {"gp": "1.000000"}


def test_percents_are_scaled_before_graded_leave_is_taken_off() -> None:
    doctor = track("2024-10-01").position("p1", BODO, percent=80).position("p2", BEIARN, percent=80)
    found = months(doctor.leave("l1", "2025-06-01", "2025-06-30", percent=20), BODO)
    assert found.shares["2025-06"] == {"gp": "0.400000"}
    assert found.shares["2025-07"] == {"gp": "0.500000"}


def test_graded_leave_takes_its_percent_off_each_post() -> None:
    doctor = track("2024-10-01").position("p1", percent=60).position("p2", category="introductory", percent=40)
    found = months(doctor.leave("l1", "2025-06-01", "2025-06-30", percent=25))
    assert found.shares["2025-06"] == {"gp": "0.450000", "introductory": "0.300000"}


def test_overlapping_leaves_are_added() -> None:
    doctor = full_time().leave("l1", "2025-06-01", "2025-06-15", percent=50)
    found = months(doctor.leave("l2", "2025-06-11", "2025-06-30", percent=40))
    # ten days at 50 %, five at 10 %, fifteen at 60 %
    assert found.shares["2025-06"] == {"gp": "0.483333"}


@pytest.mark.parametrize(
    ("leave", "share"), [("99.5", "0.000000"), ("98.5", "0.000002"), ("97.5", "0.000002"), ("96.5", "0.000004")]
)
def test_shares_are_shown_with_six_decimals_half_to_even(leave: str, share: str) -> None:
    doctor = track("2024-10-01").position("p1", percent=0.01).leave("l1", "2025-06-01", percent=leave)
    assert months(doctor).shares["2025-06"] == {"gp": share}


def test_a_month_that_is_not_paid_shows_no_shares() -> None:
    assert months(full_time().leave("l1", "2025-06-02", "2025-06-02")).shares["2025-06"] == {}
