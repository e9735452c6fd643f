"""Steps as commands: repeated, at once, on doctors and claim in one save; and what of them is personal."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final

import pytest
from pydantic_core import to_json

from deploy.clock import new_id
from domain.casework.claims.claims import ClaimReceipt
from domain.claim.steps.decide import decide
from domain.claim.steps.registry import STEP
from domain.claim.stream.events import (
    ClaimEvent,
    ClaimPaid,
    ClaimReturned,
    DecisionApproved,
    LineCostsReported,
    ReportAccepted,
)
from domain.claim.stream.state import Status
from domain.doctor.facts.absence import LeaveRegistered
from domain.doctor.facts.accounts import CostsReported
from domain.store import CommandRecord, Conflict, IfNoTieSince, IfUnchangedSince, Recorded
from domain.values.refusals.refusal import Refused
from domain.values.streams import claim_id, track_id
from tests.claiming import CASEWORKER, FIELDS, MUNICIPALITY, NAME, Claiming, claiming, command_by
from tests.desk import Desk, guidance, refusal
from tests.scenario import Json, full_time

NOW: Final = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture
def claim(at: Desk) -> Claiming:
    """Bodø's claim of one doctor."""
    at.imports(full_time("2025-06-01").facts)
    return claiming(at)


def all_in(at: Desk) -> tuple[int, int, int]:
    """How many events, commands and keys there are."""
    [row] = at.asks(
        "SELECT (SELECT count(*) FROM events) AS e, (SELECT count(*) FROM commands) AS c,"
        " (SELECT count(*) FROM doctor_keys) AS k"
    )
    return row["e"], row["c"], row["k"]


def ask(claim: Claiming, step: str, order: object = None, **fields: object) -> ClaimReceipt:
    asked = STEP.validate_json(to_json({"type": step, **FIELDS.get(step, {}), **fields}))
    return claim.at.casework.claims.do(NAME, asked, order or command_by(CASEWORKER), NOW)  # type: ignore[arg-type]


# ---------------------------------------------------------------- repeated


def test_a_command_that_is_repeated_after_a_lost_answer_gets_its_first_answer(claim: Claiming) -> None:
    claim.submitted()
    order = command_by(CASEWORKER, request="vurder")
    first = ask(claim, "assess", order)
    claim.do("propose")
    before = all_in(claim.at)
    assert ask(claim, "assess", order) == first
    assert all_in(claim.at) == before
    assert claim.status is Status.PROPOSED


def test_a_repeated_command_that_would_be_possible_again_is_not_done_again(claim: Claiming) -> None:
    claim.submitted()
    order = command_by(CASEWORKER, request="vurder")
    assert ask(claim, "assess", order) == ask(claim, "assess", order)
    assert claim.state.assessments.times == {1: 1}


def test_costs_that_are_reported_again_by_the_same_command_are_recorded_once(claim: Claiming) -> None:
    claim.opened()
    order = command_by(MUNICIPALITY, request="kostnader")
    assert ask(claim, "report_costs", order) == ask(claim, "report_costs", order)
    assert len(claim.at.casework.doctor("9000001")) == 4


def test_the_id_of_a_command_stands_for_one_request(claim: Claiming) -> None:
    claim.submitted()
    used = new_id()
    ask(claim, "assess", command_by(CASEWORKER, used, "vurder"))
    again = command_by(CASEWORKER, used, "noe annet")
    assert refusal(lambda: ask(claim, "assess", again)) == "command-id-reused"


def test_what_is_refused_stores_nothing(claim: Claiming) -> None:
    claim.opened()
    before = all_in(claim.at)
    for step in ("assess", "approve", "report_costs", "close", "accept_report"):
        with pytest.raises(Refused):
            claim.do(step, by=CASEWORKER)
    assert all_in(claim.at) == before


# ---------------------------------------------------------------- at once


def outcomes(*asked: Callable[[], object]) -> list[str]:
    """What came of several steps at once: `done`, or the code of the refusal, in order of the alphabet."""

    def one(ask: Callable[[], object]) -> str:
        try:
            ask()
        except Refused as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(asked)) as pool:
        return sorted(pool.map(one, asked))


