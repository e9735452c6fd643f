"""`change_in_month`, `graded_leave`, `over_100`: the part of full time that is paid."""

import pytest

from tests.options import under
from tests.scenario import BEIARN, BODO, Told, full_time, track


def june(doctor: Told, **values: str | bool) -> dict[str, str]:
    return under(doctor, **values).shares["2025-06"]


# ten days at 100 and twenty at 60 percent of the thirty days of June


@pytest.mark.parametrize(
    ("change_in_month", "share"),
    [
        ("by_days", "0.733333"),  # (10 x 1 + 20 x 0.6) / 30
        ("lowest", "0.600000"),
        ("first_day", "1.000000"),
    ],
)
def test_a_percent_that_changes_in_mid_month(change_in_month: str, share: str) -> None:
    doctor = full_time().changed("p1", "2025-06-11", percent=60)
    assert june(doctor, change_in_month=change_in_month) == {"gp": share}


def test_the_lowest_day_is_the_one_with_the_least_amount_not_the_least_percent() -> None:
    # half a fastlege in the window is 189 328 a year, 80 percent outside the scheme 87 690
    doctor = full_time().corrected("2", percent=50).changed("p1", "2025-06-11", percent=80, category="other_municipal")
    assert june(doctor, change_in_month="lowest") == {"other_municipal": "0.800000"}


def test_the_lowest_day_of_guidance_only_is_the_one_with_the_least_percent() -> None:
    doctor = track("2024-10-01").position("p1", percent=50)
    changed = doctor.changed("p1", "2025-06-11", percent=80, category="other_municipal")
    assert june(changed, change_in_month="lowest") == {"gp": "0.500000"}


def test_of_equal_days_the_first_is_the_lowest() -> None:
    # outside the window fastlege and introduksjonslege are worth the same
    doctor = full_time("2023-05-01").changed("p1", "2025-06-11", category="introductory")
    assert june(doctor, change_in_month="lowest") == {"gp": "1.000000"}


@pytest.mark.parametrize("change_in_month", ["lowest", "first_day"])
def test_days_of_full_leave_are_skipped_and_the_whole_month_takes_the_shares_of_another(change_in_month: str) -> None:
    doctor = full_time().leave("l1", "2025-06-01", "2025-06-06").changed("p1", "2025-06-11", percent=80)
    share = {"lowest": "0.800000", "first_day": "1.000000"}[change_in_month]
    assert june(doctor, change_in_month=change_in_month, full_leave="days") == {"gp": share}


@pytest.mark.parametrize(("graded_leave", "share"), [("reduces", "0.600000"), ("ignored", "1.000000")])
def test_graded_leave_of_forty_percent(graded_leave: str, share: str) -> None:
    assert june(full_time().leave("l1", "2025-06-01", "2025-06-30", "sick", percent=40), graded_leave=graded_leave) == {
        "gp": share
    }


def test_graded_leave_that_is_ignored_still_stretches_the_five_years() -> None:
    # 58 months are used before June 2025; a half a month each leaves room for four
    doctor = full_time("2020-08-01").leave("l1", "2025-06-01", None, "sick", percent=50)
    assert len(under(doctor, graded_leave="ignored").agreement) == 4


@pytest.mark.parametrize(
    ("over_100", "bodo", "beiarn"),
    [
        ("all_municipalities", "0.750000", "0.250000"),  # 120 and 40 of 160
        ("own_municipality", "1.000000", "0.400000"),  # 120 of 120, and 40
        ("none", "1.200000", "0.400000"),
    ],
)
def test_posts_of_120_percent_here_and_40_there(over_100: str, bodo: str, beiarn: str) -> None:
    doctor = (
        track("2024-10-01").position("p1", percent=80).position("p2", percent=40).position("p3", BEIARN, percent=40)
    )
    found = [under(doctor, where, over_100=over_100).shares["2025-06"] for where in (BODO, BEIARN)]
    assert found == [{"gp": bodo}, {"gp": beiarn}]


def test_a_day_that_is_not_scaled_may_use_more_than_a_day_of_the_five_years() -> None:
    # 120 percent from December 2020: 54 months x 1.2 = 64.8 before June 2025; scaled they are 54
    doctor = track("2020-12-01").position("p1", percent=80).position("p2", percent=40).agreement("a1")
    assert len(under(doctor, over_100="all_municipalities").agreement) == 6
    assert under(doctor, over_100="none").agreement == []
