"""When an agreement is in force (rules.md 3.2)."""

import pytest

from tests.scenario import BEIARN, BODO, MONTHS, Told, full_time, months, track

TRACK = track("2024-10-01")


def test_an_agreement_signed_late_counts_from_the_day_it_was_signed() -> None:
    doctor = TRACK.position("p1").agreement("a1", signed_on="2025-09-01")
    assert months(doctor).guidance_only == MONTHS[:3]


def test_an_agreement_signed_ahead_counts_from_its_first_day() -> None:
    doctor = TRACK.position("p1").agreement("a1", BODO, "2025-09-01", signed_on="2025-05-01")
    assert months(doctor).guidance_only == MONTHS[:3]


def test_an_agreement_begins_on_the_first_day_after_signing_on_which_a_post_is_held() -> None:
    doctor = TRACK.position("p1", BODO, "2025-08-01").agreement("a1", BODO, "2025-06-01")
    assert months(doctor).agreement == MONTHS[2:]


def test_a_post_that_does_not_qualify_begins_the_agreement_too_and_its_end_ends_it() -> None:
    too_short = TRACK.position("p1", BODO, "2025-06-10", category="gp_locum", last_day="2025-06-20")
    doctor = too_short.position("p2", BODO, "2025-07-01").agreement("a1", BODO, "2025-06-01")
    assert months(doctor).guidance_only == MONTHS[1:]


def test_posts_before_the_signing_do_not_matter() -> None:
    doctor = TRACK.position("p1", BODO, "2025-01-01", last_day="2025-03-31").position("p2", BODO, "2025-06-01")
    assert months(doctor.agreement("a1", BODO, "2025-01-01", signed_on="2025-05-15")).agreement == MONTHS


def test_an_agreement_that_ends_before_any_post_begins_is_never_in_force() -> None:
    doctor = TRACK.position("p1", BODO, "2025-08-01").agreement("a1", BODO, "2025-06-01", last_day="2025-07-31")
    assert months(doctor).agreement == []


def test_an_agreement_that_is_never_in_force_lends_no_day_to_the_next() -> None:
    doctor = TRACK.position("p1", BODO, "2025-08-01").agreement("a1", BODO, "2025-06-01", last_day="2025-07-31")
    assert months(doctor.agreement("a2", BODO, "2025-08-02")).guidance_only == ["2025-08"]


def test_an_agreement_ends_on_its_last_day() -> None:
    doctor = TRACK.position("p1").agreement("a1", last_day="2025-10-31")
    assert months(doctor).guidance_only == MONTHS[5:]


def test_an_agreement_that_the_parties_ended_ends_then() -> None:
    doctor = full_time().add("agreement_ended", agreement="a1", last_day="2025-10-30")
    assert months(doctor).guidance_only == MONTHS[4:]


def test_of_an_end_and_a_later_extension_the_last_recorded_holds() -> None:
    ended = full_time().add("agreement_ended", agreement="a1", last_day="2025-10-31")
    extended = ended.amended("a1", "2025-12-10", "2025-12-10", last_day="2026-02-28")
    assert months(extended).guidance_only == MONTHS[9:]


def test_an_amendment_of_the_percent_leaves_the_last_day_as_it_was() -> None:
    doctor = TRACK.position("p1").agreement("a1", last_day="2025-10-31")
    assert months(doctor.amended("a1", "2025-09-01", "2025-09-01", percent=60)).guidance_only == MONTHS[5:]


def test_an_agreement_ends_by_itself_when_the_doctor_leaves_the_post() -> None:
    doctor = full_time().ended("p1", "2025-08-31").position("p2", BODO, "2025-09-02")
    found = months(doctor)
    assert found.agreement == MONTHS[:3]
    assert found.guidance_only == MONTHS[4:]


def test_a_change_of_post_in_the_municipality_without_a_day_between_is_no_break() -> None:
    doctor = full_time().ended("p1", "2025-08-31").position("p2", BODO, "2025-09-01", category="introductory")
    assert months(doctor).agreement == MONTHS


def test_a_post_elsewhere_between_two_posts_here_does_not_bridge_the_gap() -> None:
    doctor = full_time().switched("p1", "2025-08-31", to=BEIARN, last_day="2025-09-30")
    assert months(doctor.position("p2", BODO, "2025-10-01")).guidance_only == MONTHS[4:]


def test_a_second_post_holds_the_agreement_when_the_first_ends() -> None:
    doctor = full_time().position("p2", BODO, "2025-08-01", percent=20, category="introductory")
    found = months(doctor.ended("p1", "2025-09-30"))
    assert found.agreement == MONTHS
    assert found.shares["2025-10"] == {"introductory": "0.200000"}


def test_after_a_gap_a_new_agreement_is_needed_and_holds() -> None:
    doctor = full_time().ended("p1", "2025-08-31").position("p2", BODO, "2025-10-01")
    assert months(doctor.agreement("a2", BODO, "2025-10-01")).agreement == MONTHS[:3] + MONTHS[4:]


def left_for_hospital(first: str, last: str, back: str, *, municipal: bool = False) -> Told:
    doctor = full_time().ended("p1", "2025-08-31").hospital("s1", first, last, municipal=municipal)
    return doctor.position("p2", BODO, back)


def test_hospital_service_between_two_posts_does_not_break_the_run() -> None:
    assert months(left_for_hospital("2025-09-01", "2025-10-31", "2025-11-01")).agreement == MONTHS[:3] + MONTHS[5:]


@pytest.mark.parametrize(
    ("first", "last", "back"),
    [("2025-09-02", "2025-10-31", "2025-11-01"), ("2025-09-01", "2025-10-31", "2025-11-02")],
)
def test_a_day_outside_both_post_and_hospital_breaks_the_run(first: str, last: str, back: str) -> None:
    assert months(left_for_hospital(first, last, back)).agreement == MONTHS[:3]


def test_service_in_a_municipal_unit_between_two_posts_is_a_gap() -> None:
    doctor = left_for_hospital("2025-09-01", "2025-10-31", "2025-11-01", municipal=True)
    assert months(doctor).agreement == MONTHS[:3]


def test_hospital_service_at_the_end_of_the_run_belongs_to_it() -> None:
    doctor = full_time().ended("p1", "2025-08-31").hospital("s1", "2025-09-01", "2025-10-31")
    found = months(doctor)
    assert found.reasons["2025-10"] == ["institutional_service", "no_position"]
    assert found.reasons["2025-11"] == ["no_agreement", "no_position"]


def test_hospital_service_alone_does_not_begin_an_agreement() -> None:
    doctor = TRACK.hospital("s1", "2025-07-01", "2025-07-31").position("p1", BODO, "2025-08-01")
    found = months(doctor.agreement("a1", BODO, "2025-07-01"))
    assert found.agreement == MONTHS[2:]
    assert found.reasons["2025-07"] == ["institutional_service", "no_agreement", "no_position"]


def test_a_post_and_an_agreement_under_codes_of_one_municipality_belong_together() -> None:
    doctor = TRACK.position("p1", "5404", last_day="2025-09-30").position("p2", "5634", "2025-10-01")
    found = months(doctor.agreement("a1", "5404"), "5404")
    assert found.agreement == MONTHS
    assert found.elements["centrality"] == 200_000
