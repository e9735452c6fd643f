"""A caseworker accepts the municipality's report."""

from typing import Annotated, Final, Literal

from pydantic import Field

from domain.claim.parts.parts import Answer, LineAnswer, Written, in_line_order
from domain.claim.parts.status import Status
from domain.claim.rights.known import StaleLines
from domain.claim.rights.step import ANY, CASEWORKER, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ReportAccepted, ReportAcceptedV1
from domain.claim.stream.state import GrantClaim
from domain.values import words
from domain.values.refusals.refusal import refused


class AcceptReport(ClaimStep):
    """Accept the municipality's report with its attestation, and answer each line that was not confirmed."""

    type: Literal["accept_report"] = "accept_report"
    remark: Written | None = None
    answers: Annotated[tuple[LineAnswer, ...], Field(max_length=1_000)] = ()


def accept_report(claim: GrantClaim, asked: AcceptReport, acting: Acting, stale: StaleLines) -> Events:
    """Once every line that was granted is attested as it was decided, and is so still; with an answer to the others."""
    wanting = in_line_order(hpr for hpr in claim.granted if not claim.is_attested(hpr))
    if wanting:
        raise refused("lines-not-attested", lines=words.listed(wanting))
    if stale:
        raise refused("attestation-stale", lines=words.listed(in_line_order(stale)))
    _check_answers(claim, asked)
    return [acting.as_asked(ReportAccepted, asked)]


def _check_answers(claim: GrantClaim, asked: AcceptReport) -> None:
    """Each line that the revisor did not confirm is answered once, and no other line."""
    to_answer, answered = claim.not_confirmed, set[str]()
    for each in asked.answers:
        if each.hpr in answered:
            raise refused("line-twice", hpr=each.hpr)
        answered.add(each.hpr)
        if each.hpr not in to_answer:
            raise refused("nothing-to-answer", hpr=each.hpr)
        if each.answer is Answer.ACCEPTED and each.reason is None:
            raise refused("answer-without-reason", hpr=each.hpr)
    missing = [hpr for hpr in to_answer if hpr not in answered]
    if missing:
        raise refused("answers-missing", lines=words.listed(missing))


def _all_answered(claim: GrantClaim) -> AcceptReport:
    """A report of which every line that was not confirmed is answered."""
    answers = (LineAnswer(hpr=hpr, answer=Answer.ACCEPTED, reason=ANY) for hpr in claim.not_confirmed)
    return AcceptReport(answers=tuple(answers))


ACCEPT_REPORT: Final = Step(
    asked=AcceptReport,
    decide=accept_report,
    statuses=frozenset({Status.ATTESTED}),
    roles=CASEWORKER,
    help="Godtar rapporten, med svar på linjer revisor ikke bekreftet: answers=… (saksbehandleren).",
    too_early="not-attested",
    tried=_all_answered,
    makes=(ReportAcceptedV1,),
    rests_on_log=True,
)
