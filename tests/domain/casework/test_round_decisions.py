"""The whole round computed from the log, each municipality's result checked against the decision in force."""

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from domain.claim.lines.checking import Checked, check
from tests.claiming import Claiming, claiming
from tests.desk import Desk
from tests.golden_cases import CASES
from tests.projections.house import House, content_of, with_value
from tests.scenario import BEIARN, BODO, ROUND, Json, full_time, track

OWN = [case.of(f"{9_100_001 + n}") for n, case in enumerate(CASES)]
FIRST = full_time("2025-06-01")
SECOND = track("2025-06-01", hpr="9000002").position("p1", BODO).agreement("a1", BODO)
ELSEWHERE = track("2025-06-01", hpr="9000003").position("p1", BEIARN).agreement("a1", BEIARN)
LEAVE = FIRST.known("2026-08-20").leave("l1", "2026-01-10", "2026-02-05").facts[-1]
TITLE = FIRST.known("2026-08-20").changed("p1", "2026-01-01", title="overlege").facts[-1]


@pytest.fixture
def claims(at: Desk) -> list[Claiming]:
    """Two municipalities, each with a claim that nobody has opened."""
    at.imports([*FIRST.facts, *SECOND.facts, *ELSEWHERE.facts])
    return [claiming(at).of(BODO), claiming(at).of(BEIARN)]


def decisions(at: Desk, known_at: str | None = None) -> dict[str, Json | None]:
    """What is told of the decision beside each municipality's result; None where nothing is."""
    return {each["municipality"]: each.get("decision") for each in at.replays_all(known_at)}


def told(where: str, *others: str, number: int = 1) -> Json:
    return {"claim": f"{where}-{ROUND}", "number": number, "holds": not others, "lines": list(others)}


def test_what_was_decided_on_every_golden_case_is_what_is_computed_now(at: Desk) -> None:
    at.imports(fact for case in OWN for fact in case.facts)
    before = at.replays_all()
    for each in before:
        claiming(at).of(each["municipality"]).assessed().decided_as_assessed()
    assert at.replays_all() == [{**each, "decision": told(each["municipality"])} for each in before]
    assert sum(len(each["lines"]) for each in before) >= len(OWN)


def test_a_claim_without_a_decision_has_nothing_to_check(at: Desk, claims: list[Claiming]) -> None:
    bodo, beiarn = claims
    bodo.proposed()
    beiarn.decided()
    assert decisions(at) == {BODO: None, BEIARN: told(BEIARN)}


def test_a_late_fact_is_told_of_exactly_the_line_that_it_changes(at: Desk, claims: list[Claiming]) -> None:
    for each in claims:
        each.decided()
    at.imports([LEAVE])
    assert decisions(at) == {BODO: told(BODO, "9000001"), BEIARN: told(BEIARN)}


def test_a_late_fact_that_changes_no_line_leaves_the_decision_as_it_is(at: Desk, claims: list[Claiming]) -> None:
    claims[0].decided()
    at.imports([TITLE])
    assert decisions(at)[BODO] == told(BODO)


def test_the_decision_that_came_last_is_the_one_in_force(at: Desk, claims: list[Claiming]) -> None:
    claim = claims[0].paid()
    at.imports([LEAVE])
    claim.do("reopen")
    assert decisions(at)[BODO] == told(BODO, "9000001")
    for step in ("assess", "propose", "approve"):
        claim.do(step)
    assert decisions(at)[BODO] == told(BODO, number=2)


def test_a_moment_is_checked_against_what_was_decided_and_known_by_then(at: Desk, claims: list[Claiming]) -> None:
    claims[0].decided()
    at.imports([LEAVE])
    assert decisions(at, "2026-07-31T23:00:00Z")[BODO] is None
    assert decisions(at, "2026-08-10T00:00:00Z")[BODO] == told(BODO)
    assert decisions(at, "2026-08-21T00:00:00Z")[BODO] == told(BODO, "9000001")


def test_a_decision_whose_last_line_is_gone_is_told_of_too(at: Desk, claims: list[Claiming]) -> None:
    claims[1].decided()
    at.imports(ELSEWHERE.known("2026-08-20").withdrawn("2").withdrawn("3").facts[-2:])
    [found] = [each for each in at.replays_all() if each["municipality"] == BEIARN]
    assert (found["lines"], found["total"], found["decision"]) == ([], 0, told(BEIARN, "9000003"))


def test_the_round_and_the_claim_agree_on_what_has_changed(at: Desk) -> None:
    at.imports(fact for case in OWN for fact in case.facts)
    claims = [claiming(at).of(each["municipality"]).assessed().decided_as_assessed() for each in at.replays_all()]
    at.imports(_away(hpr) for hpr in [hpr for claim in claims for hpr in claim.state.lines][::3])
    affected = {claim: at.casework.claims.effect(claim.name) for claim in claims}
    expected = {
        claim.name.partition("-")[0]: [line.subject.hpr for line in effect.lines]
        for claim, effect in affected.items()
        if effect
    }
    found = decisions(at)
    assert {where: told["lines"] for where, told in found.items() if told} == expected
    assert any(expected.values())


def test_other_rules_change_what_they_pay_for(at: Desk, claims: list[Claiming]) -> None:
    claims[0].decided()
    other = with_value(content_of("nasjonal-alis-2026-provisional", id="other-2026"), "learning_activities", "15000")
    House(at.url, at.store, at.casework).publishes_another(other)
    assert decisions(at)[BODO] == told(BODO, "9000001", "9000002")


def test_a_line_that_pays_other_kroner_for_the_same_months_is_not_as_decided(at: Desk, claims: list[Claiming]) -> None:
    claim = claims[0].decided().state
    decision = claim.decided
    assert decision
    lines = decision.assessment.lines
    less = lines["9000001"].model_copy(update={"amount": 1})
    assessment = replace(decision.assessment, lines={**lines, "9000001": less})
    result = at.casework.replay(BODO, at.casework.book.rule_set(None, ROUND), None).result
    assert check(claim, result) == Checked(claim.name, 1, ())
    assert check(replace(claim, decisions=(replace(decision, assessment=assessment),)), result) == Checked(
        claim.name, 1, ("9000001",)
    )


def test_the_claims_are_read_in_one_question_however_many_they_are(
    at: Desk, claims: list[Claiming], monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = 0
    connection = at.store.datastore.get_connection

    def counted() -> AbstractContextManager[Any]:
        nonlocal questions
        questions += 1
        return connection()

    for each in claims:
        each.decided()
    rules = at.casework.book.rule_set(None, ROUND)
    monkeypatch.setattr(at.store.datastore, "get_connection", counted)
    found = at.casework.replay_round(rules, None)
    assert [each.decision is not None for each in found] == [True, True]
    assert questions == 2, "the claims, and the doctors"


def _away(hpr: str) -> Json:
    leave = FIRST.known("2026-09-01").leave("late", "2025-09-01", "2025-12-31").facts[-1]
    return {**leave, "id": "late", "hpr": hpr}
