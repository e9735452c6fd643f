"""A decision is opened again for what is known now, or because it was wrong itself; another person approves the new."""

import pytest

from deploy.clock import now
from domain.casework.commands.commands import Actor
from domain.claim.rights.step import Acting
from domain.claim.steps.possible import PossibleStep, possible_steps
from domain.claim.stream.state import Status
from projections.claims.claim_sentences import sentence
from projections.claims.claims import events_of
from tests.claiming import APPROVER, CASEWORKER, NAME, Claiming, claiming
from tests.desk import Desk, refusal
from tests.recorded_decisions import publish_the_final_rates, reopened_for_an_error
from tests.scenario import Json, full_time

DOCTOR = full_time("2025-06-01")
WHOLE = 378_656
REFUSED: Json = {
    "hpr": "9000001",
    "outcome": "refused",
    "kroner": 0,
    "reason_code": "documentation_missing",
    "reason": "avtalen mangler",
}
ERROR: Json = {"reason_code": "error_in_decision", "reason": "avtalen lå ved hele tiden"}


def refused_by_mistake(at: Desk) -> Claiming:
    at.imports(DOCTOR.facts)
    claim = claiming(at).assessed()
    claim.do("propose", lines=[REFUSED])
    claim.do("approve")
    return claim


def possible(claim: Claiming, who: Actor) -> list[PossibleStep]:
    claims = claim.at.casework.claims
    return possible_steps(claim.state, Acting(NAME, who, now()), claims.beforehand(claims.claim(NAME), who, now()))


def last_code(claim: Claiming) -> object:
    return claim.at.casework.claims.events(NAME)[-1].event.model_dump(mode="json")["reason_code"]


def test_a_line_refused_by_mistake_is_granted_after_reopening_for_an_error_in_the_decision(at: Desk) -> None:
    claim = reopened_for_an_error(at)
    assert [decision.total for decision in claim.state.decisions] == [0, WHOLE]
    assert (claim.status, claim.state.outstanding) == (Status.DECIDED, WHOLE)
    told = [sentence(event) for event in events_of(at.casework.claims.events(NAME))]
    assert "Søknaden ble gjenåpnet på grunn av feil i vedtaket." in told


def test_where_nothing_is_another_only_an_error_or_a_complaint_opens_a_decision_again(at: Desk) -> None:
    claim = refused_by_mistake(at)
    for code in (None, "later_knowledge", "new_rates"):
        fields = {} if code is None else {"reason_code": code}
        assert refusal(lambda fields=fields: claim.do("reopen", **fields)) == "nothing-affected"  # type: ignore[misc]
    [reopen] = [each for each in possible(claim, CASEWORKER) if each.step == "reopen"]
    assert reopen.refusal is None
    claim.do("reopen", reason_code="complaint", reason="kommunen har klaget")
    assert claim.status is Status.REOPENED


def test_what_the_revisor_found_opens_a_decision_again_only_where_the_revisor_found_something(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).attested()
    because: Json = {"reason_code": "revisor_found", "reason": "avvik"}
    assert refusal(lambda: claim.do("reopen", **because)) == "revisor-found-nothing"
    decided = claim.state.decided
    assert decided
    line = {"hpr": "9000001", "digest": decided.assessment.lines["9000001"].digest, "finding": "deviation"}
    claim.do("attest", lines=[line | {"kroner": WHOLE, "remark": "Avtalen gjelder en annen."}])
    claim.do("reopen", **because)
    assert last_code(claim) == "revisor_found"


def test_a_refused_line_stays_refused_unless_it_is_named(at: Desk) -> None:
    claim = refused_by_mistake(at)
    claim.do("reopen", **ERROR)
    claim.do("assess")
    assert refusal(lambda: claim.do("propose")) == "granted-less-before"


@pytest.mark.parametrize("code", ["error_in_decision", "complaint"])
def test_whoever_opens_a_decision_again_because_it_was_wrong_does_not_approve_the_new_one(at: Desk, code: str) -> None:
    claim = refused_by_mistake(at)
    ada = Actor("saksbehandler:ada", "caseworker", None)
    claim.do("reopen", by=ada, reason_code=code, reason="vedtaket var feil")
    claim.do("assess")
    claim.do("propose", lines=[{"hpr": "9000001", "outcome": "granted", "kroner": WHOLE}])
    same = Actor("godkjenner:ADA", "approver", None)
    assert refusal(lambda: claim.do("approve", by=same)) == "same-person-reopened"
    [approve] = [each for each in possible(claim, same) if each.step == "approve"]
    assert approve.refusal
    assert approve.refusal.code == "same-person-reopened"
    claim.do("approve", by=APPROVER)
    assert claim.state.reopened is None


def test_who_says_no_code_opens_again_for_what_is_another(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).paid()
    at.imports([DOCTOR.known("2026-08-20").leave("l1", "2026-01-10", "2026-02-05").facts[-1]])
    claim.do("reopen")
    assert last_code(claim) == "later_knowledge"


def test_who_says_no_code_opens_again_for_new_rates_where_they_alone_are_others(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    claim = claiming(at).paid()
    publish_the_final_rates(at)
    claim.do("reopen")
    assert last_code(claim) == "new_rates"
