"""The events of a claim: what a caseworker could read aloud as the history of the case.

Texts and names that people write are sealed: those of a line under the doctor's key, the others under the claim's own.
Codes, digests, days and kroner stand in clear.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from domain.claim.parts.limits import EVERYTHING, Limits
from domain.claim.parts.parts import (
    AssessedLine,
    AttestedContent,
    AttestedLine,
    Count,
    DecidedLine,
    DocumentKind,
    LineAnswer,
    LineEffect,
    LineRemark,
    MediaType,
    ReopenReason,
    ReportedCost,
    RestsOn,
    Written,
    WrittenName,
)
from domain.claim.stream import earlier as earlier  # noqa: PLC0414 - its events are among all events below
from domain.claim.stream.event import ClaimEvent as ClaimEvent  # noqa: PLC0414 - found here by those who read events
from domain.rules.sets.content import Digest
from domain.values.fields import Day, Kroner, MunicipalityCode, Name, RecordedBy, RegisteredHpr, Token
from domain.values.numbers.accounts import Account
from domain.values.numbers.organisations import OrganisationNumber


class ClaimOpened(ClaimEvent, topic="claim.opened.v1"):
    """The municipality began its claim for a round."""

    type: Literal["claim_opened"] = "claim_opened"
    municipality: MunicipalityCode
    round: Token


class LinesProposed(ClaimEvent, topic="claim.lines-proposed.v2"):
    """Lines were proposed for doctors, from what is registered; nothing is limited by it."""

    type: Literal["lines_proposed"] = "lines_proposed"
    lines: Annotated[tuple[RegisteredHpr, ...], Field(min_length=1)]


class LineConfirmed(ClaimEvent, topic="claim.line-confirmed.v2"):
    """The municipality applies for a line: for all that is computed, or within limits that it gives a reason for."""

    type: Literal["line_confirmed"] = "line_confirmed"
    hpr: RegisteredHpr
    limits: Limits = EVERYTHING
    reason: Written | None = None


class LineAdded(ClaimEvent, topic="claim.line-added.v2"):
    """The municipality added a doctor that was not proposed, within limits where it gave any."""

    type: Literal["line_added"] = "line_added"
    hpr: RegisteredHpr
    limits: Limits = EVERYTHING
    reason: Written | None = None


class LineRemoved(ClaimEvent, topic="claim.line-removed.v1"):
    """The municipality does not apply for a doctor."""

    type: Literal["line_removed"] = "line_removed"
    hpr: RegisteredHpr
    reason: Written | None = None


class LineCostsReported(ClaimEvent, topic="claim.costs-reported.v2"):
    """The municipality reported the costs of a line, traceable in its accounts by a project code."""

    type: Literal["costs_reported"] = "costs_reported"
    hpr: RegisteredHpr
    costs: Annotated[tuple[ReportedCost, ...], Field(min_length=1)]
    project_code: Name


class DocumentAttached(ClaimEvent, topic="claim.document-attached.v1"):
    """A document belongs to the claim, or to one line of it; its bytes lie beside the log under their digest."""

    type: Literal["document_attached"] = "document_attached"
    document: Digest
    kind: DocumentKind
    media_type: MediaType
    size: Count
    hpr: RegisteredHpr | None = None
    name: WrittenName


class DocumentRemoved(ClaimEvent, topic="claim.document-removed.v1"):
    """A document does not belong to the claim after all."""

    type: Literal["document_removed"] = "document_removed"
    document: Digest


class LateSubmissionAllowed(ClaimEvent, topic="claim.late-submission-allowed.v1"):
    """A caseworker allows the claim after the deadline, until a day where one is given."""

    type: Literal["late_submission_allowed"] = "late_submission_allowed"
    until: Day | None = None
    reason: Written


class ClaimSubmitted(ClaimEvent, topic="claim.submitted.v1"):
    """A named person sent the claim."""

    type: Literal["claim_submitted"] = "claim_submitted"
    name: WrittenName


class ClaimReturned(ClaimEvent, topic="claim.returned.v1"):
    """The caseworker sent the claim back to be put right."""

    type: Literal["claim_returned"] = "claim_returned"
    reason: Written
    lines: tuple[LineRemark, ...] = ()


class ClaimWithdrawn(ClaimEvent, topic="claim.withdrawn.v1"):
    """The municipality took the claim back."""

    type: Literal["claim_withdrawn"] = "claim_withdrawn"
    reason: Written | None = None


class ClaimAssessed(ClaimEvent, topic="claim.assessed.v2"):
    """The claim was computed, within what persons limited it to; all that the computation rests on stands here."""

    type: Literal["claim_assessed"] = "claim_assessed"
    assessment: Count
    rests_on: RestsOn
    lines: tuple[AssessedLine, ...]


class ClaimAssessedV1(ClaimAssessed, topic="claim.assessed.v1"):
    """The same, limited by what the program had proposed too."""


class DecisionProposed(ClaimEvent, topic="claim.decision-proposed.v1"):
    """A caseworker proposed what to decide, line by line."""

    type: Literal["decision_proposed"] = "decision_proposed"
    decision: Count
    assessment: Count
    lines: tuple[DecidedLine, ...]


class ProposalSentBack(ClaimEvent, topic="claim.proposal-sent-back.v1"):
    """The approver did not approve."""

    type: Literal["proposal_sent_back"] = "proposal_sent_back"
    decision: Count
    reason: Written


class DecisionApproved(ClaimEvent, topic="claim.decided.v1"):
    """Another person approved: this is decided."""

    type: Literal["decision_approved"] = "decision_approved"
    decision: Count
    assessment: Count
    total: Kroner


class ClaimPaidV1(ClaimEvent, topic="claim.paid.v1"):
    """Kroner were paid to the municipality under a decision."""

    type: Literal["claim_paid"] = "claim_paid"
    decision: Count
    kroner: Annotated[int, Field(gt=0)]
    paid_on: Day
    organisation_number: OrganisationNumber
    account: Account
    reference: Name | None = None


class ClaimPaid(ClaimPaidV1, topic="claim.paid.v2"):
    """The same; `reason` says why, where another amount was known by then."""

    reason: Written | None = None


class ClaimReclaimedV1(ClaimEvent, topic="claim.reclaimed.v1"):
    """Kroner paid before were reclaimed under a later decision."""

    type: Literal["claim_reclaimed"] = "claim_reclaimed"
    decision: Count
    kroner: Annotated[int, Field(gt=0)]
    due_on: Day
    reference: Name | None = None


class ClaimReclaimed(ClaimReclaimedV1, topic="claim.reclaimed.v2"):
    """The same; `reason` says why, where another amount was known by then."""

    reason: Written | None = None


class AttestationRequested(ClaimEvent, topic="claim.attestation-requested.v1"):
    """The revisor was asked to attest some lines."""

    type: Literal["attestation_requested"] = "attestation_requested"
    revisor: RecordedBy
    lines: Annotated[tuple[RegisteredHpr, ...], Field(min_length=1)]
    due_on: Day | None = None


class ClaimAttested(ClaimEvent, topic="claim.attested.v1"):
    """The revisor signed a statement over the exact content of named lines."""

    type: Literal["claim_attested"] = "claim_attested"
    statement: Count
    decision: Count
    grant_scheme: Name
    budget_item: Name
    addressee: Name
    attested: Annotated[tuple[AttestedContent, ...], Field(min_length=1)]
    control_actions: Annotated[tuple[Written, ...], Field(min_length=1)]
    lines: Annotated[tuple[AttestedLine, ...], Field(min_length=1)]
    place: WrittenName
    signed_on: Day
    name: WrittenName
    firm: WrittenName


class ReportAcceptedV1(ClaimEvent, topic="claim.report-accepted.v1"):
    """The caseworker accepted the report with its attestation."""

    type: Literal["report_accepted"] = "report_accepted"
    remark: Written | None = None


class ReportAccepted(ReportAcceptedV1, topic="claim.report-accepted.v2"):
    """The same, with an answer to each line that the revisor did not confirm."""

    answers: tuple[LineAnswer, ...] = ()


class ClaimClosed(ClaimEvent, topic="claim.closed.v1"):
    """Nothing more is expected of anyone."""

    type: Literal["claim_closed"] = "claim_closed"


class ClaimReopened(ClaimEvent, topic="claim.reopened.v2"):
    """A decision is to be made again: for later knowledge, other rates, or because it was wrong itself."""

    type: Literal["claim_reopened"] = "claim_reopened"
    decision: Count
    reason_code: ReopenReason
    reason: Written
    effects: tuple[LineEffect, ...] = ()


def _kinds_of(kind: type[ClaimEvent]) -> Iterator[type[ClaimEvent]]:
    for cls in kind.__subclasses__():
        yield cls
        yield from _kinds_of(cls)


CLAIM_EVENTS: Final = {cls.event_topic: cls for cls in _kinds_of(ClaimEvent)}
"""Every event of a claim, those of earlier versions too, by its topic."""
