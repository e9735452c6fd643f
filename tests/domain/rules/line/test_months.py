"""Which months count, and what a month that does not count is told (rules.md 3)."""

from tests.scenario import BEIARN, BODO, MONTHS, full_time, months, track


def test_a_post_counts_in_its_whole_calendar_months_only() -> None:
    doctor = track("2024-10-01").position("p1", BODO, "2025-08-02", last_day="2025-10-31").agreement("a1")
    assert months(doctor).agreement == ["2025-09", "2025-10"]


def test_a_post_from_the_first_to_the_last_day_of_a_month_gives_that_month() -> None:
    doctor = track("2024-10-01").position("p1", BODO, "2026-02-01", last_day="2026-02-28").agreement("a1")
    assert months(doctor).agreement == ["2026-02"]


def test_a_day_without_the_post_loses_the_month() -> None:
    doctor = track("2024-10-01").position("p1", last_day="2025-09-29").position("p2", BODO, "2025-10-01")
    found = months(doctor)
    assert found.none == ["2025-09"]
    assert found.reasons["2025-09"] == ["no_agreement", "no_position"]


def test_a_job_switch_in_mid_month_loses_the_month_in_both_municipalities() -> None:
    doctor = full_time().switched("p1", "2025-11-14", to=BEIARN)
    assert months(doctor, BODO).agreement == MONTHS[:5]
    assert months(doctor, BEIARN).first_eligible == "2025-12"


def test_a_month_before_any_track_is_not_of_the_old_scheme() -> None:
    doctor = track("2025-07-10").position("p1", BODO, "2025-01-01").agreement("a1", BODO, "2025-01-01")
    found = months(doctor)
    assert [found.reasons[month] for month in MONTHS[:3]] == [["track_not_active"], ["track_not_active"], []]


def test_the_last_day_of_a_track_still_counts() -> None:
    assert months(full_time().add("track_completed", on="2025-09-30")).agreement == MONTHS[:4]


def test_the_last_day_of_a_track_still_counts_when_a_post_changes_on_it() -> None:
    doctor = full_time().changed("p1", "2025-09-30", percent=50).add("track_completed", on="2025-09-30")
    assert months(doctor).agreement == MONTHS[:4]


def test_a_track_that_ends_a_day_before_the_month_does_loses_it() -> None:
    found = months(full_time().add("track_discontinued", on="2025-09-29"))
    assert found.agreement == MONTHS[:3]
    assert found.reasons["2025-09"] == ["track_not_active"]


def test_an_interruption_of_one_day_loses_the_month() -> None:
    interrupted = full_time().add("track_interrupted", interruption="i1", first_day="2025-09-30", last_day="2025-09-30")
    assert months(interrupted).none == ["2025-09"]


def test_the_first_day_back_after_an_interruption_counts() -> None:
    interrupted = full_time().add("track_interrupted", interruption="i1", first_day="2025-09-12")
    assert months(interrupted.add("track_resumed", interruption="i1", on="2025-11-01")).none == MONTHS[3:5]


def test_an_interruption_that_was_resumed_twice_ends_as_last_recorded() -> None:
    interrupted = full_time().add("track_interrupted", interruption="i1", first_day="2025-09-12")
    resumed = interrupted.add("track_resumed", interruption="i1", on="2025-11-01")
    assert months(resumed.add("track_resumed", interruption="i1", on="2025-10-01")).none == MONTHS[3:4]


def test_an_interruption_ends_when_its_track_ends() -> None:
    doctor = (
        full_time()
        .add("track_interrupted", interruption="i1", first_day="2025-08-10", last_day="2026-03-31")
        .add("track_discontinued", on="2025-09-30")
        .started("2025-10-01")
    )
    assert months(doctor).none == ["2025-08", "2025-09"]


def test_one_day_of_full_leave_loses_the_month() -> None:
    found = months(full_time().leave("l1", "2025-12-24", "2025-12-24"))
    assert found.none == ["2025-12"]
    assert found.reasons["2025-12"] == ["on_leave"]


