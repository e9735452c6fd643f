"""At most sixty full-time months under an agreement (rules.md 3.4)."""

import pytest

from tests.scenario import BEIARN, BODO, MONTHS, Told, full_time, months, track


def out(doctor: Told, municipality: str = BODO) -> list[str]:
    reasons = months(doctor, municipality).reasons
    return [month for month, codes in reasons.items() if "duration_exhausted" in codes]


def test_the_sixtieth_month_is_the_last() -> None:
    assert out(full_time("2020-08-01")) == MONTHS[2:]


def test_a_month_that_would_pass_sixty_is_out_whole() -> None:
    assert out(full_time("2020-07-02")) == MONTHS[1:]


def test_a_month_that_is_out_still_uses_time_so_a_lesser_one_after_it_is_out_too() -> None:
    # 59.5 months are used before June 2025; June alone would make 60.5
    assert out(full_time("2020-06-16").changed("p1", "2025-07-01", percent=10)) == MONTHS


def test_a_month_of_less_time_still_has_room() -> None:
    assert out(full_time("2020-06-16").changed("p1", "2025-06-01", percent=10)) == MONTHS[5:]


def test_a_month_that_uses_nothing_is_out_once_sixty_are_used() -> None:
    ended = full_time("2020-06-01").add("agreement_ended", agreement="a1", last_day="2025-05-31")
    found = months(ended)
    assert found.none == MONTHS
    assert found.reasons["2025-06"] == ["duration_exhausted", "no_agreement"]


def test_a_month_that_uses_nothing_is_in_while_less_than_sixty_are_used() -> None:
    ended = full_time("2020-06-02").add("agreement_ended", agreement="a1", last_day="2025-05-31")
    assert months(ended).guidance_only == MONTHS


def test_that_the_time_is_used_up_is_told_only_where_nothing_else_lost_the_month() -> None:
    found = months(full_time("2020-06-01").leave("l1", "2025-07-01", "2025-07-01"))
    assert found.reasons["2025-06"] == ["duration_exhausted"]
    assert found.reasons["2025-07"] == ["on_leave"]


def test_part_time_extends_the_time() -> None:
    doctor = track("2019-01-01").position("p1", percent=75).agreement("a1")
    # 77 months at three quarters are 57.75 before June 2025; August makes them 60
    assert out(doctor) == MONTHS[3:]


@pytest.mark.parametrize("kind", ["parental", "sick", "statutory", "agreed"])
def test_leave_by_law_or_agreement_extends_the_time(kind: str) -> None:
    assert out(full_time("2020-06-01").leave("l1", "2022-01-01", "2022-03-31", kind)) == MONTHS[3:]


def test_other_leave_does_not_extend_the_time() -> None:
    assert out(full_time("2020-09-01").leave("l1", "2022-01-01", "2022-03-31", "other")) == MONTHS[3:]


def test_graded_leave_extends_the_time_by_its_percent() -> None:
    doctor = full_time("2020-06-01").leave("l1", "2022-01-01", "2022-04-30", "sick", percent=50)
    assert out(doctor) == MONTHS[2:]


def test_only_the_extending_part_of_overlapping_leaves_extends_the_time() -> None:
    sick = full_time("2020-06-01").leave("l1", "2022-01-01", "2022-04-30", "sick", percent=50)
    assert out(sick.leave("l2", "2022-01-01", "2022-04-30", "other", percent=50)) == MONTHS[2:]


def test_extending_leaves_of_more_than_a_hundred_percent_extend_by_no_more_than_the_days() -> None:
    sick = full_time("2020-06-01").leave("l1", "2022-01-01", "2022-02-28", "sick", percent=80)
    assert out(sick.leave("l2", "2022-01-01", "2022-02-28", "parental", percent=80)) == MONTHS[2:]


def test_time_without_an_agreement_is_not_used() -> None:
    doctor = track("2019-01-01").position("p1").agreement("a1", BODO, "2020-09-01")
    assert out(doctor) == MONTHS[3:]


def test_time_before_the_signing_is_not_used() -> None:
    doctor = track("2020-06-01").position("p1").agreement("a1", signed_on="2020-09-01")
    assert out(doctor) == MONTHS[3:]


def test_only_the_shares_where_an_agreement_is_in_force_that_day_use_time() -> None:
    doctor = track("2016-01-01").position("p1", BODO, percent=50).position("p2", BEIARN, percent=50).agreement("a1")
    # 113 months at half are 56.5 before June 2025
    assert out(doctor) == MONTHS[7:]
    assert out(doctor, BEIARN) == MONTHS[7:]


def test_the_time_in_all_municipalities_counts_together() -> None:
    doctor = full_time("2020-08-01").switched("p1", "2024-12-31", to=BEIARN)
    assert out(doctor.agreement("a2", BEIARN, "2025-01-01"), BEIARN) == MONTHS[2:]


def test_a_day_uses_no_more_than_a_day_however_many_posts() -> None:
    doctor = full_time("2020-08-01").position("p2", BODO, "2020-08-01", percent=60)
    assert out(doctor) == MONTHS[2:]


def test_a_post_that_does_not_qualify_uses_no_time() -> None:
    doctor = track("2020-06-01").position("p1", category="gp_locum", last_day="2020-07-31").agreement("a1")
    doctor = doctor.position("p2", BODO, "2020-08-01")
    assert out(doctor) == MONTHS[2:]


@pytest.mark.parametrize(("day_off", "from_month"), [("2022-01-31", 0), ("2022-02-28", 1)])
def test_a_day_is_its_part_of_its_own_calendar_month(day_off: str, from_month: int) -> None:
    # 59 months and 1/30 before June 2025, less a day of January (1/31) or of February (1/28)
    assert out(full_time("2020-06-30").leave("l1", day_off, day_off, "sick")) == MONTHS[from_month:]


def test_days_outside_a_running_track_use_no_time() -> None:
    discontinued = full_time("2020-06-01").add("track_discontinued", on="2021-12-31")
    assert out(discontinued.started("2022-04-01")) == MONTHS[3:]


def test_interrupted_days_use_no_time() -> None:
    doctor = full_time("2020-06-01")
    paused = doctor.add("track_interrupted", interruption="i1", first_day="2022-01-01", last_day="2022-03-31")
    assert out(paused) == MONTHS[3:]


def test_days_of_the_old_scheme_use_no_time() -> None:
    doctor = track("2020-06-01", "old").position("p1").agreement("a1").add("track_converted", on="2020-09-01")
    assert out(doctor) == MONTHS[3:]


def test_hospital_service_uses_no_time_and_service_in_a_municipal_unit_does() -> None:
    doctor = full_time("2020-06-01").hospital("s1", "2022-01-01", "2022-03-31")
    assert out(doctor.hospital("s2", "2023-01-01", "2023-03-31", municipal=True)) == MONTHS[3:]


def test_days_of_agency_affiliation_use_time_though_their_months_are_not_paid() -> None:
    doctor = full_time("2020-08-01")
    tied = doctor.add(
        "agency_affiliation_registered", affiliation="t1", agency="A", first_day="2022-01-01", last_day="2022-12-31"
    )
    assert out(tied) == MONTHS[2:]


def test_a_month_that_is_not_whole_uses_its_days_all_the_same() -> None:
    doctor = full_time("2020-08-16").leave("l1", "2022-01-10", "2022-01-10", "other")
    # 16/31 of August 2020, and 57 months to May 2025
    assert out(doctor) == MONTHS[2:]
