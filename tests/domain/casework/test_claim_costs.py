"""The costs of a line are those known as facts: whoever reported them, nobody is asked for them again."""

from collections.abc import Sequence
from typing import Any, Final

import pytest

from domain.claim.stream.events import LineCostsReported
from domain.doctor.facts.accounts import CostsReported
from tests.claiming import Claiming, claiming
from tests.desk import Desk, refusal
from tests.scenario import BODO, Told, full_time

EVEN: Final = {"round": "2026", "municipality": BODO, "project_code": "P-17"}


@pytest.fixture
def claim(at: Desk) -> Claiming:
    """Bodø's claim of one doctor."""
    at.imports(full_time().facts)
    return claiming(at)


def told(claim: Claiming, *costs: dict[str, Any], known: str = "2026-07-01") -> Told:
    """The costs as facts that the municipality imports."""
    story = full_time().known(known)
    for cost in costs:
        story = story.add("costs_reported", **(EVEN | cost))
    claim.at.imports(story.facts)
    return story


def shown(claim: Claiming) -> list[tuple[str, str | None, int]]:
    """The costs of the line as known: element, kind and kroner."""
    known = claim.at.casework.claims.costs(claim.state)
    return [(each.element, each.kind, each.kroner) for each in known.get("9000001", ())]


def facts_of_costs(claim: Claiming) -> Sequence[str]:
    return [e.event.id for e in claim.at.casework.doctor("9000001") if isinstance(e.event, CostsReported)]


def test_what_was_imported_is_the_cost_of_the_line_without_a_step(claim: Claiming) -> None:
    claim.opened()
    assert shown(claim) == []
    told(claim, {"element": "supervision", "kroner": 90_000})
    assert shown(claim) == [("supervision", None, 90_000)]


def test_costs_of_another_round_or_municipality_are_not_those_of_the_line(claim: Claiming) -> None:
    claim.opened()
    told(
        claim,
        {"element": "supervision", "kroner": 1, "round": "2025"},
        {"element": "supervision", "kroner": 2, "municipality": "1839"},
    )
    assert shown(claim) == []


def test_a_cost_that_is_known_is_not_recorded_again_and_the_claim_names_the_fact_that_is_there(
    claim: Claiming,
) -> None:
    claim.opened()
    told(claim, {"element": "supervision", "kroner": 90_000})
    before = facts_of_costs(claim)
    spent = [{"element": "supervision", "kroner": 90_000}, {"element": "learning_activities", "kroner": 14_000}]
    claim.do("report_costs", costs=spent)
    [known, new] = facts_of_costs(claim)
    assert [known] == before
    [said] = [e.event for e in claim.at.casework.claims.events(claim.name) if isinstance(e.event, LineCostsReported)]
    assert [each.fact for each in said.costs] == [known, new]
    assert sorted(shown(claim)) == [("learning_activities", None, 14_000), ("supervision", None, 90_000)]


def test_costs_by_kind_add_up_and_a_report_of_the_whole_replaces_them(claim: Claiming) -> None:
    claim.opened()
    travel = {
        "element": "supervision",
        "kind": "travel",
        "gross": 10_000,
        "other_funding": [{"source": "fond2", "kroner": 2_500}],
        "kroner": 7_500,
    }
    claim.do("report_costs", costs=[travel, {"element": "supervision", "kind": "supervisor_fee", "kroner": 60_000}])
    assert shown(claim) == [("supervision", "travel", 7_500), ("supervision", "supervisor_fee", 60_000)]
    told(claim, {"element": "supervision", "kroner": 70_000}, known="2026-11-01")
    assert shown(claim) == [("supervision", None, 70_000)]
    claim.do("report_costs", costs=[travel])
    assert shown(claim) == [("supervision", "travel", 7_500)]
    assert len(facts_of_costs(claim)) == 4


def test_a_cost_that_was_corrected_or_withdrawn_is_shown_as_it_stands(claim: Claiming) -> None:
    claim.opened()
    story = told(
        claim, {"element": "supervision", "kroner": 90_000}, {"element": "learning_activities", "kroner": 14_000}
    )
    claim.at.imports(story.corrected("4", kroner=80_000).withdrawn("5").facts)
    assert shown(claim) == [("supervision", None, 80_000)]
    claim.do("report_costs", costs=[{"element": "supervision", "kroner": 80_000}])
    assert facts_of_costs(claim) == ["4", "5"]


def test_an_element_is_reported_as_a_whole_or_by_kind_and_never_both_at_once(claim: Claiming) -> None:
    claim.opened()
    whole = {"element": "supervision", "kroner": 1}
    travel, course = {**whole, "kind": "travel"}, {**whole, "kind": "course"}
    assert refusal(lambda: claim.do("report_costs", costs=[whole, travel])) == "whole-and-kinds"
    assert refusal(lambda: claim.do("report_costs", costs=[travel, course, whole])) == "whole-and-kinds"
    assert refusal(lambda: claim.do("report_costs", costs=[travel, travel])) == "element-twice"
    assert facts_of_costs(claim) == []
