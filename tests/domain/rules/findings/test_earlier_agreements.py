"""Agreements from before 2022 (HOD88 (4), MAL 4.3): kept, converted or run out, and the finding says which."""

from typing import Final

import pytest

from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.result import calculate
from tests.scenario import BEIARN, BODO, Json, Told, judged, lines_of, track

EARLIER: Final = track("2021-03-01").position("p1").agreement("a1", template="egen avtale")
BEGINS: Final = "ALIS-avtalen signert 1. mars 2021 er fra før 1. januar 2022 og "


def told(story: Told, round_id: str, municipality: str = BODO) -> list[Json]:
    doctors = [(hpr, as_known(facts)) for hpr, facts in judged(lines_of(story.facts)).items()]
    [line] = calculate(doctors, municipality, choose_rule_set(None, round_id)).as_json()["lines"]
    return [each for each in line["findings"] if each["code"] == "earlier_agreement"]


def test_one_that_is_in_force_to_the_end_of_the_round_is_kept() -> None:
    [found] = told(EARLIER, "2022")
    assert (found["severity"], found["facts"], len(found["months"])) == ("info", ["3"], 9)
    assert found["text"].startswith(f"{BEGINS}videreført.")
    assert "sier ikke hvilken sats" in found["text"]
    assert len(told(EARLIER, "2023")) == 1


def test_one_that_a_newer_agreement_takes_over_from_is_converted_in_that_round_alone() -> None:
    story = EARLIER.agreement("a2", first="2022-10-15")
    [kept], [found] = told(story, "2022"), told(story, "2023")
    assert "videreført" in kept["text"]
    assert found["text"].startswith(f"{BEGINS}avløst av ALIS-avtalen signert 15. oktober 2022.")
    assert "punkt 4.3" in found["text"]
    assert (found["months"], found["facts"]) == (["2022-10"], ["3", "4"])
    assert told(story, "2024") == []


def test_one_that_is_over_while_the_doctor_stays_has_run_out() -> None:
    story = EARLIER.add("agreement_ended", agreement="a1", last_day="2022-06-30")
    [found] = told(story, "2022")
    assert found["text"] == f"{BEGINS}løp ut 30. juni 2022. Ingen ny avtale med kommunen er registrert."
    assert found["months"] == ["2022-07", "2022-08", "2022-09"]
    assert len(told(story, "2023")[0]["months"]) == 11


def test_one_whose_doctor_left_fell_away_with_the_post() -> None:
    story = EARLIER.switched("p1", "2022-06-15", to=BEIARN)
    [found] = told(story, "2022")
    assert f"{BEGINS}falt bort da legen fratrådte stillingen 15. juni 2022." in found["text"]
    assert told(story, "2022", BEIARN) == []


def test_one_extended_later_is_kept_and_one_corrected_to_a_later_day_is_none() -> None:
    short = track("2021-03-01").position("p1").agreement("a1", last_day="2022-06-30")
    assert "løp ut" in told(short, "2022")[0]["text"]
    assert (
        "videreført" in told(short.amended("a1", "2022-05-01", "2022-07-01", last_day="2024-02-29"), "2022")[0]["text"]
    )
    assert told(short.corrected("3", signed_on="2022-01-01", first_day="2022-01-01"), "2022") == []
    assert told(short.withdrawn("3"), "2022") == []


@pytest.mark.parametrize("scheme", ["old", "new"])
def test_the_scheme_of_the_track_does_not_matter_to_it(scheme: str) -> None:
    story = track("2021-03-01", scheme).position("p1").agreement("a1")
    assert "videreført" in told(story, "2022")[0]["text"]
