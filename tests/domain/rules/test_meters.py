"""Meters: how much is used on a day of what the education takes and the grant is given for, and when all of it is."""

import calendar
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.doctor.history import Doctor, as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.meters import Meter, meters, rules_on
from domain.values.days.calendar import days_of
from tests.histories import histories
from tests.scenario import BEIARN, Json, Told, full_time, judged, lines_of, track

RULES = choose_rule_set(None, "2026")


def doctor_of(facts: tuple[Json, ...] | list[Json]) -> tuple[Doctor, Doctor]:
    """A doctor of whom all is seen."""
    [known] = judged(lines_of(facts)).values()
    return as_known(known), as_known(known)


def on(told: Told, day: str, code: str) -> Meter:
    """One meter at the end of a day."""
    found = meters(told.hpr, doctor_of(told.facts), date.fromisoformat(day), RULES, None)
    return next(each for each in found.meters if each.code == code)


def stands(of: Meter) -> tuple[object, ...]:
    """How much is used, of how much, and when it is reached."""
    return of.used, of.needed, of.reached_on


def group(told: Told, first: str, last: str | None = None, name: str = "g1") -> Told:
    return told.add("group_guidance_attended", group=name, municipality="1804", first_day=first, last_day=last)


def test_two_years_of_open_practice_are_full_time_months_in_a_gp_s_office() -> None:
    found = on(full_time(), "2025-09-30", "open_practice")
    assert stands(found) == (12, 24, date(2026, 9, 30))
    half = on(track("2024-10-01").position("p1", percent=50), "2025-09-30", "open_practice")
    assert stands(half) == (6, 24, date(2028, 9, 30))
    elsewhere = track("2024-10-01").position("p1", category="other_municipal")
    assert stands(on(elsewhere, "2025-09-30", "open_practice")) == (0, 24, None)


def test_a_day_counts_for_its_part_of_its_month() -> None:
    assert on(full_time(), "2024-10-10", "open_practice").used == Fraction(10, 31)


def test_posts_of_all_municipalities_count_for_at_most_a_whole_day() -> None:
    two = track("2024-10-01").position("p1", percent=60).position("p2", BEIARN, percent=30, category="introductory")
    assert on(two, "2024-10-31", "open_practice").used == Fraction(9, 10)
    over = two.position("p3", "0301", percent=50, category="gp_locum")
    assert on(over, "2024-10-31", "open_practice").used == 1


def test_all_leave_is_taken_off_and_only_days_of_an_active_track_count() -> None:
    graded = full_time().leave("l1", "2024-10-01", "2024-10-31", kind="other", percent=40)
    assert on(graded, "2024-10-31", "open_practice").used == Fraction(3, 5)
    paused = full_time().add("track_interrupted", interruption="i1", first_day="2024-11-01", last_day="2024-11-30")
    assert on(paused, "2024-12-31", "open_practice").used == 2
    early = track("2024-11-01").position("p1", first="2024-10-01")
    assert on(early, "2024-11-30", "open_practice").used == 1


def test_group_guidance_takes_two_years_and_one_of_them_with_half_a_post_in_open_practice() -> None:
    told = group(track("2024-10-01").position("p1", percent=49).changed("p1", "2025-04-01", percent=50), "2025-01-01")
    assert on(told, "2025-12-31", "group_guidance").used == 12
    beside = on(told, "2025-12-31", "group_guidance_in_practice")
    assert stands(beside) == (9, 12, date(2026, 3, 31))
    assert on(told, "2025-12-31", "group_guidance").reached_on == date(2026, 12, 31)


def test_two_groups_on_one_day_count_once_and_a_break_is_no_new_beginning() -> None:
    told = group(group(full_time(), "2025-01-01", "2025-03-31"), "2025-03-01", "2025-04-30", name="g2")
    told = group(told, "2025-09-01", "2025-09-30", name="g3")
    found = on(told, "2026-12-31", "group_guidance")
    assert stands(found) == (5, 24, None)
    told_so = "Gruppeveiledning: 5 av 24 måneder per 31. desember 2026, 19 gjenstår"
    assert found.text(date(2026, 12, 31)) == f"{told_so}; nås ikke om alt fortsetter som registrert."


