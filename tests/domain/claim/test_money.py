"""Money and days of a claim: what is paid and reclaimed, to whom, and on which days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from pydantic import ValidationError
from pydantic_core import to_json

from domain.claim.parts.parts import LineEffect
from domain.claim.rights.known import OtherAmounts
from domain.claim.rights.step import Acting
from domain.claim.steps.registry import STEP
from domain.claim.steps.settling.pay import pay
from domain.claim.stream.state import Status, evolve
from domain.doctor.intake.intake import refusal_of
from domain.values.refusals.refusal import Refused
from tests.claiming import FIELDS, NAME, WHO
from tests.desk import refusal
from tests.domain.claim.given import (
    ACCOUNT,
    MOMENT,
    ORGANISATION,
    RULES,
    TODAY,
    WITH_DEADLINE,
    A,
    B,
    Given,
    assessed,
    attested,
    computed,
    decided,
    paid,
    refused,
)

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
    assert refusal(lambda: pay(claim, step, Acting(NAME, WHO["pay"], MOMENT), RULES, OtherAmounts(()))) == code  # type: ignore[arg-type]


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
    assert (paid_out.event_topic, paid_out.model_dump()["reason"]) == ("claim.paid.v2", "Permisjonen gjelder en annen.")


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


def test_a_payment_and_a_statement_are_of_today_when_no_other_day_is_said() -> None:
    (paid_out,) = decided().knows(today=TOMORROW).events("pay", kroner=1_000, paid_on=None)
    (statement,) = paid().knows(today=TOMORROW).events("attest", lines=[attested()], signed_on=None)
    assert (paid_out.model_dump()["paid_on"], statement.model_dump()["signed_on"]) == (TOMORROW, TOMORROW)
    assert Acting(NAME, WHO["pay"], datetime(2026, 8, 1, 22, 30, tzinfo=UTC)).day == TOMORROW


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
