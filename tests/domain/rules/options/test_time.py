"""`agreement_counts_from`, the three choices of the window, `duration_counts`: from when and how long."""

import pytest

from tests.options import under
from tests.scenario import BODO, MONTHS, full_time, track

LATE = track("2024-10-01").position("p1").agreement("a1", first="2025-06-01", signed_on="2025-08-15")
ANCHORED = (
    track("2023-07-10")
    .position("p1", category="introductory")
    .changed("p1", "2023-09-05", category="gp")
    .agreement("a1", first="2023-10-20")
)


def test_an_agreement_counts_from_the_day_it_was_signed() -> None:
    found = under(LATE, agreement_counts_from="signing")
    assert (found.guidance_only, found.agreement) == (MONTHS[:3], MONTHS[3:])


def test_an_agreement_counts_from_its_first_day_even_if_it_was_signed_later() -> None:
    assert under(LATE, agreement_counts_from="first_day").agreement == MONTHS


@pytest.mark.parametrize(
    ("window_anchor", "months"),
    [
        ("first_whole_month", 2),  # August 2023 to July 2025
        ("start_date", 1),  # 10 July 2023 to 10 July 2025: August 2023 to June 2025
        ("first_gp_day", 4),  # October 2023 to September 2025
        ("first_agreement", 5),  # November 2023 to October 2025
    ],
)
def test_the_window_is_reckoned_from(window_anchor: str, months: int) -> None:
    assert under(ANCHORED, window_anchor=window_anchor).productive == MONTHS[:months]


def test_a_window_from_the_date_of_a_start_on_the_first_is_whole() -> None:
    assert under(full_time("2023-08-01"), window_anchor="start_date").productive == MONTHS[:2]


def test_a_day_in_a_fastlege_post_before_the_track_does_not_begin_the_window() -> None:
    doctor = track("2023-08-01").position("p1", BODO, "2023-01-01").agreement("a1", first="2023-01-01")
    for anchor in ("first_gp_day", "first_agreement"):
        assert under(doctor, window_anchor=anchor).productive == MONTHS[:2]


def test_a_locum_post_that_does_not_qualify_begins_the_window_too() -> None:
    short = track("2023-06-01").position("p1", BODO, "2023-08-01", category="gp_locum", last_day="2023-08-31")
    doctor = short.position("p2", BODO, "2025-01-01").agreement("a1", first="2025-01-01")
    assert under(doctor, window_anchor="first_gp_day").productive == MONTHS[:2]


def test_without_such_a_day_there_is_no_window() -> None:
    doctor = track("2024-10-01").position("p1", category="introductory").agreement("a1")
    assert under(doctor, window_anchor="first_gp_day").productive == []


@pytest.mark.parametrize(("paused", "months"), [(False, 2), (True, 4)])
def test_leave_from_15_january_to_20_april_takes_two_whole_months_of_the_window(paused: bool, months: int) -> None:  # noqa: FBT001
    doctor = full_time("2023-08-01").leave("l1", "2024-01-15", "2024-04-20", "parental")
    assert under(doctor, window_paused_by_leave=paused).productive == MONTHS[:months]


def test_graded_leave_and_part_of_a_month_do_not_pause_the_window() -> None:
    doctor = full_time("2023-08-01").leave("l1", "2024-01-01", "2024-03-31", percent=99)
    assert under(doctor.leave("l2", "2024-05-02", "2024-05-31"), window_paused_by_leave=True).productive == MONTHS[:2]


@pytest.mark.parametrize(("counts", "months"), [(True, 2), (False, 12)])
def test_time_before_june_2025(counts: bool, months: int) -> None:  # noqa: FBT001
    # from August 2023 the window ends with July 2025; from June 2025 with May 2027
    assert under(full_time("2023-08-01"), window_counts_before_2025_06=counts).productive == MONTHS[:months]


def test_a_window_of_a_start_date_before_june_2025_is_then_the_24_months_from_it() -> None:
    found = under(full_time("2023-07-10"), window_anchor="start_date", window_counts_before_2025_06=False)
    assert found.productive == MONTHS


@pytest.mark.parametrize(("counts", "months"), [("agreement", 12), ("all", 2)])
def test_days_without_an_agreement_use_time(counts: str, months: int) -> None:
    # 58 months are held before June 2025, 17 of them under the agreement
    doctor = track("2020-08-01").position("p1").agreement("a1", first="2024-01-01")
    assert under(doctor, duration_counts=counts).agreement == MONTHS[:months]
