"""From months to kroner (rules.md 4); the published table itself is among the golden cases."""

from fractions import Fraction

import pytest

from domain.values.rounding import largest_remainder, round_half_up
from tests.scenario import BEIARN, BODO, full_time, months, track

THIRD = Fraction(1, 3)


def test_a_full_month_of_a_fastlege_in_the_window_is_a_twelfth_of_the_table() -> None:
    found = months(track("2024-10-01").position("p1", BODO, "2026-05-01").agreement("a1"))
    # 131 232, 14 000, 90 392.875, 125 000, and 5 % of their sum 18 031.24375, each a twelfth
    assert found.elements == {
        "practice_compensation": 10_936,
        "learning_activities": 1_167,
        "supervision": 7_533,
        "productivity": 10_417,
        "facilitation": 1_502,
        "centrality": 0,
    }
    assert found.total == 31_555


def test_outside_the_fastlege_scheme_there_is_no_practice_compensation_and_no_productivity() -> None:
    doctor = track("2024-10-01").position("p1", BODO, "2026-05-01", category="other_municipal").agreement("a1")
    assert months(doctor).elements == {
        "practice_compensation": 0,
        "learning_activities": 1_166,
        "supervision": 7_533,
        "productivity": 0,
        "facilitation": 435,
        "centrality": 0,
    }


def test_guidance_only_is_supervision_alone_also_in_centrality_class_6() -> None:
    found = months(track("2024-10-01").position("p1", BEIARN, "2026-05-01"), BEIARN)
    assert {name: kroner for name, kroner in found.elements.items() if kroner} == {"supervision": 7_533}


def test_the_supplement_is_given_in_centrality_class_6_by_the_share() -> None:
    doctor = track("2024-10-01").position("p1", BEIARN, "2026-05-01", percent=30).agreement("a1", BEIARN)
    assert months(doctor, BEIARN).elements["centrality"] == 5_000


def test_the_supplement_is_no_part_of_what_facilitation_is_reckoned_from() -> None:
    bodo, beiarn = full_time(), full_time(municipality=BEIARN)
    assert months(bodo).elements["facilitation"] == months(beiarn, BEIARN).elements["facilitation"]


@pytest.mark.parametrize(
    ("exact", "whole"), [("1/2", 1), ("3/2", 2), ("5/2", 3), ("149/100", 1), ("49999999/100000000", 0), ("7", 7)]
)
def test_a_line_is_rounded_half_up(exact: str, whole: int) -> None:
    assert round_half_up(Fraction(exact)) == whole


def test_a_line_is_rounded_once_not_month_by_month() -> None:
    # twelve months of 7 532.739583… are 90 392.875
    assert months(track("2024-10-01").position("p1")).total == 90_393


def test_the_elements_with_the_largest_remainders_get_the_kroner_that_are_left() -> None:
    exact = {"a": Fraction("10.2"), "b": Fraction("10.7"), "c": Fraction("10.6"), "d": Fraction("10.5")}
    assert largest_remainder(exact, 42) == {"a": 10, "b": 11, "c": 11, "d": 10}


def test_of_equal_remainders_the_first_in_the_table_gets_the_krone() -> None:
    assert largest_remainder({"a": 2 + THIRD, "b": 1 + THIRD, "c": THIRD}, 4) == {"a": 3, "b": 1, "c": 0}
    assert largest_remainder({"a": Fraction(2), "b": 2 * THIRD, "c": 2 * THIRD, "d": 2 * THIRD}, 4) == {
        "a": 2,
        "b": 1,
        "c": 1,
        "d": 0,
    }


def test_whole_elements_are_left_as_they_are() -> None:
    assert largest_remainder({"a": Fraction(5), "b": Fraction(0)}, 5) == {"a": 5, "b": 0}
