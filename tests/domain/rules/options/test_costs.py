"""`payment_basis` and `unused_funds`: what reported costs have to say.

A full year of a full-time fastlege in the window is 131 232 + 14 000 + 90 392.875 + 125 000, and 5 percent of it,
18 031.24375: 378 656.
"""

from tests.options import under
from tests.scenario import BEIARN, BODO, Told, full_time


def cost(doctor: Told, element: str, kroner: int, municipality: str = BODO, round_id: str = "2026") -> Told:
    return doctor.add("costs_reported", municipality=municipality, round=round_id, element=element, kroner=kroner)


REPORTED = cost(cost(full_time(), "practice_compensation", 100_000), "supervision", 50_000)


def test_at_fixed_rates_costs_change_nothing() -> None:
    assert under(REPORTED, payment_basis="fixed_rate").total == 378_656


def test_actual_costs_cap_each_element_and_what_is_not_reported_is_nothing() -> None:
    doctor = cost(cost(REPORTED, "learning_activities", 20_000), "facilitation", 30_000)
    assert under(doctor, payment_basis="actual_costs_capped").elements == {
        "practice_compensation": 100_000,
        "learning_activities": 14_000,
        "supervision": 50_000,
        "productivity": 0,
        "facilitation": 18_031,  # at most 5 percent of the four uncapped
        "centrality": 0,
    }


def test_the_centrality_supplement_is_not_a_cost() -> None:
    doctor = full_time(municipality=BEIARN)
    assert under(doctor, BEIARN, payment_basis="actual_costs_capped").total == 200_000


def test_costs_of_another_municipality_or_round_do_not_count() -> None:
    doctor = cost(cost(full_time(), "supervision", 50_000, BEIARN), "supervision", 50_000, round_id="2025")
    assert under(doctor, payment_basis="actual_costs_capped").total == 0


def test_the_last_reported_costs_count_also_under_an_ended_code() -> None:
    # 1507 Ålesund became 1508 at the end of 2023
    doctor = cost(full_time(municipality="1508"), "supervision", 10_000, "1507")
    later = cost(cost(doctor, "supervision", 20_000, "1508"), "supervision", 30_000, "1507")
    assert under(later, "1508", payment_basis="actual_costs_capped").total == 30_000


def test_costs_that_are_withdrawn_fall_back_to_those_reported_before() -> None:
    doctor = cost(cost(full_time(), "supervision", 10_000), "supervision", 20_000)
    assert under(doctor, payment_basis="actual_costs_capped").total == 20_000
    assert under(doctor.withdrawn("5"), payment_basis="actual_costs_capped").total == 10_000


def test_unused_funds_are_kept() -> None:
    assert "reclaimed" not in under(REPORTED, unused_funds="kept").line


def test_unused_funds_are_reclaimed_of_the_elements_with_reported_costs_and_the_total_is_unchanged() -> None:
    found = under(cost(REPORTED, "learning_activities", 14_000), unused_funds="repaid")
    # 131 232 - 100 000, and 90 393 - 50 000; nothing is left of learning activities
    assert found.line["reclaimed"] == {"practice_compensation": 31_232, "supervision": 40_393}
    assert found.total == 378_656


def test_nothing_is_reclaimed_where_no_costs_are_reported() -> None:
    assert under(full_time(), unused_funds="repaid").line["reclaimed"] == {}
