"""`alis replay --claim`: every decision of a claim again, as the contract writes it."""

from collections.abc import Iterator

import pytest

from domain.claim.stream.events import ClaimAssessed, ClaimEvent, DecisionApproved, DecisionProposed
from domain.store import CommandRecord, Recorded
from domain.values.streams import claim_id
from tests.claiming import CASEWORKER, Claiming, claiming, command_by
from tests.desk import Desk, desk
from tests.scenario import full_time
from tests.workers.test_cli import alis, refused


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url) as opened:
        opened.publishes()
        opened.imports(full_time("2025-06-01").facts)
        yield opened


def decided_twice(at: Desk) -> Claiming:
    claim = claiming(at).paid()
    at.imports(full_time("2025-06-01").known("2026-08-02").leave("l1", "2026-01-01", "2026-03-31").facts[-1:])
    for step in ("reopen", "assess", "propose", "approve", "reclaim"):
        claim.do(step)
    return claim


def test_every_decision_is_repeated_and_printed(at: Desk) -> None:
    decided_twice(at)
    found = alis("replay", "--claim", "1804-2026", ALIS_DATABASE_URL=at.url).json
    assert (found["claim"], found["identical"]) == ("1804-2026", True)
    first, second = found["decisions"]
    assert (first["decision"], first["identical"], first["first_difference"]) == (1, True, None)
    assert [each["result"]["lines"][0]["total"] for each in (first, second)] == [378_656, 283_992]


def test_a_claim_without_a_decision_has_nothing_that_differs(at: Desk) -> None:
    claiming(at).submitted()
    found = alis("replay", "--claim", "1804-2026", ALIS_DATABASE_URL=at.url).json
    assert found == {"claim": "1804-2026", "identical": True, "decisions": []}


def test_in_words_where_that_is_asked_for(at: Desk) -> None:
    decided_twice(at)
    ended = alis("replay", "--claim", "1804-2026", "--format", "table", ALIS_DATABASE_URL=at.url)
    assert ended.out.splitlines() == [
        "Tilskuddssøknad 1804-2026",
        "Vedtak 1, vurdering 1: likt, byte for byte",
        "Vedtak 2, vurdering 2: likt, byte for byte",
    ]


def forge(at: Desk, claim: Claiming, kroner: int) -> None:
    """Decide on something else than what was computed, past every decision: as a broken program would."""
    recorded = at.casework.claims.events(claim.name)
    [made] = [each.event for each in recorded if isinstance(each.event, ClaimAssessed)]
    [line] = made.lines
    forged = made.model_copy(
        update={"assessment": 2, "lines": (line.model_copy(update={"amount": kroner, "computed": kroner}),)}
    )
    [proposed] = [each.event for each in recorded if isinstance(each.event, DecisionProposed)]
    [approved] = [each.event for each in recorded if isinstance(each.event, DecisionApproved)]
    number = {"decision": 2, "assessment": 2}
    events: list[ClaimEvent] = [forged, proposed.model_copy(update=number), approved.model_copy(update=number)]
    order = command_by(CASEWORKER)
    after = recorded[-1].originator_version
    new = [Recorded(claim_id("1804", "2026"), after + n, e, order.origin()) for n, e in enumerate(events, start=1)]
    at.store.append(new, CommandRecord(order.id, order.request, "{}", order.actor.subject))


def test_a_decision_that_does_not_come_out_the_same_fails_and_its_first_place_is_named(at: Desk) -> None:
    claim = claiming(at).paid()
    claim.do("reopen", reason_code="complaint", reason="kommunen har klaget")
    forge(at, claim, 400_000)
    ended = alis("replay", "--claim", "1804-2026", ALIS_DATABASE_URL=at.url)
    assert ended.code == 1
    assert "$.lines[0].amount" in ended.out
    assert '"identical": false' in ended.out
    assert "ble ikke likt" in ended.err


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (("--claim", "1804-2025"), "1804-2025"),
        (("--claim", "bodø"), "bodø"),
        (("--claim", "1804-2026", "--trace"), "--trace"),
        (("--claim", "1804-2026", "--known-at", "2026-07-01T00:00:00Z"), "--known-at"),
    ],
)
def test_what_cannot_be_repeated_is_refused(at: Desk, asked: tuple[str, ...], word: str) -> None:
    claiming(at).opened()
    assert word in refused("replay", *asked, ALIS_DATABASE_URL=at.url)
