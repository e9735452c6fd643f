"""The difference between two calculations of what is stored; what is supposed is never stored."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import pytest

from deploy.clock import now
from domain.casework.explaining import AskedSide, SideRejected, WantedSide, asked_side
from domain.doctor.intake.intake import Placed, read_facts
from domain.values.refusals.refusal import Refused
from tests.desk import Desk, desk
from tests.scenario import BEIARN, BODO, Told, full_time, lines_of, track

THEN: Final = "2026-02-28T00:00:00Z"
LEAVE: Final = full_time().known("2026-03-01").leave("l1", "2026-01-01", "2026-02-28")


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url) as made:
        made.publishes()
        yield made


def supposing(told: Told, count: int = 1) -> Sequence[Placed]:
    """The last facts of a tale, as they are read from a file."""
    placed, problems = read_facts(lines_of(told.facts[-count:]))
    assert not problems
    return placed


def wanted(
    at: Desk, moment: str | None = None, rules: str | None = None, supposed: Sequence[Placed] = ()
) -> WantedSide:
    known_at = datetime.fromisoformat(moment) if moment else None
    return WantedSide(at.casework.book.rule_set(rules, "2026"), known_at, supposed)


def stored(at: Desk) -> list[Any]:
    """All that the log, the commands and the keys hold."""
    return [
        at.asks("SELECT * FROM events ORDER BY position"),
        at.asks("SELECT * FROM commands ORDER BY id"),
        at.asks("SELECT * FROM doctor_keys ORDER BY doctor"),
    ]


def named(found: dict[str, Any]) -> list[tuple[list[str], int]]:
    return [
        ([part.get("id") or part["parameter"] for part in (*each["facts"], *each["parameters"])], each["kroner"])
        for each in found["contributions"]
    ]


def test_what_became_known_between_two_moments_is_explained_fact_by_fact(at: Desk) -> None:
    at.imports(LEAVE.facts)
    found = at.casework.explain(BODO, wanted(at, THEN), wanted(at)).as_json()
    assert (found["from"]["total"], found["to"]["total"], found["difference"]) == (378_656, 315_547, -63_109)
    assert named(found) == [(["4"], -63_109)]


def test_two_rule_sets_are_explained_parameter_by_parameter(at: Desk) -> None:
    at.imports(LEAVE.facts)
    found = at.casework.explain(BODO, wanted(at), wanted(at, rules="nasjonal-alis-2026-final")).as_json()
    assert named(found) == [(["values.hourly_rate"], 316_682 - 315_547)]
    assert (found["from"]["rules_status"], found["to"]["rules_status"]) == ("published", "draft")


def test_a_supposed_fact_is_explained_and_marked(at: Desk) -> None:
    at.imports(full_time().facts)
    found = at.casework.explain(BODO, wanted(at), wanted(at, supposed=supposing(LEAVE))).as_json()
    assert named(found) == [(["4"], -63_109)]
    assert found["contributions"][0]["facts"][0]["what_if"]
    assert found["to"]["what_if"] == [{"hpr": "9000001", "id": "4"}]


def test_facts_can_be_supposed_of_a_doctor_whom_nobody_knows_or_who_is_known_elsewhere_only(at: Desk) -> None:
    at.imports(full_time(municipality=BEIARN).facts)
    there = full_time(municipality=BEIARN).position("p2", BODO, "2025-06-01", percent=50)
    new = track("2025-01-01", hpr="9000007").position("p1")
    found = at.casework.explain(BODO, wanted(at), wanted(at, supposed=[*supposing(there), *supposing(new, 2)]))
    assert found.difference.changed.keys() == {"9000001", "9000007"}
    # supervision alone for both; a third of full time where percents sum to 150
    assert found.difference.kroner == 30_131 + 90_393


def test_what_is_supposed_already_is_no_difference(at: Desk) -> None:
    at.imports(LEAVE.facts)
    found = at.casework.explain(BODO, wanted(at), wanted(at, supposed=supposing(LEAVE))).as_json()
    assert (found["difference"], found["to"]["what_if"]) == (0, [])


def test_a_supposed_fact_is_refused_as_a_real_one_would_be(at: Desk) -> None:
    at.imports(full_time().facts)
    wrong = supposing(full_time().ended("p8", "2025-12-31"))
    with pytest.raises(SideRejected) as rejected:
        at.casework.explain(BODO, wanted(at), wanted(at, supposed=wrong))
    assert rejected.value.side == 1
    assert [(each.place, each.fact, each.refusal.code) for each in rejected.value.problems] == [
        (1, "4", "unknown-position")
    ]


def test_what_is_supposed_touches_nothing_that_is_stored(at: Desk) -> None:
    """Also where it has personal fields of a doctor without a key, and where the database could not store it at all."""
    at.imports(full_time().facts)
    before = stored(at)
    new = track("2025-01-01", hpr="9000007").position("p1", workplace="Legesenteret").leave("l1", "2025-08-01")
    supposed = supposing(new, 3)
    assert at.casework.explain(BODO, wanted(at), wanted(at, supposed=supposed)).difference.kroner > 0
    with desk(f"{at.url}&options=-c%20default_transaction_read_only%3Don") as reading:
        assert reading.casework.explain(BODO, wanted(at), wanted(at, supposed=supposed)).difference.kroner > 0
    assert stored(at) == before
    assert at.replays(BODO)["total"] == 378_656


def test_a_side_with_a_moment_lists_what_was_known_then_but_stored_later(at: Desk) -> None:
    at.imports(LEAVE.facts)
    found = at.casework.explain(BODO, wanted(at, THEN), wanted(at)).as_json()
    assert [each["fact"] for each in found["from"]["known_before_stored_after"]] == ["1", "2", "3"]
    assert "known_before_stored_after" not in found["to"]


def test_of_a_doctor_without_a_line_in_the_round_nothing_is_told(at: Desk) -> None:
    left = full_time("2022-01-01").ended("p1", "2024-12-31").known("2026-03-01").position("p2", BEIARN, "2026-01-01")
    at.imports(left.facts)
    found = at.casework.explain(BODO, wanted(at, THEN), wanted(at)).as_json()
    assert (found["contributions"], found["without_effect"]["facts"], found["lines"]) == ([], [], [])
    assert found["from"]["known_before_stored_after"] == []


def test_a_municipality_that_never_was_is_refused(at: Desk) -> None:
    with pytest.raises(Refused, match="9999"):
        at.casework.explain("9999", wanted(at), wanted(at))


# ---------------------------------------------------------------- how a side is written


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("now", AskedSide()),
        ("2026-03-01T01:00:00+01:00", AskedSide(datetime.fromisoformat("2026-03-01T00:00:00+00:00"))),
        ("rules:nasjonal-alis-2026-final", AskedSide(rules="nasjonal-alis-2026-final")),
        ("facts:hva/om.jsonl", AskedSide(facts="hva/om.jsonl")),
        (
            "2026-03-01T00:00:00Z,rules:mitt.toml,facts:om.jsonl",
            AskedSide(datetime.fromisoformat("2026-03-01T00:00:00+00:00"), "mitt.toml", "om.jsonl"),
        ),
    ],
)
def test_a_side_is_a_moment_a_rule_set_and_a_file_in_any_combination(text: str, side: AskedSide) -> None:
    assert asked_side(text, now()) == side


@pytest.mark.parametrize(
    "text",
    ["", "i går", "2026-03-01", "rules:", "now,now", "rules:a,rules:b", "now,", "fact:x", "9999-12-31T23:59:59Z"],
)
def test_a_side_that_is_not_written_so_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        asked_side(text, now())
    assert refused.value.code == "bad-side"