def test_a_group_that_is_corrected_away_counts_no_more() -> None:
    told = group(full_time(), "2025-01-01")
    assert on(told.withdrawn("4"), "2025-12-31", "group_guidance").used == 0


def test_the_window_and_the_five_years_stand_beside_them_as_the_rules_have_them() -> None:
    window, years = (on(full_time(), "2025-09-30", code) for code in ("productivity_window", "five_years"))
    assert stands(window) == (12, 24, date(2026, 9, 30))
    assert stands(years) == (12, 60, date(2029, 9, 30))
    old = on(track("2024-10-01", scheme="old").position("p1"), "2025-09-30", "productivity_window")
    assert stands(old) == (0, 24, None)


def test_every_meter_says_what_it_rests_on() -> None:
    found = meters("9000001", doctor_of(full_time().facts), date(2025, 9, 30), RULES, None)
    told = {each["code"]: each for each in found.as_json()["meters"]}
    assert told["open_practice"]["source"] == "fafo-rapport-2023-02.txt, 3.2"
    assert all(each["source"] and each["note"] and each["text"].endswith(".") for each in told.values())
    past = on(full_time("2020-01-01"), "2025-09-30", "open_practice")
    assert past.text(date(2025, 9, 30)).endswith("0 gjenstår; nådd 31. desember 2021.")


def test_rules_without_a_window_have_no_meter_of_it() -> None:
    found = meters(
        "9000001", doctor_of(full_time("2021-01-01").facts), date(2022, 9, 30), choose_rule_set(None, "2022"), None
    )
    assert [each.code for each in found.meters] == [
        "open_practice",
        "group_guidance",
        "group_guidance_in_practice",
        "five_years",
    ]


def test_the_rules_of_a_day_are_those_of_its_round_or_of_the_last_before_it() -> None:
    every = [choose_rule_set(None, each) for each in ("2022", "2023", "2024", "2025", "2026")]
    days = {"2021-01-01": "2022", "2023-08-31": "2023", "2025-06-01": "2026", "2031-01-01": "2026"}
    assert {day: rules_on(date.fromisoformat(day), every).round.id for day in days} == days


@given(histories(), st.dates(date(2025, 4, 1), date(2026, 12, 31)))
@settings(max_examples=40)
def test_open_practice_is_the_sum_over_days_counted_one_by_one(facts: list[Json], day: date) -> None:
    assume(facts)
    doctor, seen = doctor_of(facts)
    found = next(
        each for each in meters("9000001", (doctor, seen), day, RULES, None).meters if each.code == "open_practice"
    )
    start = min([day, *(post.first_day for post in doctor.track.positions.values())])
    counted = (start + timedelta(each) for each in range((day - start).days + 1))
    assert found.used == sum((of_day(doctor, each) for each in counted), Fraction(0))


def of_day(doctor: Doctor, day: date) -> Fraction:
    """A day's part of its month, as the clarified text says it."""
    track = doctor.track
    spells = [each for each in track.spells if each.first_day <= day]
    paused = any(begun(each, day) for each in track.interruptions.values())
    if not spells or not begun(spells[-1], day) or paused:
        return Fraction(0)
    percent = Fraction(0)
    for post in track.positions.values():
        at = sum(each <= day for each in post.category.days) - 1
        if begun(post, day) and post.category.values[at] != "other_municipal":
            percent += Fraction(post.percent.values[sum(each <= day for each in post.percent.days) - 1])
    away = sum((Fraction(each.percent) for each in track.leaves.values() if begun(each, day)), Fraction(0))
    part = min(Fraction(1), percent / 100) * (1 - min(Fraction(1), away / 100))
    return part / calendar.monthrange(day.year, day.month)[1]


def begun(period: object, day: date) -> bool:
    first, last = days_of(period)  # type: ignore[arg-type]
    return first <= day.toordinal() <= last
