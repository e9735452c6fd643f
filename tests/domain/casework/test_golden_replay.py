"""Every golden case through the event store, each its own doctor."""

from collections.abc import Callable

import pytest

from domain.rulebook.release import choose_rule_set
from tests.desk import Desk
from tests.golden_cases import CASES
from tests.scenario import ROUND, Json

OWN = [case.of(f"{9_100_001 + n}") for n, case in enumerate(CASES)]


def import_together(at: Desk) -> None:
    at.imports(fact for case in OWN for fact in case.facts)


def import_one_by_one(at: Desk) -> None:
    for case in OWN:
        at.imports(case.facts)


def import_backwards(at: Desk) -> None:
    at.imports(fact for case in OWN for fact in reversed(case.facts))


def register_in_the_order_known(at: Desk) -> None:
    for case in OWN:
        for fact in sorted(case.facts, key=lambda fact: str(fact["recorded_at"])):
            at.records(fact)


def lines(at: Desk) -> dict[str, Json]:
    """The line of each case, as known at its own moment."""
    asked = {(case.municipality, case.known_at) for case in OWN}
    results = {question: at.replays(*question)["lines"] for question in asked}
    found = {}
    for case in OWN:
        [line] = [each for each in results[case.municipality, case.known_at] if each["hpr"] == case.facts[0]["hpr"]]
        found[case.name] = {name: line[name] for name in ("hpr", "total", "elements", "months")}
    return found


@pytest.mark.parametrize("stored", [import_together, import_one_by_one, import_backwards, register_in_the_order_known])
def test_every_golden_case_is_computed_from_the_stored_events_to_the_krone(
    at: Desk, stored: Callable[[Desk], None]
) -> None:
    stored(at)
    assert lines(at) == {case.name: case.expected["lines"][0] for case in OWN}


def test_a_golden_case_alone_makes_the_whole_claim(at: Desk) -> None:
    case = OWN[0]
    at.imports(case.facts)
    found = at.replays(case.municipality, case.known_at)
    assert (found["total"], len(found["lines"]), found["municipality"]) == (
        case.expected["total"],
        1,
        case.municipality,
    )


@pytest.mark.parametrize("known_at", [None, "2025-12-01T00:00:00Z"])
def test_the_whole_round_at_once_gives_what_each_municipality_gives(at: Desk, known_at: str | None) -> None:
    import_together(at)
    found = at.replays_all(known_at)
    everywhere = choose_rule_set(None, ROUND).municipalities.by_code
    asked = (at.replays(code, known_at) for code in sorted(everywhere))
    assert found == [each for each in asked if each["lines"]]
    assert [each["municipality"] for each in found] == ["1804", "1839"]


def test_the_whole_log_is_read_a_page_at_a_time(at: Desk) -> None:
    import_together(at)
    everything = at.store.facts_of(list(at.store.versions()))
    assert list(at.store.facts_of_all(page=7)) == everything
    assert len(everything) > 100
