"""What each step leads to, and what refuses it beside where the claim is: pure, one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from pydantic import ValidationError
from pydantic_core import to_json

from domain.casework.library import choose_rule_set
from domain.claim.commands import STEP
from domain.claim.decide import decide
from domain.claim.deciding import Computed, Context
from domain.claim.events import ClaimEvent, ReportAcceptedV1
from domain.claim.parts import Applied, AssessedLine, LineEffect, RestsOn
from domain.claim.paying import pay
from domain.claim.state import NO_CLAIM, GrantClaim, Status, claim_of, evolve
from domain.claim.steps import STEPS, Who
from domain.errors import Refused
from domain.intake import refusal_of
from domain.rules.explain import Side
from domain.rules.rule_set import RuleSet
from tests.claiming import ACTORS, APPLIED, DOCUMENT, FIELDS, NAME, WHO
from tests.desk import fact_of, refusal
from tests.scenario import full_time

A, B, C = "9000001", "9000002", "9000003"
MOMENT: Final = datetime(2026, 8, 1, 9, tzinfo=UTC)
TODAY: Final = MOMENT.date()
RULES: Final = choose_rule_set(None, "2026")
DIGESTS: Final = {hpr: f"sha256:{n:064d}" for n, hpr in enumerate((A, B, C))}
ORGANISATION: Final = "972418013"
ACCOUNT: Final = "12345678903"


def computed(amounts: Mapping[str, int | None], digests: Mapping[str, str] = DIGESTS) -> Computed:
    """Lines as assessed, of amounts that need no calculation here."""
    on = RestsOn(
        rule_set=RULES.id,
        rule_set_digest=RULES.digest,
        position=17,
        claim_version=5,
        rule_book_version=7,
        streams={},
        engine_version="1",
        result={"lines": []},
        result_digest=DIGESTS[A],
    )
    lines = [
        AssessedLine(hpr=hpr, digest=digests[hpr], computed=amount, amount=amount, elements={})
        for hpr, amount in amounts.items()
    ]
    return Computed(on, tuple(lines))


REGISTERED: Final = {hpr: Applied.model_validate_json(to_json(APPLIED)) for hpr in (A, B)}
COMPUTED: Final = computed({A: 1_000, B: 500})


@dataclass(frozen=True)
class Given:
    """A claim after some steps, each taken by whoever takes it, with what is looked up for the next."""

    claim: GrantClaim = NO_CLAIM
    now: Computed = COMPUTED
    rules: RuleSet = RULES
    today: date = TODAY
    sides: tuple[Side, Side] | None = None
    effects: tuple[LineEffect, ...] = ()

    def events(self, step: str, by: Who | None = None, **fields: object) -> tuple[ClaimEvent, ...]:
        """What a step leads to."""
        asked = STEP.validate_json(to_json({"type": step, **FIELDS.get(step, {}), **fields}))
        context = Context(
            NAME,
            by or WHO[step],
            MOMENT,
            self.today,
            self.rules,
            REGISTERED,
            (),
            self.now,
            self.sides,
            self.effects,
        )
        return decide(self.claim, asked, context)

    def after(self, step: str, by: Who | None = None, **fields: object) -> "Given":
        claim = self.claim
        for event in self.events(step, by, **fields):
            claim = evolve(claim, event, (by or WHO[step]).role)
        return replace(self, claim=claim)

    def knows(self, **what: Any) -> "Given":  # noqa: ANN401
        return replace(self, **what)

    def refuses(self, step: str, by: Who | None = None, **fields: object) -> str:
        return refusal(lambda: self.events(step, by, **fields))


def confirmed() -> Given:
    return Given().after("open").after("confirm_line").after("confirm_line", hpr=B)


def submitted() -> Given:
    return confirmed().after("submit")


def assessed(amounts: Mapping[str, int | None] | None = None) -> Given:
    now = COMPUTED if amounts is None else computed(amounts)
    return submitted().knows(now=now).after("assess")


def decided(kroner: int = 1_000) -> Given:
    """A is granted so much, B nothing."""
    lines = [refused(B)] if kroner == 1_000 else [partly(A, kroner) if kroner else refused(A), refused(B)]
    return assessed().after("propose", lines=lines).after("approve")


def paid() -> Given:
    return decided().after("pay", kroner=1_000).after("attach_document")


def partly(hpr: str, kroner: int) -> dict[str, object]:
    why = {"reason_code": "costs_not_documented", "reason": "bilag mangler"}
    return {"hpr": hpr, "outcome": "partly_granted", "kroner": kroner, **why}


def refused(hpr: str) -> dict[str, object]:
    return partly(hpr, 0) | {"outcome": "refused"}


def granted(hpr: str, kroner: int) -> dict[str, object]:
    return {"hpr": hpr, "outcome": "granted", "kroner": kroner}


def attested(**fields: object) -> dict[str, object]:
    return {"hpr": A, "digest": DIGESTS[A], "finding": "confirmed", **fields}


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

WITH_DEADLINE: Final = choose_rule_set(None, "2025")
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


# ---------------------------------------------------------------- the money


@pytest.mark.parametrize(
    ("step", "fields", "code"),
    [
        ("pay", {"kroner": 999}, "wrong-amount"),
        ("pay", {"kroner": 1_000, "organisation_number": "972418014"}, "bad-organisation-number"),
        ("pay", {"kroner": 1_000, "organisation_number": "000000001"}, "bad-organisation-number"),
        ("pay", {"kroner": 1_000, "organisation_number": "961147867"}, "other-organisation"),
        ("pay", {"kroner": 1_000, "account": "12345678901"}, "bad-account"),
        ("reclaim", {"kroner": 1_000}, "to-be-paid"),
    ],
)
def test_a_payment_that_is_not_what_is_outstanding_or_to_nobody_is_refused(
    step: str, fields: dict[str, Any], code: str
) -> None:
    assert decided().refuses(step, **fields) == code


SPACES: Final = {
    "space": " ",
    "no-break": "\u00a0",
    "thin": "\u2009",
    "narrow": "\u202f",
    "digit": "\u2007",
    "point": ".",
}


@pytest.mark.parametrize("between", SPACES.values(), ids=SPACES)
def test_spaces_and_points_in_a_number_are_read_and_it_is_stored_plain(between: str) -> None:
    account, number = between.join(("", "1234", "56", "78903", "")), between.join(("972", "418", "013"))
    [paid_out] = decided().events("pay", kroner=1_000, account=account, organisation_number=number)
    plain = paid_out.model_dump(mode="json")
    assert (plain["account"], plain["organisation_number"]) == (ACCOUNT, ORGANISATION)


@pytest.mark.parametrize("account", ["1234-56-78903", "123456789", "1234567890a", "１２３４５６７８９０３", ""])  # noqa: RUF001
def test_what_is_no_account_number_is_refused_in_words(account: str) -> None:
    with pytest.raises(ValidationError) as error:
        decided().events("pay", kroner=1_000, account=account)
    [found] = [refusal_of(each) for each in error.value.errors()]
    assert (found.code, "elleve siffer" in str(found)) == ("bad-text", True)


ELSEWHERE: Final = next(code for code, each in RULES.municipalities.by_code.items() if each.organisation_number is None)
"""A municipality whose number the list does not have."""


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"account": "00000000000"}, "bad-account"),
        ({"account": "12345678904"}, "bad-account"),
        ({"organisation_number": "000000000"}, "bad-organisation-number"),
        ({"organisation_number": "811111105"}, "bad-organisation-number"),
    ],
)
def test_a_number_is_checked_also_where_the_list_has_none(fields: dict[str, Any], code: str) -> None:
    claim = replace(decided().claim, municipality=ELSEWHERE)
    given = {"kroner": 1_000, "organisation_number": "811111104", **fields}
    step = STEP.validate_json(to_json({"type": "pay", **FIELDS["pay"], **given}))
    assert refusal(lambda: pay(claim, step, Context(NAME, WHO["pay"], MOMENT, TODAY, RULES))) == code  # type: ignore[arg-type]


def otherwise(after: int | None) -> Given:
    """A decision of 1 000 kroner for A, of which another amount is known by now."""
    effects = (LineEffect(hpr=A, first_month="2026-01", before=1_000, after=after),)
    return decided().knows(effects=effects)


@pytest.mark.parametrize(
    ("after", "says"),
    [(900, "900 kroner i stedet for 1.000 kroner, 100 kroner mindre"), (1_200, "200 kroner mer"), (None, "ukjent")],
)
def test_what_is_known_to_be_another_amount_is_paid_only_with_a_reason(after: int | None, says: str) -> None:
    with pytest.raises(Refused, match=says) as error:
        otherwise(after).events("pay", kroner=1_000)
    assert error.value.code == "another-amount-known"
    [paid_out] = otherwise(after).events("pay", kroner=1_000, reason="Permisjonen gjelder en annen.")
    assert (paid_out.topic, paid_out.model_dump()["reason"]) == ("claim.paid.v2", "Permisjonen gjelder en annen.")


def test_what_is_known_to_be_another_amount_is_reclaimed_only_with_a_reason() -> None:
    effects = (LineEffect(hpr=A, first_month="2026-02", before=300, after=500),)
    less = decided_again(300).knows(effects=effects)
    assert less.refuses("reclaim", kroner=700) == "another-amount-known"
    assert less.after("reclaim", kroner=700, reason="Klagen er avgjort.").claim.settled == 300


# ---------------------------------------------------------------- days

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "code"), [("2062-11-20", "day-not-come"), (TOMORROW, "day-not-come"), ("1900-01-01", "day-too-early"),
                      (YESTERDAY, "day-too-early")],
)  # fmt: skip
def test_a_payment_is_made_on_no_day_to_come_and_not_before_its_decision(day: object, code: str) -> None:
    assert decided().refuses("pay", kroner=1_000, paid_on=day) == code


@pytest.mark.parametrize(
    ("day", "code"), [("2062-12-31", "day-not-come"), (TOMORROW, "day-not-come"), (YESTERDAY, "day-too-early")]
)
def test_a_statement_is_signed_on_no_day_to_come_and_not_before_what_it_attests(day: object, code: str) -> None:
    assert paid().refuses("attest", lines=[attested()], signed_on=day) == code


def test_a_statement_is_signed_not_before_the_payment() -> None:
    late = paid().knows(today=TOMORROW)
    claim = replace(late.claim, settled_on=TOMORROW)
    assert late.knows(claim=claim).refuses("attest", lines=[attested()], signed_on=TODAY) == "day-too-early"
    assert late.knows(claim=claim).after("attest", lines=[attested()], signed_on=TOMORROW).claim.attested


def test_a_day_stored_before_it_was_checked_keeps_nobody_from_signing() -> None:
    [paid_out] = decided().events("pay", kroner=1_000)
    for stored in (date(2062, 11, 20), date(1900, 1, 1)):
        claim = evolve(decided().claim, paid_out.model_copy(update={"paid_on": stored}))
        assert claim.settled_on == TODAY


def test_money_is_not_reclaimed_by_a_day_that_is_over() -> None:
    less = decided_again(300)
    assert less.refuses("reclaim", kroner=700, due_on=YESTERDAY) == "day-is-over"
    assert less.after("reclaim", kroner=700, due_on=TODAY).claim.settled == 300


def test_a_decision_late_in_the_evening_is_of_the_day_in_norway() -> None:
    [*_, approved] = assessed().after("propose").events("approve")
    late = approved.model_copy(update={"recorded_at": datetime(2026, 8, 1, 22, 30, tzinfo=UTC)})
    claim = evolve(assessed().after("propose").claim, late)
    assert claim.decided_on == date(2026, 8, 2)


@pytest.mark.parametrize(("today", "due"), [(date(2026, 3, 1), date(2026, 4, 1)), (date(2026, 8, 1), date(2026, 8, 1))])
def test_a_revisor_is_asked_by_the_report_date_or_where_that_is_over_by_today(today: date, due: date) -> None:
    [asked] = paid().knows(rules=WITH_DEADLINE, today=today).events("request_attestation")
    assert asked.model_dump()["due_on"] == due


def decided_again(kroner: int) -> Given:
    """Reopened after payment, and decided anew with so much for A."""
    effects = (LineEffect(hpr=A, first_month="2026-01", before=1_000, after=kroner),)
    reopened = paid().knows(effects=effects, now=computed({A: kroner, B: 500})).after("reopen")
    lines = [refused(B)] if kroner else [refused(A), refused(B)]
    return reopened.after("assess").after("propose", lines=lines).after("approve").knows(effects=())


def test_a_later_decision_pays_the_difference() -> None:
    more = decided_again(1_500)
    assert (more.claim.outstanding, more.claim.status) == (500, Status.DECIDED)
    assert more.after("pay", kroner=500).claim.settled == 1_500


def test_a_later_decision_reclaims_what_was_too_much() -> None:
    less = decided_again(300)
    assert less.claim.outstanding == -700
    assert less.refuses("pay", kroner=700) == "to-be-reclaimed"
    assert less.refuses("reclaim", kroner=699) == "wrong-amount"
    assert less.after("reclaim", kroner=700).claim.settled == 300


def test_where_nothing_is_outstanding_nothing_is_to_be_paid() -> None:
    assert decided_again(1_000).claim.status is Status.PAID
    nothing = decided(0)
    assert nothing.claim.status is Status.PAID
    assert nothing.refuses("request_attestation") == "nothing-granted"
    assert nothing.after("close").claim.status is Status.CLOSED
    assert paid().refuses("close") == "report-not-accepted"


def test_a_decided_claim_is_neither_returned_nor_withdrawn() -> None:
    effects = (LineEffect(hpr=A, first_month="2026-01", before=1_000, after=900),)
    again = paid().knows(effects=effects).after("reopen").after("assess").knows(effects=())
    assert (again.refuses("return"), again.refuses("withdraw")) == ("already-decided", "already-decided")


def test_a_claim_is_reopened_only_for_something_that_changes_it() -> None:
    assert paid().refuses("reopen") == "nothing-affected"


# ---------------------------------------------------------------- attestation and report


def test_lines_that_were_granted_are_attested_and_no_others() -> None:
    assert paid().refuses("request_attestation", lines=[B]) == "line-not-granted"
    assert paid().refuses("attest", lines=[attested(hpr=B, digest=DIGESTS[B])]) == "line-not-granted"
    [asked] = paid().events("request_attestation")
    assert asked.model_dump(mode="json")["lines"] == [A]


def test_attested_is_what_was_decided() -> None:
    assert paid().refuses("attest", lines=[attested(digest=DIGESTS[C])]) == "line-content-differs"


def test_whoever_had_a_part_in_the_claim_cannot_attest_it() -> None:
    involved = replace(ACTORS["revisor"], subject="revisor:1804")
    assert paid().refuses("attest", lines=[attested()], by=involved) == "revisor-involved"


def test_a_report_is_accepted_once_every_granted_line_is_attested_as_it_was_decided() -> None:
    both = assessed().after("propose").after("approve").after("pay", kroner=1_500).after("attach_document")
    half = both.after("attest", lines=[attested()])
    assert half.refuses("accept_report") == "lines-not-attested"
    whole = half.after("attest", lines=[attested(hpr=B, digest=DIGESTS[B])])
    assert whole.after("accept_report").after("close").claim.status is Status.CLOSED


def signed(*lines: dict[str, object]) -> Given:
    """Both lines granted and paid, and signed as said."""
    both = assessed().after("propose").after("approve").after("pay", kroner=1_500).after("attach_document")
    return both.after("attest", lines=list(lines))


DEVIATION: Final = {"finding": "deviation", "kroner": 120, "remark": "bilag mangler"}
ANSWERED: Final = {"hpr": A, "answer": "accepted", "reason": "bilaget er ettersendt"}
NOT_POSSIBLE: Final = {"finding": "not_possible", "remark": "arkivet brant"}


@pytest.mark.parametrize("found", [DEVIATION, DEVIATION | {"kroner": -120}, NOT_POSSIBLE], ids=["high", "low", "not"])
def test_a_report_with_a_line_that_was_not_confirmed_is_accepted_only_with_an_answer_to_it(
    found: dict[str, object],
) -> None:
    report = signed(attested(**found), attested(hpr=B, digest=DIGESTS[B]))
    with pytest.raises(Refused, match=A) as error:
        report.events("accept_report")
    assert error.value.code == "answers-missing"
    assert report.refuses("accept_report", answers=[ANSWERED | {"reason": None}]) == "answer-without-reason"
    assert report.refuses("accept_report", answers=[ANSWERED, ANSWERED | {"hpr": B}]) == "nothing-to-answer"
    assert report.refuses("accept_report", answers=[ANSWERED, ANSWERED]) == "line-twice"
    [accepted] = report.events("accept_report", answers=[ANSWERED])
    assert (accepted.topic, accepted.model_dump(mode="json")["answers"]) == ("claim.report-accepted.v2", [ANSWERED])
    assert report.after("accept_report", answers=[ANSWERED]).after("close").claim.status is Status.CLOSED


def test_a_line_that_is_answered_with_opening_the_claim_again_keeps_it_from_being_closed() -> None:
    report = signed(attested(**DEVIATION), attested(hpr=B, digest=DIGESTS[B]))
    again = report.after("accept_report", answers=[{"hpr": A, "answer": "reopened"}])
    assert again.refuses("close") == "answered-reopened"
    reopened = again.after("reopen")
    assert (reopened.claim.status, reopened.claim.to_reopen) == (Status.REOPENED, frozenset())
    less = (
        reopened.after("assess").after("propose", lines=[partly(A, 880)]).after("approve").after("reclaim", kroner=120)
    )
    assert less.refuses("accept_report") == "answers-missing"
    assert less.after("accept_report", answers=[ANSWERED]).after("close").claim.status is Status.CLOSED


def test_a_report_that_was_accepted_before_answers_were_asked_for_can_be_closed() -> None:
    report = signed(attested(**DEVIATION), attested(hpr=B, digest=DIGESTS[B]))
    before = ReportAcceptedV1(claim=NAME, recorded_at=MOMENT, recorded_by="saksbehandler:ab")
    accepted = report.knows(claim=evolve(report.claim, before))
    assert accepted.after("close").claim.status is Status.CLOSED


def test_what_was_signed_before_the_claim_was_reopened_holds_where_its_content_is_the_same() -> None:
    half = decided().after("pay", kroner=1_000).after("attach_document").after("attest", lines=[attested()])
    effects = (LineEffect(hpr=B, first_month="2026-01", before=500, after=700),)
    reopened = (
        half.knows(effects=effects, now=computed({A: 1_000, B: 700})).after("reopen").after("assess").knows(effects=())
    )
    more = reopened.after("propose", lines=[granted(B, 700)]).after("approve").after("pay", kroner=700)
    assert (more.claim.status, more.refuses("accept_report")) == (Status.PAID, "not-attested")
    same = reopened.after("propose", lines=[refused(B)]).after("approve")
    assert same.claim.status is Status.ATTESTED
    assert same.after("accept_report").claim.status is Status.REPORT_ACCEPTED


def test_a_line_that_got_less_than_it_could_gets_more_only_by_name() -> None:
    effects = (LineEffect(hpr=A, first_month="2026-01", before=1_000, after=1_200),)
    new = computed({A: 1_200, B: 500})
    again = (
        decided()
        .after("pay", kroner=1_000)
        .knows(effects=effects, now=new)
        .after("reopen")
        .after("assess")
        .knows(effects=())
    )
    assert again.refuses("propose") == "granted-less-before"
    assert again.refuses("propose", lines=[granted(A, 1_200)]) == "granted-less-before"
    still, other = again.after("propose", lines=[refused(B)]), again.after("propose", lines=[granted(B, 500)])
    assert [each.claim.proposal.total for each in (still, other) if each.claim.proposal] == [1_200, 1_700]


def test_a_line_that_had_no_amount_before_is_granted_as_assessed_once_it_has_one() -> None:
    first = assessed({A: 1_000, B: None}).after("propose", lines=[refused(B)]).after("approve")
    effects = (LineEffect(hpr=B, first_month="2025-06", before=None, after=500),)
    again = first.knows(effects=effects, now=COMPUTED).after("reopen").after("assess").after("propose")
    assert again.claim.proposal is not None
    assert again.claim.proposal.total == 1_500


def test_only_a_line_that_was_never_decided_on_can_be_taken_out_of_a_claim_that_is_open_again() -> None:
    effects = (LineEffect(hpr=A, first_month="2026-01", before=1_000, after=700),)
    claim = confirmed().after("remove_line", hpr=B).after("submit").knows(now=computed({A: 1_000}))
    claim = claim.after("assess").after("propose").after("approve").knows(effects=effects).after("reopen")
    assert claim.refuses("remove_line") == "line-decided"
    added = claim.after("add_line", hpr=B)
    assert added.claim.lines.keys() == {A, B}
    assert added.after("remove_line", hpr=B).claim.lines.keys() == {A}


def test_who_registered_in_a_claim_before_it_was_withdrawn_had_a_part_in_it() -> None:
    first = replace(ACTORS["municipality"], subject="kommune:eva")
    claim = Given().after("open", by=first).after("withdraw").after("open")
    parts = dict.fromkeys(("kommune:eva", ACTORS["municipality"].subject), frozenset({"municipality"}))
    assert claim.claim.parts == parts


# ---------------------------------------------------------------- all of it


def test_every_step_has_a_decision_and_every_event_of_a_life_is_folded() -> None:
    told = [*Given().events("open"), *Given().after("open").events("remove_line")]
    assert claim_of(told).removed == {A}
    assert {step for step in STEPS if step not in WHO} == set()