def test_of_two_caseworkers_at_once_who_saw_the_same_one_is_told_to_read_again(claim: Claiming) -> None:
    claim.assessed()
    seen = claim.stored.version
    found = outcomes(lambda: claim.do("propose", expects=seen), lambda: claim.do("return", expects=seen))
    assert found == ["changed-meanwhile", "done"]


def test_of_two_who_do_the_same_at_once_one_does_it(claim: Claiming) -> None:
    claim.assessed()
    assert outcomes(*[lambda: claim.do("propose")] * 4) == ["already-proposed"] * 3 + ["done"]
    assert outcomes(*[lambda: claim.do("approve")] * 4) == ["already-decided"] * 3 + ["done"]
    assert outcomes(*[lambda: claim.do("pay", kroner=378_656)] * 4) == ["already-paid"] * 3 + ["done"]
    assert claim.state.settled == 378_656


def test_costs_and_another_fact_of_the_same_doctor_at_once_are_both_stored(claim: Claiming) -> None:
    claim.opened()
    told = full_time("2025-06-01").leave("l1", "2026-01-01", "2026-01-31")
    found = outcomes(lambda: claim.do("report_costs"), lambda: claim.at.records(told.facts[-1]))
    assert found == ["done", "done"]
    assert claim.at.is_gap_free("9000001")


@pytest.mark.parametrize("turn", range(6))
def test_an_approval_and_a_fact_at_once_never_pass_each_other_unseen(claim: Claiming, turn: int) -> None:
    claim.proposed()
    leave = full_time("2025-06-01").leave("l1", f"2026-0{1 + turn % 5}-01", "2026-05-31").facts[-1]
    found = outcomes(lambda: claim.do("approve"), lambda: claim.at.records(leave))
    approved = [e.position for e in claim.at.casework.claims.events(NAME) if isinstance(e.event, DecisionApproved)]
    [known] = [e.position for e in claim.at.casework.doctor("9000001") if isinstance(e.event, LeaveRegistered)]
    assert found == (["done", "done"] if approved else ["assessment-outdated", "done"])
    assert all(position and known and position < known for position in approved)


@pytest.mark.parametrize("turn", range(6))
def test_a_report_accepted_and_a_fact_at_once_never_pass_each_other_unseen(claim: Claiming, turn: int) -> None:
    claim.attested()
    leave = full_time("2025-06-01").leave("l1", f"2026-0{1 + turn % 5}-01", "2026-05-31").facts[-1]
    found = outcomes(lambda: claim.do("accept_report"), lambda: claim.at.records(leave))
    accepted = [e.position for e in claim.at.casework.claims.events(NAME) if isinstance(e.event, ReportAccepted)]
    [known] = [e.position for e in claim.at.casework.doctor("9000001") if isinstance(e.event, LeaveRegistered)]
    assert found == (["done", "done"] if accepted else ["attestation-stale", "done"])
    assert all(position and known and position < known for position in accepted)


def test_a_fact_that_comes_while_a_report_is_accepted_is_seen(claim: Claiming, monkeypatch: pytest.MonkeyPatch) -> None:
    claim.attested()
    claims, leave = claim.at.casework.claims, full_time("2025-06-01").leave("l1", "2026-01-01", "2026-05-31").facts[-1]
    asked: list[object] = []

    def meanwhile(*told: object) -> object:
        if not asked:
            claim.at.records(leave)
        asked.append(told)
        return decide(*told)  # type: ignore[arg-type]

    monkeypatch.setattr("domain.casework.claims.claims.decide", meanwhile)
    assert refusal(lambda: claim.do("accept_report")) == "attestation-stale"
    assert len(asked) == 2
    assert not [each for each in claims.events(NAME) if isinstance(each.event, ReportAccepted)]