def test_leave_percents_that_sum_to_more_than_a_hundred_are_full_leave() -> None:
    doctor = full_time().leave("l1", "2025-08-01", "2025-08-20", percent=80)
    assert months(doctor.leave("l2", "2025-08-20", "2025-08-31", percent=80)).none == ["2025-08"]


def test_leave_percents_that_sum_to_just_under_a_hundred_are_not_full_leave() -> None:
    doctor = full_time().leave("l1", "2025-08-01", "2025-08-31", percent=66.67)
    assert months(doctor.leave("l2", "2025-08-01", "2025-08-31", percent=33.32)).none == []


def test_leave_without_a_last_day_still_runs() -> None:
    assert months(full_time().leave("l1", "2026-02-10")).none == MONTHS[8:]


def test_hospital_service_is_told_without_a_missing_agreement_for_it_is_only_suspended() -> None:
    found = months(full_time().hospital("s1", "2025-09-10", "2025-10-31"))
    assert [found.reasons[month] for month in found.none] == [["institutional_service"]] * 2


def test_service_in_an_approved_municipal_unit_loses_nothing() -> None:
    assert months(full_time().hospital("s1", "2025-09-10", "2025-10-31", municipal=True)).none == []


def test_affiliation_to_an_agency_removes_the_right_in_every_municipality() -> None:
    doctor = (
        track("2024-10-01")
        .position("p1", BODO, percent=50)
        .position("p2", BEIARN, percent=50)
        .add("agency_affiliation_registered", affiliation="t1", agency="Vikar AS", first_day="2026-05-31")
    )
    assert months(doctor, BODO).reasons["2026-05"] == ["agency_affiliation", "no_agreement"]
    assert months(doctor, BEIARN).reasons["2026-05"] == ["agency_affiliation", "no_agreement"]


def test_without_an_agreement_guidance_alone_is_paid() -> None:
    found = months(track("2024-10-01").position("p1"))
    assert found.guidance_only == MONTHS
    assert found.reasons["2025-06"] == ["no_agreement"]


def test_an_agreement_with_another_municipality_is_none_here() -> None:
    assert months(track("2024-10-01").position("p1", BODO).agreement("a1", BEIARN)).guidance_only == MONTHS


def test_a_month_agreed_in_part_is_guidance_only() -> None:
    doctor = track("2024-10-01").position("p1").agreement("a1", BODO, "2025-07-02")
    assert months(doctor).guidance_only == ["2025-06", "2025-07"]


def test_a_day_between_two_agreements_makes_the_month_guidance_only() -> None:
    doctor = full_time().add("agreement_ended", agreement="a1", last_day="2025-10-10")
    assert months(doctor.agreement("a2", BODO, "2025-10-12")).guidance_only == ["2025-10"]


def test_everything_that_fails_on_any_day_is_told_in_order_of_the_alphabet() -> None:
    doctor = (
        full_time("2024-10-01")
        .leave("l1", "2025-09-01", "2025-09-01")
        .add("track_discontinued", on="2025-09-05")
        .started("2025-09-10", scheme="old")
        .hospital("s1", "2025-09-12", "2025-09-12")
        .add("agency_affiliation_registered", affiliation="t1", agency="Vikar AS", first_day="2025-09-15")
        .ended("p1", "2025-09-20")
    )
    assert months(doctor).reasons["2025-09"] == [
        "agency_affiliation",
        "institutional_service",
        "no_agreement",
        "no_position",
        "old_scheme",
        "on_leave",
        "track_not_active",
    ]


def test_a_conversion_holds_from_its_day_itself() -> None:
    doctor = track("2024-10-01", "old").position("p1").agreement("a1").add("track_converted", on="2025-09-01")
    found = months(doctor)
    assert found.first_eligible == "2025-09"
    assert found.reasons["2025-08"] == ["old_scheme"]


def test_the_scheme_of_a_day_is_that_of_the_latest_track_that_began_on_or_before_it() -> None:
    doctor = full_time("2024-10-01").add("track_discontinued", on="2025-08-31").started("2025-09-01", scheme="old")
    found = months(doctor)
    assert found.agreement == MONTHS[:3]
    assert found.reasons["2025-09"] == ["old_scheme"]
