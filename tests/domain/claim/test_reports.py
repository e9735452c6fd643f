"""What the revisor attests, and which report is accepted and closed."""

from dataclasses import replace
from typing import Final

import pytest

from domain.claim.parts.parts import LineEffect
from domain.claim.stream.events import ReportAcceptedV1
from domain.claim.stream.state import Status, evolve
from domain.values.refusals.refusal import Refused
from tests.claiming import ACTORS, NAME
from tests.domain.claim.given import (
    COMPUTED,
    DIGESTS,
    MOMENT,
    A,
    B,
    C,
    Given,
    assessed,
    attested,
    computed,
    confirmed,
    decided,
    granted,
    paid,
    partly,
    refused,
)

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
    assert (accepted.event_topic, accepted.model_dump(mode="json")["answers"]) == (
        "claim.report-accepted.v2",
        [ANSWERED],
    )
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