@pytest.mark.parametrize("turn", range(4))
def test_a_payment_and_a_fact_at_once_never_pass_each_other_unseen(claim: Claiming, turn: int) -> None:
    claim.decided()
    leave = full_time("2025-06-01").leave("l1", f"2026-0{1 + turn}-01", "2026-05-31").facts[-1]
    found = outcomes(lambda: claim.do("pay"), lambda: claim.at.records(leave))
    paid = [e.position for e in claim.at.casework.claims.events(NAME) if isinstance(e.event, ClaimPaid)]
    [known] = [e.position for e in claim.at.casework.doctor("9000001") if isinstance(e.event, LeaveRegistered)]
    assert found == (["done", "done"] if paid else ["another-amount-known", "done"])
    assert all(position and known and position < known for position in paid)


def test_a_payment_of_which_another_amount_is_known_is_kept_with_its_reason_sealed(claim: Claiming) -> None:
    claim.decided()
    claim.at.records(full_time("2025-06-01").leave("l1", "2026-01-01", "2026-05-31").facts[-1])
    assert refusal(lambda: claim.do("pay")) == "another-amount-known"
    claim.do("pay", reason="permisjonen er ikke bekreftet")
    [paid] = [e.event for e in claim.at.casework.claims.events(NAME) if isinstance(e.event, ClaimPaid)]
    assert (paid.event_topic, paid.reason) == ("claim.paid.v2", "permisjonen er ikke bekreftet")
    rows = claim.at.asks("SELECT payload FROM events WHERE topic = 'claim.paid.v2'")
    assert b"bekreftet" not in bytes(rows[0]["payload"])


def test_nothing_is_appended_unless_what_was_read_is_all_there_is(claim: Claiming) -> None:
    claim.opened()
    store, order = claim.at.store, command_by(MUNICIPALITY)
    [opened, *_] = claim.at.casework.claims.events(NAME)
    read = store.last_position() or 0
    new = Recorded(claim_id("1804", "2026"), 3, opened.event, order.origin())
    kept = CommandRecord(order.id, order.request, "{}", order.actor.subject)
    claim.at.records(guidance(1))
    before = all_in(claim.at)
    holds = IfUnchangedSince([track_id("9000002")], [claim_id("1804", "2026")], read)
    for broken in (
        IfUnchangedSince([track_id("9000001")], [], read),
        IfUnchangedSince([], [claim_id("1804", "2026")], 0),
    ):
        with pytest.raises(Conflict):
            store.append([new], kept, conditions=[holds, broken])
        assert all_in(claim.at) == before
    store.append([new], kept, conditions=[holds, IfNoTieSince(0)])
    assert all_in(claim.at)[0] == before[0] + 1


# ---------------------------------------------------------------- costs


def costs_told(claim: Claiming) -> list[Json]:
    events = [each.event for each in claim.at.casework.claims.events(NAME)]
    return [each.model_dump(mode="json") for each in events if isinstance(each, LineCostsReported)]


def test_reported_costs_are_facts_of_the_doctor_that_the_claim_names(claim: Claiming) -> None:
    spent = [{"element": "supervision", "kroner": 90_000}, {"element": "learning_activities", "kroner": 14_000}]
    claim.opened().do("report_costs", costs=spent)
    [told] = costs_told(claim)
    facts = {each.event.id: each.event for each in claim.at.casework.doctor("9000001")}  # type: ignore[attr-defined]
    for cost, told_cost in zip(spent, told["costs"], strict=True):
        fact = facts[told_cost["fact"]]
        assert isinstance(fact, CostsReported)
        assert {"element": fact.element, "kroner": fact.kroner} == cost
        assert (fact.municipality, fact.round, fact.project_code) == ("1804", "2026", "P-17")


def test_the_claim_and_the_doctor_are_saved_together_or_not_at_all(claim: Claiming) -> None:
    claim.opened()
    before = all_in(claim.at)
    wrong = [{"element": "supervision", "kroner": 1}, {"element": "centrality", "kroner": 1}]
    assert refusal(lambda: claim.do("report_costs", costs=wrong)) == "unknown-element"
    twice = [{"element": "supervision", "kroner": 1}] * 2
    assert refusal(lambda: claim.do("report_costs", costs=twice)) == "element-twice"
    assert all_in(claim.at) == before


