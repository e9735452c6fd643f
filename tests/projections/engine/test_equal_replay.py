"""What the projections say is what `alis replay` says."""

from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings

from projections.all import ALL
from tests.benchmarks.stories import new_doctors, told
from tests.golden_cases import CASES
from tests.histories import histories
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, ROUND, Json

NUMBERS: Final = count(1)
LINE = ("hpr", "total", "elements", "months")


def replayed(at: House, code: str, round_id: str) -> Json:
    """A result with the parts that projections have; ended numbers are the current one's."""
    rules = at.casework.book.rule_set(None, round_id)
    found = at.casework.replay(code, rules, None).result.as_json()
    lines: list[dict[str, Any]] = [{name: line[name] for name in LINE} for line in found["lines"]]
    return {"municipality": found["municipality"], "round": round_id, "total": found["total"], "lines": lines}


def everywhere(at: House) -> list[tuple[str, str]]:
    """Every municipality in every round with a published rule set."""
    book = at.casework.book.current()
    return list(dict.fromkeys((code, r.round.id) for r in book.published.values() for code in r.municipalities.by_code))


def agrees(at: House) -> int:
    """Compare all municipalities that anybody was ever in; gives how many lines there are."""
    known = {row["municipality"] for row in at.asks("SELECT DISTINCT municipality FROM events")}
    lines = 0
    for code, round_id in everywhere(at):
        said = at.says(code, round_id) if code in known else None
        if said is not None:
            assert said == replayed(at, code, round_id), (code, round_id)
            lines += len(said["lines"])
    total = at.asks("SELECT count(*) AS lines FROM read.grant_amounts")[0]["lines"]
    assert total == lines
    return lines


def test_the_golden_cases_stand_in_the_projections_as_replay_has_them(at: House) -> None:
    cases = [case.of(str(9_100_000 + number)) for number, case in enumerate(CASES)]
    at.imports([fact for case in cases for fact in case.facts])
    at.levels()
    assert agrees(at) >= len(cases)


@pytest.mark.parametrize("most", [7, 100_000])
def test_stories_projected_in_small_or_large_pages_stand_as_replay_has_them(at: House, most: int) -> None:
    at.imports([fact for hpr in new_doctors(10) for fact in told(hpr, 25)])
    at.levels(most=most)
    assert agrees(at) >= 5
    for projection in ALL:
        assert at.differs_from_fresh(projection) == 0


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(facts=histories())
@pytest.mark.long
def test_whatever_valid_history_stands_as_replay_has_it_event_by_event(at: House, facts: list[Json]) -> None:
    hpr = f"93{next(NUMBERS):05}"
    for fact in facts:
        at.records(fact | {"hpr": hpr})
        at.levels()
    mine = agrees_for(at, hpr)
    lines = at.asks("SELECT municipality FROM read.grant_amounts WHERE hpr = %s AND round = %s", hpr, ROUND)
    assert mine == {line["municipality"] for line in lines}


def agrees_for(at: House, hpr: str) -> set[str]:
    """Where a doctor has a line by replay; the projections have the same line there."""
    found = set()
    for code in (BODO, BEIARN):
        said, by_replay = (
            [line for line in result["lines"] if line["hpr"] == hpr]
            for result in (at.says(code, ROUND), replayed(at, code, ROUND))
        )
        assert said == by_replay
        found |= {code} if said else set()
    return found
