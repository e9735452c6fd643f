"""The result as contract.md 3 writes it."""

import subprocess
import sys

import pytest

from domain.values.refusals.refusal import Refused
from tests.golden_cases import CASES
from tests.scenario import BEIARN, BODO, MONTHS, full_time, lines_of, result, track


def test_there_is_one_line_for_each_doctor_with_a_post_in_the_round_in_the_order_of_the_numbers() -> None:
    doctors = [
        track("2024-10-01", hpr="10000001").position("p1"),
        track("2024-10-01", hpr="9999999").position("p1", BODO, "2026-05-31"),
        track("2024-10-01", hpr="9999998").position("p1", last_day="2025-05-31").agreement("a1"),
        track("2024-10-01", hpr="9999997").position("p1", BEIARN),
        track("2024-10-01", hpr="9999996").position("p1", last_day="2025-06-01"),
        track("2024-10-01", hpr="9999995").position("p1").withdrawn("2"),
    ]
    facts = [fact for doctor in doctors for fact in doctor.facts]
    assert [line.hpr for line in result(lines_of(facts)).lines] == ["9999996", "9999999", "10000001"]


def test_a_post_that_does_not_qualify_gives_a_line_too() -> None:
    doctor = track("2024-10-01").position("p1", BODO, "2025-07-01", category="gp_locum", last_day="2025-07-31")
    [line] = result(lines_of(doctor.facts)).lines
    assert line.amounts.total == 0


def test_the_line_has_an_entry_for_each_month_of_the_round() -> None:
    [line] = result(lines_of(full_time("2026-05-15").facts)).as_json()["lines"]
    assert [month["month"] for month in line["months"]] == MONTHS


def test_the_total_is_the_sum_of_the_lines() -> None:
    facts = [*full_time().facts, *track("2024-10-01", hpr="9000002").position("p1").facts]
    found = result(lines_of(facts)).as_json()
    assert (found["total"], found["complete"]) == (378_656 + 90_393, True)


def test_a_municipality_asked_for_by_an_ended_code_is_named_by_its_successor() -> None:
    found = result(lines_of(track("2024-10-01").position("p1", "5634").facts), "5404")
    assert (found.municipality, len(found.lines)) == ("5634", 1)


def test_a_municipality_that_never_was_is_refused() -> None:
    with pytest.raises(Refused, match="9999"):
        result(lines_of(full_time().facts), "9999")


def test_the_moment_is_told_in_utc() -> None:
    found = result(lines_of(full_time().facts), BODO, "2026-07-01T00:00:00+00:00").as_json()
    assert found["known_at"] == "2026-07-01T00:00:00Z"
    assert result(lines_of(full_time().facts)).as_json()["known_at"] is None


def test_the_result_names_its_rules_by_id_status_and_digest() -> None:
    found = result(lines_of(full_time().facts)).as_json()
    assert (found["round"], found["rules"], found["rules_status"]) == (
        "2026",
        "nasjonal-alis-2026-provisional",
        "published",
    )
    # the file is published: should this digest change, somebody edited what decisions rest on
    assert found["rules_digest"] == "sha256:4b8e9d04382ca53df80053fd59e7747a017d8553cd1ee1e9bbef7f2b432b1617"


def test_the_canonical_result_is_what_a_decision_rests_on_and_no_more() -> None:
    found = result(lines_of(full_time().facts))
    assert found.canonical().keys() == {"municipality", "round", "rules_digest", "engine_version", "lines"}
    assert found.canonical()["lines"][0].keys() == {"hpr", "total", "elements", "months"}


def test_the_digest_of_a_result_does_not_move_with_a_moment_after_all_that_is_known() -> None:
    content = lines_of(full_time().facts)
    assert result(content).digest() == result(content, BODO, "2027-01-01T00:00:00Z").digest()


def test_the_digest_of_a_result_moves_with_a_krone() -> None:
    doctor = full_time()
    digests = {result(lines_of(told.facts)).digest() for told in (doctor, doctor.corrected("2", percent="99.99"))}
    assert len(digests) == 2


@pytest.mark.long
def test_the_digest_of_a_result_is_the_same_in_every_process() -> None:
    program = (
        "from tests.golden_cases import CASES\nfrom tests.scenario import lines_of, result\n"
        "print([result(lines_of(c.facts), c.municipality, c.known_at).digest() for c in CASES])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(told) == 1
    assert told.pop().count(b"sha256:") == len(CASES)
