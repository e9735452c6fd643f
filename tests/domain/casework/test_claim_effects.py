"""What becomes known later: which decisions and signed lines it changes, by how much, and what it leaves alone."""

from domain.claim.stream.state import Status
from tests.claiming import CASEWORKER, Claiming, claiming
from tests.desk import Desk, refusal
from tests.projections.house import House, content_of, with_value
from tests.scenario import Json, full_time

GRANTED = 378_656
DOCTOR = full_time("2025-06-01")
LATER = DOCTOR.known("2026-08-20")
LEAVE = LATER.leave("l1", "2026-01-10", "2026-02-05").facts[-1]
"""Ten of twelve months are left: 315 547."""
TITLE = LATER.changed("p1", "2026-01-01", title="overlege").facts[-1] | {"id": "title"}
AFTER_LEAVE = 315_547


def with_one_doctor(at: Desk) -> Claiming:
    at.imports(DOCTOR.facts)
    return claiming(at)


def effect(claim: Claiming) -> Json:
    found = claim.at.casework.claims.effect(claim.name)
    assert found is not None
    return found.as_json()


def states(claim: Claiming) -> list[list[str]]:
    """The state of each signed line, statement by statement."""
    return [[line["state"] for line in each["lines"]] for each in claim.at.casework.claims.statements(claim.name)]


# ---------------------------------------------------------------- the effect


def test_a_claim_that_is_not_decided_has_no_effect(at: Desk) -> None:
    claim = with_one_doctor(at).assessed()
    assert at.casework.claims.effect(claim.name) is None


def test_a_fact_that_changes_no_line_has_no_effect(at: Desk) -> None:
    claim = with_one_doctor(at).decided()
    at.imports([TITLE])
    assert effect(claim)["lines"] == []
    assert refusal(lambda: claim.do("reopen")) == "nothing-affected"


