"""What is known when, and which of several records holds (rules.md 2)."""

from tests.scenario import BEIARN, BODO, MONTHS, full_time, lines_of, months, problems_with, track

ELSEWHERE = {"municipality": BEIARN, "category": "gp", "percent": 100}


def test_a_change_of_one_field_leaves_later_changes_of_it_and_all_other_fields() -> None:
    doctor = full_time().changed("p1", "2026-01-01", percent=50).changed("p1", "2025-09-01", category="introductory")
    shares = months(doctor.changed("p1", "2025-11-01", percent=80)).shares
    assert [shares[month] for month in ("2025-08", "2025-10", "2025-12", "2026-01")] == [
        {"gp": "1.000000"},
        {"introductory": "1.000000"},
        {"introductory": "0.800000"},
        {"introductory": "0.500000"},
    ]


def test_two_changes_on_one_day_of_different_fields_both_hold() -> None:
    doctor = full_time().changed("p1", "2025-09-01", percent=50).changed("p1", "2025-09-01", category="introductory")
    assert months(doctor).shares["2025-09"] == {"introductory": "0.500000"}


def test_a_change_on_the_first_day_of_the_post_replaces_what_it_began_with() -> None:
    assert months(full_time().changed("p1", "2024-10-01", percent=40)).shares["2025-06"] == {"gp": "0.400000"}


def test_of_records_with_the_same_moment_the_later_in_the_file_holds() -> None:
    doctor = full_time().changed("p1", "2025-09-01", percent=50).changed("p1", "2025-09-01", percent=70)
    facts = [*doctor.facts[:-1], doctor.facts[-1] | {"recorded_at": doctor.facts[-2]["recorded_at"]}]
    told = type(doctor)(facts=tuple(facts))
    assert months(told).shares["2025-09"] == {"gp": "0.700000"}


def test_the_order_of_knowledge_decides_and_not_the_order_in_the_file() -> None:
    doctor = full_time().ended("p1", "2025-12-31").ended("p1", "2025-10-31")
    assert months(type(doctor)(facts=tuple(reversed(doctor.facts)))).agreement == MONTHS[:5]


def test_a_moment_is_the_same_in_every_time_zone() -> None:
    doctor = full_time().known("2025-12-01").ended("p1", "2025-10-31")
    assert months(doctor, known_at="2025-12-01T04:00:00-05:00").agreement == MONTHS[:5]
    assert months(doctor, known_at="2025-12-01T09:59:59+01:00").agreement == MONTHS


def test_a_later_end_lengthens_a_leave_too() -> None:
    doctor = full_time().leave("l1", "2025-08-05", "2025-08-20").add("leave_ended", leave="l1", last_day="2025-10-02")
    assert months(doctor).none == MONTHS[2:5]


def test_a_later_end_shortens_service_and_affiliation_too() -> None:
    served = full_time().hospital("s1", "2025-08-05", "2025-12-31")
    served = served.add("institutional_service_ended", service="s1", last_day="2025-08-31")
    tied = served.add("agency_affiliation_registered", affiliation="t1", agency="A", first_day="2025-11-02")
    found = months(tied.add("agency_affiliation_ended", affiliation="t1", last_day="2025-11-03"))
    assert found.none == ["2025-08", "2025-11"]


def test_an_end_in_a_job_switch_is_an_end_like_any_other() -> None:
    doctor = full_time().switched("p1", "2025-09-30", to=BEIARN).ended("p1", "2025-11-30")
    assert months(doctor).agreement == MONTHS[:6]


def test_a_corrected_last_day_does_not_beat_an_end_that_was_recorded_after_the_original() -> None:
    doctor = track("2024-10-01").position("p1", last_day="2026-03-31").agreement("a1").ended("p1", "2025-12-31")
    assert months(doctor.corrected("2", last_day="2026-05-31")).agreement == MONTHS[:7]


def test_an_end_of_a_track_belongs_to_the_latest_track_that_had_begun_by_then() -> None:
    doctor = full_time().add("track_discontinued", on="2025-07-31").started("2025-11-01")
    assert months(doctor.add("track_discontinued", on="2025-09-30")).none == ["2025-10"]
    assert months(doctor.add("track_discontinued", on="2025-12-31")).none == MONTHS[2:5] + MONTHS[7:]


def test_an_end_of_a_track_belongs_to_a_track_known_when_it_was_recorded() -> None:
    doctor = full_time().add("track_discontinued", on="2026-02-15").add("track_discontinued", on="2025-08-31")
    assert months(doctor.started("2025-11-01")).none == MONTHS[3:5]


def test_of_several_ends_of_a_track_the_last_recorded_holds() -> None:
    doctor = full_time().add("track_completed", on="2025-09-30").add("track_completed", on="2026-01-31")
    assert months(doctor).none == MONTHS[8:]


def test_before_a_correction_was_recorded_the_fact_stands_as_it_was() -> None:
    doctor = full_time().known("2025-12-01").corrected("2", percent=60)
    assert months(doctor, known_at="2025-12-01T08:59:59Z").shares["2025-06"] == {"gp": "1.000000"}
    assert months(doctor, known_at="2025-12-01T09:00:00Z").shares["2025-06"] == {"gp": "0.600000"}


def test_a_corrected_fact_keeps_its_place_in_the_order() -> None:
    doctor = full_time().changed("p1", "2025-09-01", percent=50).changed("p1", "2025-09-01", percent=70)
    assert months(doctor.corrected("4", percent=20)).shares["2025-09"] == {"gp": "0.700000"}


def test_corrections_of_different_fields_add_up() -> None:
    doctor = full_time().corrected("2", percent=60).corrected("2", category="introductory")
    assert months(doctor).shares["2025-06"] == {"introductory": "0.600000"}


def test_null_removes_an_optional_field() -> None:
    doctor = full_time().leave("l1", "2025-08-01", "2025-08-31", percent=50)
    assert months(doctor.corrected("4", percent=None)).none == ["2025-08"]


def test_the_new_post_of_a_job_switch_is_replaced_whole() -> None:
    doctor = full_time().switched("p1", "2025-09-30", to=BEIARN, last_day="2025-12-31")
    new = {"position": "p1b", "first_day": "2025-10-01", "municipality": BODO, "category": "gp", "percent": 50}
    found = months(doctor.corrected("4", new=new))
    assert found.none == []
    assert found.shares["2026-05"] == {"gp": "0.500000"}


def test_a_withdrawn_fact_never_was() -> None:
    doctor = full_time().switched("p1", "2025-09-30", to=BEIARN).withdrawn("4")
    assert months(doctor).agreement == MONTHS


def test_a_track_that_was_corrected_to_begin_later_begins_its_window_later() -> None:
    assert months(full_time("2023-08-01").corrected("1", on="2023-10-01")).productive == MONTHS[:4]


def test_what_others_build_on_can_be_withdrawn_after_them() -> None:
    doctor = full_time().changed("p1", "2025-09-01", percent=50)
    assert problems_with(lines_of(doctor.withdrawn("2").facts))
    assert not problems_with(lines_of(doctor.withdrawn("4").withdrawn("2").facts))
