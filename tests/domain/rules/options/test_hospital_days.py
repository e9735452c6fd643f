"""`hospital_days`: how days of hospital service are judged where conditions are tested by the day.

A month of a full-time fastlege in the window is 378 656.11875 / 12 = 31 554.67656 kroner, one of guidance
only 90 392.875 / 12 = 7 532.73958.
"""

from tests.options import under
from tests.scenario import BEIARN, MONTHS, Months, Told, full_time

HOSPITAL = full_time().hospital("s1", "2025-09-10", "2025-10-20")


def by_the_day(told: Told, each: str, municipality: str = "1804", /, **more: str) -> Months:
    return under(
        told, municipality, **{"months": "days", "hospital_service": "guidance", "hospital_days": each, **more}
    )


def test_by_the_month_a_month_of_service_is_guidance_for_all_its_days() -> None:
    found = by_the_day(HOSPITAL, "month")
    assert found.guidance_only == ["2025-09", "2025-10"]
    assert found.total == 330_612  # 10 x 31 554.67656 + 2 x 7 532.73958 = 330 612.24


def test_by_the_day_a_day_of_service_is_guidance_only_and_the_others_are_as_they_are() -> None:
    found = by_the_day(HOSPITAL, "each_day")
    assert (found.agreement, found.guidance_only) == (MONTHS, [])
    assert found.reasons["2025-09"] == ["institutional_service"]
    assert found.shares["2025-09"] == {"gp": "1.000000"}
    # (10 + 9/30 + 11/31) x 31 554.67656 + (21/30 + 20/31) x 7 532.73958 = 336 209.99 + 10 132.75
    assert found.total == 346_343


def test_by_the_day_a_month_wholly_in_service_is_guidance_only() -> None:
    found = by_the_day(full_time().hospital("s1", "2025-09-01", "2025-09-30"), "each_day")
    assert found.guidance_only == ["2025-09"]
    assert found.total == 354_634  # 11 x 31 554.67656 + 7 532.73958 = 354 634.18


def test_by_the_day_leave_on_another_day_does_not_take_the_guidance_of_the_days_of_service() -> None:
    doctor = HOSPITAL.leave("l1", "2025-09-01", "2025-09-01")
    assert by_the_day(doctor, "month").shares["2025-09"] == {"gp": "0.266667"}  # 2 to 9 September alone
    found = by_the_day(doctor, "each_day")
    assert found.shares["2025-09"] == {"gp": "0.966667"}  # all but 1 September
    # 31 554.67656 / 30 less
    assert found.total == 345_291


def test_by_the_day_a_day_of_service_on_full_leave_pays_nothing() -> None:
    found = by_the_day(HOSPITAL.leave("l1", "2025-09-10", "2025-09-19"), "each_day")
    assert found.shares["2025-09"] == {"gp": "0.666667"}
    assert found.total == 343_832  # 346 342.74 less 10/30 x 7 532.73958 = 2 510.91


def test_by_the_day_each_municipality_is_paid_the_guidance_of_the_days_of_its_own_post() -> None:
    doctor = HOSPITAL.switched("p1", "2025-09-19", to=BEIARN)
    assert by_the_day(doctor, "each_day").shares["2025-09"] == {"gp": "0.633333"}  # 1 to 19 September
    there = by_the_day(doctor, "each_day", BEIARN)
    assert there.shares["2025-09"] == {"gp": "0.366667"}  # 20 to 30 September, without an agreement
    assert there.guidance_only == MONTHS[3:]


def test_where_service_pays_nothing_or_months_are_whole_it_does_not_matter_how_days_are_judged() -> None:
    for more in ({"hospital_service": "none"}, {"months": "calendar"}):
        assert by_the_day(HOSPITAL, "month", **more) == by_the_day(HOSPITAL, "each_day", **more)


def test_after_the_five_years_days_of_service_are_paid_only_where_guidance_is() -> None:
    doctor = full_time("2020-08-01").hospital("s1", "2025-09-10", "2025-09-20")
    found = by_the_day(doctor, "each_day")
    assert found.none == MONTHS[2:]
    assert found.reasons["2025-09"] == ["duration_exhausted", "institutional_service"]
    assert by_the_day(doctor, "each_day", after_duration="guidance").guidance_only == MONTHS[2:]
