"""The 24 first months of the track, in which the productivity element is given (rules.md 3.5)."""

from tests.scenario import BEIARN, BODO, MONTHS, full_time, months, track


def test_a_track_that_starts_on_the_first_counts_that_month() -> None:
    assert months(full_time("2023-08-01")).productive == MONTHS[:2]


def test_a_track_that_starts_on_the_second_counts_from_the_next_month() -> None:
    assert months(full_time("2023-08-02")).productive == MONTHS[:3]


def test_a_restart_does_not_begin_the_window_again() -> None:
    doctor = full_time("2023-08-01").add("track_discontinued", on="2024-01-31").started("2024-09-01")
    assert months(doctor).productive == MONTHS[:2]


def test_leave_and_interruption_do_not_pause_the_window() -> None:
    doctor = full_time("2023-08-01").leave("l1", "2024-01-01", "2024-12-31", "parental")
    paused = doctor.add("track_interrupted", interruption="i1", first_day="2025-01-01", last_day="2025-05-31")
    assert months(paused).productive == MONTHS[:2]


def test_the_window_of_a_converted_track_counts_from_the_start_of_that_track() -> None:
    doctor = track("2023-08-01", "old").position("p1").agreement("a1").add("track_converted", on="2025-06-01")
    assert months(doctor).productive == MONTHS[:2]


def test_an_old_track_that_was_never_converted_begins_no_window() -> None:
    old = track("2020-01-01", "old").add("track_discontinued", on="2023-06-30").started("2023-08-01")
    assert months(old.position("p1", BODO, "2023-08-01").agreement("a1", BODO, "2023-08-01")).productive == MONTHS[:2]


def test_the_window_begins_with_the_track_also_where_the_post_and_the_agreement_come_later() -> None:
    doctor = track("2023-08-01").position("p1", BODO, "2025-06-01").agreement("a1", BODO, "2025-06-01")
    assert months(doctor).productive == MONTHS[:2]


def test_the_window_follows_the_doctor_to_another_municipality() -> None:
    doctor = full_time("2023-12-01").switched("p1", "2025-08-31", to=BEIARN)
    assert months(doctor.agreement("a2", BEIARN, "2025-09-01"), BEIARN).productive == MONTHS[3:6]


def test_the_window_gives_nothing_in_months_of_guidance_only() -> None:
    assert months(track("2024-10-01").position("p1")).productive == []


def test_the_window_gives_nothing_for_other_categories() -> None:
    doctor = full_time().changed("p1", "2025-08-01", category="introductory")
    assert months(doctor).productive == MONTHS[:2]


def test_a_locum_is_given_the_productivity_element_too() -> None:
    doctor = track("2024-10-01").position("p1", category="gp_locum").agreement("a1")
    assert months(doctor).productive == MONTHS


def test_only_the_fastlege_share_of_a_month_is_given_the_productivity_element() -> None:
    doctor = track("2024-10-01").position("p1", percent=40).position("p2", category="introductory", percent=60)
    assert months(doctor.agreement("a1")).elements["productivity"] == 50_000
