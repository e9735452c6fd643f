"""Claims up to the decision: given what has happened, when somebody takes a step, then these events or this refusal."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.claim.steps.registry import STEPS
from domain.claim.stream.state import Status, claim_of
from domain.rules.compare.explain import Side
from tests.claiming import ACTORS, APPLIED, DOCUMENT, WHO
from tests.desk import fact_of
from tests.domain.claim.given import (
    DIGESTS,
    RULES,
    WITH_DEADLINE,
    A,
    B,
    C,
    Given,
    assessed,
    computed,
    confirmed,
    granted,
    partly,
    refused,
    submitted,
)
from tests.scenario import full_time

# ---------------------------------------------------------------- the municipality


def test_a_claim_begins_with_a_line_for_every_doctor_that_is_registered() -> None:
    claim = Given().after("open").claim
    assert (claim.status, claim.municipality, claim.round) == (Status.OPENED, "1804", "2026")
    assert {hpr: line.confirmed for hpr, line in claim.lines.items()} == {A: False, B: False}


def test_lines_are_proposed_again_only_for_doctors_that_are_new() -> None:
    removed = Given().after("open").after("remove_line")
    assert removed.refuses("propose_lines") == "nothing-to-propose"
    assert list(removed.after("add_line", hpr=A).claim.lines) == [B, A]


def test_a_withdrawn_claim_can_be_opened_anew_and_begins_from_nothing() -> None:
    again = submitted().after("withdraw").after("open").claim
    assert (again.status, again.submitted_before, again.removed) == (Status.OPENED, False, frozenset())
    assert not any(line.confirmed for line in again.lines.values())


@pytest.mark.parametrize(
    ("step", "fields", "code"),
    [
        ("confirm_line", {"hpr": C}, "unknown-line"),
        ("confirm_line", {"applied": APPLIED | {"first_month": "2025-05"}}, "months-outside-round"),
        ("confirm_line", {"applied": APPLIED | {"last_month": "2026-06"}}, "months-outside-round"),
        ("add_line", {"hpr": A}, "line-there"),
        ("add_line", {"hpr": C}, "no-position-in-round"),
        ("remove_line", {"hpr": C}, "unknown-line"),
        ("report_costs", {"hpr": C}, "unknown-line"),
        ("attach_document", {"hpr": C}, "unknown-line"),
        ("remove_document", {}, "unknown-document"),
        ("allow_late_submission", {"until": "2026-07-31"}, "day-is-over"),
        ("submit", {}, "lines-not-confirmed"),
    ],
)
def test_what_does_not_fit_a_claim_that_is_open_is_refused(step: str, fields: dict[str, Any], code: str) -> None:
    assert Given().after("open").refuses(step, **fields) == code


def test_a_document_is_attached_once_and_can_be_taken_off() -> None:
    there = Given().after("open").after("attach_document")
    assert there.refuses("attach_document") == "document-there"
    assert there.after("remove_document").claim.documents == frozenset()
    assert there.claim.documents == {DOCUMENT}


def test_a_claim_without_lines_cannot_be_submitted() -> None:
    empty = Given().after("open").after("remove_line").after("remove_line", hpr=B)
    assert empty.refuses("submit") == "no-lines"


# ---------------------------------------------------------------- the deadline

IN_TIME, LATE = date(2025, 8, 31), date(2025, 9, 1)


def test_a_claim_is_submitted_on_the_day_of_the_deadline_and_not_the_day_after() -> None:
    ready = confirmed().knows(rules=WITH_DEADLINE)
    assert ready.knows(today=IN_TIME).after("submit").claim.status is Status.SUBMITTED
    assert ready.knows(today=LATE).refuses("submit") == "too-late"


def test_a_caseworker_can_allow_it_late_until_a_day() -> None:
    late = confirmed().knows(rules=WITH_DEADLINE, today=LATE)
    assert late.after("allow_late_submission").after("submit").claim.status is Status.SUBMITTED
    allowed = late.after("allow_late_submission", until="2025-09-02")
    assert allowed.knows(today=date(2025, 9, 2)).after("submit").claim.status is Status.SUBMITTED
    assert allowed.knows(today=date(2025, 9, 3)).refuses("submit") == "too-late"


def test_a_claim_that_was_sent_in_time_and_returned_is_in_time() -> None:
    sent = confirmed().knows(rules=WITH_DEADLINE, today=IN_TIME).after("submit")
    returned = sent.after("return").knows(today=LATE)
    assert returned.after("submit").claim.status is Status.SUBMITTED


# ---------------------------------------------------------------- the decision


def test_a_line_that_is_not_named_is_granted_as_assessed() -> None:
    proposal = assessed().after("propose").claim.proposal
    assert proposal
    assert {hpr: (line.outcome, line.kroner) for hpr, line in proposal.lines.items()} == {
        A: ("granted", 1_000),
        B: ("granted", 500),
    }


def test_a_line_can_be_granted_in_part_or_refused_with_a_reason() -> None:
    proposal = assessed().after("propose", lines=[partly(A, 400), refused(B)]).claim.proposal
    assert proposal
    assert proposal.total == 400


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([granted(A, 999)], "not-as-assessed"),
        ([granted(A, 1_001)], "not-as-assessed"),
        ([partly(A, 1_001)], "not-as-assessed"),
        ([partly(A, 1_000)], "not-partly"),
        ([partly(A, 0)], "not-partly"),
        ([refused(A) | {"kroner": 1}], "refused-with-kroner"),
        ([partly(A, 400) | {"reason": None}], "reason-missing"),
        ([refused(A) | {"reason_code": None}], "reason-missing"),
        ([granted(C, 1)], "unknown-line"),
        ([refused(A), refused(A)], "line-twice"),
    ],
)
def test_a_proposal_that_does_not_fit_the_assessment_is_refused(lines: list[dict[str, object]], code: str) -> None:
    assert assessed().refuses("propose", lines=lines) == code


def test_a_line_that_comes_to_nothing_or_has_no_amount_is_refused_in_words() -> None:
    nothing = assessed({A: 0, B: None})
    assert nothing.refuses("propose") == "reason-missing"
    assert nothing.refuses("propose", lines=[refused(A)]) == "line-without-amount"
    assert nothing.refuses("propose", lines=[granted(A, 0)]) == "granted-nothing"
    assert nothing.refuses("propose", lines=[refused(A), granted(B, 1)]) == "line-without-amount"
    assert nothing.after("propose", lines=[refused(A), refused(B)]).claim.status is Status.PROPOSED


@pytest.mark.parametrize("step", ["approve", "send_back"])
def test_whoever_proposed_takes_no_part_in_the_approval(step: str) -> None:
    same = replace(ACTORS["approver"], subject="godkjenner:AB")
    assert assessed().after("propose").refuses(step, by=same) == "same-person"


def test_an_approval_is_refused_where_a_line_comes_to_something_else_now_and_by_what() -> None:
    proposed = assessed().after("propose")
    before, now = full_time(), full_time().leave("l1", "2026-05-01")
    sides = tuple(Side({A: [fact_of(fact) for fact in told.facts]}, RULES) for told in (before, now))
    changed = computed({A: 900, B: 500}, {**DIGESTS, A: DIGESTS[C]})
    with pytest.raises(Exception, match=r"lege 9000001 fra 1.000 kroner til 900 kroner: permisjon") as refusal_made:
        proposed.knows(now=changed, sides=sides).events("approve")
    problems = refusal_made.value.details["problems"]  # type: ignore[attr-defined]
    assert [each["key"] for each in problems] == ["lines/9000001"]


def test_an_approval_is_refused_also_where_only_what_can_be_granted_is_another() -> None:
    proposed = assessed().after("propose")
    assert proposed.knows(now=computed({A: 1_000, B: 499})).refuses("approve") == "assessment-outdated"


def test_what_was_sent_back_can_be_proposed_again_under_the_same_assessment() -> None:
    again = assessed().after("propose").after("send_back").after("propose").after("approve").claim
    assert again.decided
    assert (again.decided.number, again.decided.assessment.number) == (2, 1)


# ---------------------------------------------------------------- all of it


def test_every_step_has_a_decision_and_every_event_of_a_life_is_folded() -> None:
    told = [*Given().events("open"), *Given().after("open").events("remove_line")]
    assert claim_of(told).removed == {A}
    assert {step for step in STEPS if step not in WHO} == set()
