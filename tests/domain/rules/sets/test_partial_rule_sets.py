"""The rounds before 2026, of which only some rates are known (rules.md 1): unknown is not zero."""

import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set, release_reference, shipped_rule_sets
from domain.rules.result import calculate
from domain.values.refusals.refusal import Refused
from tests.scenario import BEIARN, BODO, Json, Told, full_time, judged, lines_of, track

IN_2023 = "2022-10-01"
LATER = ["practice_compensation", "learning_activities", "productivity", "facilitation"]


def claim(round_id: str, *doctors: Told, municipality: str = BODO) -> Json:
    known = [(each.hpr, as_known(judged(lines_of(each.facts))[each.hpr])) for each in doctors]
    return calculate(known, municipality, choose_rule_set(None, round_id)).as_json()


def line(round_id: str, doctor: Told, municipality: str = BODO) -> Json:
    [found] = claim(round_id, doctor, municipality=municipality)["lines"]
    assert isinstance(found, dict)
    return found


def test_a_fastlege_of_2022_is_given_the_standard_elements() -> None:
    found = line("2022", full_time("2021-10-01"))
    assert found["total"] == 275_250  # 9/12 of 367 000
    assert found["elements"] == {"standard_elements": 275_250, "centrality": 0}


def test_the_supplement_of_2022_is_known() -> None:
    found = line("2022", full_time("2021-10-01", BEIARN).corrected("2", percent=50), BEIARN)
    assert found["elements"] == {"standard_elements": 137_625, "centrality": 75_000}  # 9/24 of 367 000 and of 200 000


@pytest.mark.parametrize("category", ["introductory", "other_municipal"])
def test_the_standard_elements_of_the_other_categories_of_2022_are_unknown(category: str) -> None:
    found = line("2022", full_time("2021-10-01").changed("p1", "2022-09-01", category=category))
    assert (found["total"], found["elements"]) == (None, None)
    assert found["error"] == {"code": "rate-unknown", "missing": ["standard_elements"]}


def test_guidance_only_of_2022_is_unknown() -> None:
    found = line("2022", track("2021-10-01").position("p1"))
    assert found["error"] == {"code": "rate-unknown", "missing": ["supervision"]}


def test_guidance_only_of_2023_is_75_710_a_year() -> None:
    found = line("2023", track(IN_2023).position("p1"))
    assert found["total"] == 69_401  # 11/12 of 1 140 x 1.15 x 57.75 = 75 710.25
    assert found["elements"] == {"supervision": 69_401}


def test_an_agreement_of_2023_needs_what_nobody_has_found() -> None:
    assert line("2023", full_time(IN_2023))["error"] == {"code": "rate-unknown", "missing": LATER}
    assert line("2023", full_time(IN_2023, BEIARN), BEIARN)["error"]["missing"] == [*LATER, "centrality"]


def test_outside_the_fastlege_scheme_only_what_is_paid_there_is_missing() -> None:
    found = line("2023", full_time(IN_2023).corrected("2", category="other_municipal"))
    assert found["error"]["missing"] == ["learning_activities", "facilitation"]


@pytest.mark.parametrize("round_id", ["2024", "2025"])
def test_of_2024_and_2025_the_hours_are_unknown_so_guidance_only_is_too(round_id: str) -> None:
    assert line(round_id, track(IN_2023).position("p1"))["error"]["missing"] == ["supervision"]
    assert line(round_id, full_time(IN_2023))["error"]["missing"] == [
        "practice_compensation",
        "learning_activities",
        "supervision",
        "productivity",
        "facilitation",
    ]


def test_the_other_lines_are_computed_and_summed() -> None:
    found = claim("2023", full_time(IN_2023), track(IN_2023, hpr="9000002").position("p1"))
    assert [each["total"] for each in found["lines"]] == [None, 69_401]
    assert (found["total"], found["complete"]) == (69_401, False)


def test_a_line_that_no_month_is_paid_of_has_an_amount_also_where_all_rates_are_unknown() -> None:
    found = line("2025", track(IN_2023, "old").position("p1"))
    assert (found["total"], found["elements"]) == (0, {})


def test_there_is_no_productivity_window_before_2026() -> None:
    for round_id in ("2022", "2023", "2024", "2025"):
        assert not any(month["productivity"] for month in line(round_id, full_time("2021-10-01"))["months"])


@pytest.mark.parametrize(("round_id", "agreed"), [("2022", 8), ("2023", 11)])
def test_an_agreement_signed_late_counts_from_its_first_day_before_the_template_of_june_2023(
    round_id: str, agreed: int
) -> None:
    signed = {"2022": "2022-08-01", "2023": "2023-06-20"}[round_id]
    first = {"2022": "2022-02-01", "2023": "2022-10-01"}[round_id]
    doctor = track("2021-10-01").position("p1").agreement("a1", first=first, signed_on=signed)
    assert sum(month["basis"] == "agreement" for month in line(round_id, doctor)["months"]) == agreed


def test_an_agreement_counts_from_signing_after_the_template_of_june_2023() -> None:
    doctor = track("2021-10-01").position("p1").agreement("a1", first="2023-09-01", signed_on="2024-05-15")
    assert sum(month["basis"] == "agreement" for month in line("2024", doctor)["months"]) == 3


def test_the_rounds_follow_each_other_without_a_gap() -> None:
    months = {rules.round.id: rules.months for rules in shipped_rule_sets()}
    assert [months[each].start for each in sorted(months)[1:]] == [months[each].stop for each in sorted(months)[:-1]]
    assert [len(months[each]) for each in sorted(months)][:6] == [12, 9, 11, 12, 9, 12]


def test_the_final_rates_of_2026_are_a_draft_used_by_name_alone() -> None:
    assert choose_rule_set(None, "2026").id == "nasjonal-alis-2026-provisional"
    final = choose_rule_set("nasjonal-alis-2026-final", "2026")
    assert (final.status, final.content.values["hourly_rate"].value) == ("draft", "1375")
    assert final.content.adopted_on is None
    known = [(each.hpr, as_known(judged(lines_of(each.facts))[each.hpr])) for each in [full_time()]]
    # 160 x 0.6 x 1 375 + 14 000 + 1.15 x 57.5 x 1 375 + 125 000 = 361 921.875, and 5 percent of it
    assert calculate(known, BODO, final).total == 380_018


def test_costs_are_reported_on_the_elements_of_the_round_but_the_supplement() -> None:
    reference = release_reference()
    reference.check_cost_element("2022", "standard_elements")
    reference.check_cost_element("2026", "facilitation")
    for round_id, element in (("2026", "centrality"), ("2026", "standard_elements"), ("2019", "supervision")):
        with pytest.raises(Refused):
            reference.check_cost_element(round_id, element)