def test_the_effect_shows_the_earliest_month_old_and_new_kroner_and_the_cause(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    at.imports([TITLE, LEAVE])
    found = effect(claim)
    assert (found["decided"], found["settled"], found["would_grant"]) == (GRANTED, GRANTED, AFTER_LEAVE)
    assert found["outstanding"] == found["difference"] == AFTER_LEAVE - GRANTED
    assert found["first_month"] == "2026-01"
    [line] = found["lines"]
    assert [(m["month"], m["before"]["kroner"], m["after"]["kroner"]) for m in line["months"]] == [
        ("2026-01", 31_554, 0),
        ("2026-02", 31_555, 0),
    ]
    [cause] = line["causes"]
    assert (cause["kind"], cause["kroner"], [fact["id"] for fact in cause["facts"]]) == (
        "fact",
        AFTER_LEAVE - GRANTED,
        [LEAVE["id"]],
    )


def test_a_fact_stored_after_the_decision_that_changes_it_is_a_finding(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    at.imports([LEAVE])
    [line] = effect(claim)["lines"]
    assert line["findings"] == [
        {
            "code": "recorded_after_decision",
            "severity": "warning",
            "months": ["2026-01", "2026-02"],
            "facts": [LEAVE["id"]],
            "text": "Opplysninger som er lagret etter vedtaket, endrer linjen fra januar 2026: "
            "63\u2009109 kroner mindre. Det gjøres om når søknaden er gjenåpnet og et nytt vedtak er godkjent.",
        }
    ]


def test_other_rates_change_every_month_and_are_told_parameter_by_parameter(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    other = with_value(content_of("nasjonal-alis-2026-provisional", id="other-2026"), "learning_activities", "15000")
    House(at.url, at.store, at.casework).publishes_another(other)
    found = effect(claim)
    assert found["rules"] == {"decided": "nasjonal-alis-2026-provisional", "now": "other-2026"}
    [line] = found["lines"]
    # 1 000 kroner and the five per cent of them
    assert (found["difference"], line["first_month"], line["unchanged"]["months"]) == (1_050, "2025-06", [])
    [cause] = line["causes"]
    assert (cause["kind"], cause["kroner"]) == ("parameter", 1_050)
    assert [each["parameter"] for each in cause["parameters"]] == ["values.learning_activities"]
    assert line["findings"] == []
    claim.do("reopen")
    decided_anew(claim)
    claim.do("pay")
    assert claim.state.settled == GRANTED + 1_050
    assert at.casework.claims.repeat(claim.name).identical


def test_earlier_months_are_proved_unchanged(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    at.imports([LEAVE])
    [line] = effect(claim)["lines"]
    proof = line["unchanged"]
    assert proof["months"] == [f"2025-{month:02}" for month in range(6, 13)]
    assert proof["identical"]
    assert proof["digest_before"] == proof["digest_after"]


def test_causes_are_told_in_the_order_recorded_and_sum_to_the_difference(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    told = LATER.leave("l1", "2026-01-10", "2026-02-05").changed("p1", "2026-03-01", percent=50)
    at.imports(told.facts[-2:])
    found = effect(claim)
    [line] = found["lines"]
    assert [[fact["id"] for fact in cause["facts"]] for cause in line["causes"]] == [["4"], ["5"]]
    assert sum(cause["kroner"] for cause in line["causes"]) == found["difference"]


def test_a_correction_back_takes_the_effect_away(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    at.imports([LEAVE])
    assert effect(claim)["lines"]
    at.imports([LATER.leave("l1", "2026-01-10", "2026-02-05").withdrawn("4").facts[-1]])
    assert effect(claim)["lines"] == []


def test_a_line_that_got_less_than_it_could_would_get_no_more_than_it_got(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    why = {"reason_code": "documentation_missing", "reason": "bilag mangler"}
    claim = claiming(at).assessed()
    claim.do("propose", lines=[{"hpr": "9000001", "outcome": "partly_granted", "kroner": 1_000, **why}])
    for step in ("approve", "pay"):
        claim.do(step)
    at.imports([LEAVE])
    found = effect(claim)
    assert (found["would_grant"], found["difference"]) == (1_000, 0)


def test_only_what_is_applied_for_counts(at: Desk) -> None:
    claim = with_one_doctor(at).opened()
    applied = {"basis": "agreement", "first_month": "2025-06", "last_month": "2025-12", "supplement": False}
    claim.do("confirm_line", hpr="9000001", applied=applied)
    for step in ("submit", "assess", "propose", "approve", "pay"):
        claim.do(step)
    at.imports([LEAVE])
    found = effect(claim)
    [line] = found["lines"]
    assert (found["difference"], line["kroner"]["difference"]) == (0, 0)
    assert line["first_month"] == "2026-01"


# ---------------------------------------------------------------- after payment, attestation, closing


def decided_anew(claim: Claiming) -> None:
    for step in ("assess", "propose", "approve"):
        claim.do(step)


def test_a_late_correction_after_payment_reclaims_what_was_too_much(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    at.imports([LEAVE])
    claim.do("reopen")
    decided_anew(claim)
    assert claim.state.outstanding == AFTER_LEAVE - GRANTED
    assert refusal(lambda: claim.do("pay")) == "to-be-reclaimed"
    claim.do("reclaim")
    assert (claim.status, claim.state.settled) == (Status.PAID, AFTER_LEAVE)
    assert effect(claim)["lines"] == []


def test_a_late_correction_after_attestation_makes_exactly_that_line_stale(at: Desk) -> None:
    other = [fact | {"hpr": "9000002"} for fact in DOCTOR.facts]
    at.imports([*DOCTOR.facts, *other])
    claim = claiming(at).attested()
    assert states(claim) == [["stands", "stands"]]
    at.imports([TITLE, LEAVE])
    assert states(claim) == [["stale", "stands"]]
    [statement] = at.casework.claims.statements(claim.name)
    [cause] = statement["lines"][0]["causes"]
    assert [fact["id"] for fact in cause["facts"]] == [LEAVE["id"]]
    assert cause["kroner"] == AFTER_LEAVE - GRANTED
    assert refusal(lambda: claim.do("accept_report")) == "attestation-stale"


def test_a_new_statement_replaces_and_the_old_one_stays_readable(at: Desk) -> None:
    claim = with_one_doctor(at).attested()
    at.imports([LEAVE])
    claim.do("reopen")
    decided_anew(claim)
    claim.do("reclaim")
    assert states(claim) == [["stale"]]
    claim.do("attest", place="Fauske")
    assert states(claim) == [["replaced"], ["stands"]]
    old, new = at.casework.claims.statements(claim.name)
    assert (old["place"], new["place"], old["lines"][0]["replaced_by"]) == ("Bodø", "Fauske", 2)
    claim.do("accept_report")


def test_a_late_correction_after_closing_opens_the_claim_again_and_closes_it(at: Desk) -> None:
    claim = with_one_doctor(at).closed()
    at.imports([LEAVE])
    claim.do("reopen")
    decided_anew(claim)
    claim.do("reclaim")
    for step in ("attest", "accept_report", "close"):
        claim.do(step)
    assert (claim.status, claim.state.settled) == (Status.CLOSED, AFTER_LEAVE)
    assert at.casework.claims.repeat(claim.name).identical


def test_more_is_paid_where_later_facts_give_more(at: Desk) -> None:
    at.imports(DOCTOR.leave("l1", "2026-01-10", "2026-02-05").facts)
    claim = claiming(at).closed()
    at.imports([LATER.leave("l1", "2026-01-10", "2026-02-05").withdrawn("4").facts[-1]])
    assert effect(claim)["outstanding"] == GRANTED - AFTER_LEAVE
    claim.do("reopen")
    decided_anew(claim)
    assert refusal(lambda: claim.do("reclaim")) == "to-be-paid"
    claim.do("pay")
    assert claim.state.settled == GRANTED


def test_the_event_of_the_reopening_holds_the_effect(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    at.imports([LEAVE])
    claim.do("reopen")
    told = at.casework.claims.events(claim.name)[-1].event.model_dump(mode="json")
    assert told["effects"] == [
        {
            "hpr": "9000001",
            "first_month": "2026-01",
            "before": GRANTED,
            "after": AFTER_LEAVE,
            "facts": [LEAVE["id"]],
        }
    ]


def test_a_reassessment_needs_four_eyes_too(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    at.imports([LEAVE])
    claim.do("reopen")
    claim.do("assess")
    claim.do("propose")
    approver_who_proposed = CASEWORKER.acting("godkjenner:ab", "approver")
    assert refusal(lambda: claim.do("approve", by=approver_who_proposed)) == "same-person"
    claim.do("approve")


def test_a_reassessment_that_is_outdated_again_cannot_be_approved(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    at.imports([LEAVE])
    claim.do("reopen")
    claim.do("assess")
    claim.do("propose")
    at.imports([LATER.leave("l1", "2026-01-10", "2026-02-05").withdrawn("4").facts[-1]])
    assert refusal(lambda: claim.do("approve")) == "assessment-outdated"


def test_what_is_applied_for_anew_changes_nothing_of_what_later_knowledge_makes_of_the_decision(at: Desk) -> None:
    claim = with_one_doctor(at).paid()
    at.imports([LEAVE])
    before = effect(claim)
    claim.do("reopen")
    applied = {"basis": "agreement", "first_month": "2025-06", "last_month": "2025-12", "supplement": False}
    claim.do("confirm_line", hpr="9000001", applied=applied)
    assert effect(claim) == before
    decided_anew(claim)
    # seven months
    assert (claim.state.outstanding, effect(claim)["lines"]) == (220_883 - GRANTED, [])