# ---------------------------------------------------------------- opening


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("9999-2026", "unknown-municipality"),
        ("1507-2024", "municipality-ended"),
        ("1804-2019", "no-rule-set"),
        ("1804", "unknown-claim"),
        ("1804-", "unknown-claim"),
        ("180-2026", "unknown-claim"),
        ("１８０４-2026", "unknown-claim"),  # noqa: RUF001 - digits, but not of the Latin alphabet
    ],
)
def test_a_claim_is_of_a_municipality_and_a_round_that_there_are(claim: Claiming, name: str, code: str) -> None:
    mine = MUNICIPALITY.acting(f"kommune:{name.partition('-')[0]}")
    assert refusal(lambda: claim.for_claim(name).do("open", by=mine)) == code


def test_a_claim_nobody_opened_is_not_there(claim: Claiming) -> None:
    assert refusal(lambda: claim.stored) == "unknown-claim"
    assert refusal(lambda: claim.do("submit")) == "unknown-claim"
    assert refusal(lambda: claim.at.casework.claims.events(NAME)) == "unknown-claim"
    assert refusal(lambda: claim.at.casework.claims.repeat(NAME)) == "unknown-claim"


# ---------------------------------------------------------------- personal

WORDS: Final = ("Kari", "mangler", "avtale.pdf", "Revisor", "bilag", "avstemt", "vedtaket")


def test_nothing_that_people_wrote_lies_in_the_log_in_clear(claim: Claiming) -> None:
    claim.submitted().do("return", lines=[{"hpr": "9000001", "remark": "bilag 7 gjelder en annen"}])
    claim.do("submit")
    claim.do("assess")
    claim.do("propose")
    claim.do("approve")
    claim.do("pay")
    claim.do("attach_document")
    claim.do("attest")
    rows = claim.at.asks("SELECT payload FROM events WHERE stream = %s", claim_id("1804", "2026"))
    payloads = b"".join(bytes(row["payload"]) for row in rows).decode()
    assert [word for word in WORDS if word in payloads] == []
    assert [row for row in claim.at.asks("SELECT result FROM commands") if "Kari" in row["result"]] == []


def returned(claim: Claiming) -> ClaimReturned:
    [event] = [e.event for e in claim.at.casework.claims.events(NAME) if isinstance(e.event, ClaimReturned)]
    return event


def test_without_the_doctors_key_what_was_written_of_the_line_alone_is_gone(claim: Claiming) -> None:
    claim.submitted().do("return", lines=[{"hpr": "9000001", "remark": "bilag 7 gjelder en annen"}])
    claim.at.asks("DELETE FROM doctor_keys WHERE doctor = %s", track_id("9000001"))
    claim.at.store.keys.forget(track_id("9000001"))
    found = returned(claim)
    assert (found.reason, found.lines[0].remark) == ("avtalen mangler", "(slettet)")


def test_without_its_own_key_what_was_written_of_the_whole_claim_is_gone_and_its_decisions_repeat(
    claim: Claiming,
) -> None:
    claim.submitted().do("return", lines=[{"hpr": "9000001", "remark": "bilag 7 gjelder en annen"}])
    for step in ("submit", "assess", "propose", "approve"):
        claim.do(step)
    for owner in (claim_id("1804", "2026"), track_id("9000001")):
        claim.at.asks("DELETE FROM doctor_keys WHERE doctor = %s", owner)
        claim.at.store.keys.forget(owner)
    assert (returned(claim).reason, returned(claim).lines[0].remark) == ("(slettet)", "(slettet)")
    assert claim.at.casework.claims.repeat(NAME).identical


def test_the_state_that_is_remembered_holds_no_text_that_people_wrote(claim: Claiming) -> None:
    claim.assessed()
    why = {"reason_code": "other", "reason": "vedtaket gjelder bare veiledning"}
    claim.do("propose", lines=[{"hpr": "9000001", "outcome": "partly_granted", "kroner": 1_000, **why}])
    claim.do("approve")
    assert "bare veiledning" not in repr(claim.state)


def test_the_chain_holds_over_the_events_of_claims_too(claim: Claiming) -> None:
    claim.attested()
    _, events = claim.at.store.verify()
    assert events == all_in(claim.at)[0]
    assert all(isinstance(each.event, ClaimEvent) for each in claim.at.casework.claims.events(NAME))
