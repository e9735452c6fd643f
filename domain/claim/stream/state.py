"""The claim as its next decision sees it, folded from its events; no text that people wrote is in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from typing import Final

from domain.claim.parts.limits import EVERYTHING, Limits, LineLimit, as_limits, limits_of
from domain.claim.parts.parts import Answer, Applied, AttestedLine, DecidedLine, Finding, in_line_order
from domain.claim.parts.status import Status as Status  # noqa: PLC0414 - part of the state
from domain.claim.stream.earlier import (
    ClaimReopenedV1,
    LineAddedV1,
    LineConfirmedV1,
    LineCostsReportedV1,
    LinesProposedV1,
)
from domain.claim.stream.events import (
    AttestationRequested,
    ClaimAssessed,
    ClaimAssessedV1,
    ClaimAttested,
    ClaimClosed,
    ClaimEvent,
    ClaimOpened,
    ClaimPaidV1,
    ClaimReclaimedV1,
    ClaimReopened,
    ClaimReturned,
    ClaimSubmitted,
    ClaimWithdrawn,
    DecisionApproved,
    DecisionProposed,
    DocumentAttached,
    DocumentRemoved,
    LateSubmissionAllowed,
    LineAdded,
    LineConfirmed,
    LineCostsReported,
    LineRemoved,
    LinesProposed,
    ProposalSentBack,
    ReportAccepted,
    ReportAcceptedV1,
)
from domain.claim.stream.made import Assessment, ClaimLine, Proposal, Reopening
from domain.claim.stream.numbering import NONE_YET, Numbers
from domain.values.norwegian_time import norwegian_day


@dataclass(frozen=True, slots=True)
class GrantClaim:
    """A claim; `decisions` are the approved proposals in order, `settled` what was paid less what was reclaimed."""

    name: str = ""
    municipality: str = ""
    round: str = ""
    status: Status | None = None
    lines: Mapping[str, ClaimLine] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    proposed: Mapping[str, Applied] = field(default_factory=dict)
    """What the program once stored as its proposal, by doctor."""
    documents: frozenset[str] = frozenset()
    submitted_before: bool = False
    late_until: date | None = None
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Everybody who took a step here, before it was withdrawn too, with the roles in which they did."""
    assessment: Assessment | None = None
    assessments: Numbers = NONE_YET
    proposal: Proposal | None = None
    proposals: Numbers = NONE_YET
    reopened: Reopening | None = None
    """Who opened the last decision again, and why, until the next one."""
    decisions: tuple[Proposal, ...] = ()
    decided_on: date | None = None
    """The day in Norway on which the decision that holds was approved."""
    settled: int = 0
    settled_on: date | None = None
    """The day of that approval, or of a payment after it: no statement about the decision is signed before."""
    statements: int = 0
    attested: Mapping[str, AttestedLine] = field(default_factory=dict)
    to_reopen: frozenset[str] = frozenset()
    """The lines for which the answer to the revisor is that the claim is opened again."""

    @property
    def doctors(self) -> set[str]:
        """The doctors who have or had a line."""
        return {*self.lines, *self.removed, *(hpr for decision in self.decisions for hpr in decision.lines)}

    @property
    def decided(self) -> Proposal | None:
        """The decision that holds."""
        return self.decisions[-1] if self.decisions else None

    @property
    def outstanding(self) -> int:
        """Kroner still to be paid under the decision that holds; below zero, to be reclaimed."""
        return self.decisions[-1].total - self.settled if self.decisions else 0

    @property
    def granted(self) -> Mapping[str, DecidedLine]:
        """The lines that were granted something."""
        return {hpr: line for hpr, line in self.decided.lines.items() if line.kroner} if self.decided else {}

    @property
    def not_confirmed(self) -> list[str]:
        """The granted lines that the revisor found a deviation in, or could not confirm."""
        found = (hpr for hpr in self.granted if hpr in self.attested)
        return in_line_order(hpr for hpr in found if self.attested[hpr].finding is not Finding.CONFIRMED)

    def is_attested(self, hpr: str) -> bool:
        """Whether a line is attested with the content that was decided last."""
        signed, decided = self.attested.get(hpr), self.decided
        return bool(signed and decided and signed.digest == decided.assessment.lines[hpr].digest)


NO_CLAIM: Final = GrantClaim()
FOR_EVER: Final = date.max


def claim_of(events: Iterable[ClaimEvent]) -> GrantClaim:
    """The claim that its events make."""
    return reduce(evolve, events, NO_CLAIM)


def evolve(claim: GrantClaim, event: ClaimEvent, role: str | None = None) -> GrantClaim:
    """Fold one event of the claim into its state; `role` is the one in which it was recorded, if known."""
    after = _evolved(claim, event)
    if role is None:
        return after
    before = claim.parts.get(event.recorded_by, frozenset())
    return replace(after, parts={**claim.parts, event.recorded_by: before | {role}})


def _evolved(claim: GrantClaim, event: ClaimEvent) -> GrantClaim:
    match event:
        case ClaimOpened():
            return _opened(claim, event)
        case (
            LinesProposed() | LinesProposedV1() | LineConfirmed() | LineConfirmedV1() | LineAdded() | LineAddedV1()
            | LineRemoved() | LineCostsReported() | LineCostsReportedV1()
        ):  # fmt: skip
            return _lines(claim, event)
        case DocumentAttached():
            return replace(claim, documents=claim.documents | {event.document})
        case DocumentRemoved():
            return replace(claim, documents=claim.documents - {event.document})
        case ClaimSubmitted():
            return replace(claim, status=Status.SUBMITTED, submitted_before=True)
        case LateSubmissionAllowed():
            return replace(claim, late_until=event.until or FOR_EVER)
        case ClaimReturned():
            return replace(claim, status=Status.RETURNED, assessment=None)
        case ClaimWithdrawn():
            return replace(claim, status=Status.WITHDRAWN)
        case (
            ClaimAssessed()
            | DecisionProposed()
            | ProposalSentBack()
            | DecisionApproved()
            | ClaimReopened()
            | ClaimReopenedV1()
        ):
            return _case(claim, event)
        case _:
            return _after(claim, event)


def _opened(claim: GrantClaim, event: ClaimOpened) -> GrantClaim:
    """A claim with no lines yet; numbers, documents and the permission to be late are kept from before a withdrawal."""
    named = replace(claim, name=event.claim, municipality=event.municipality, round=event.round, status=Status.OPENED)
    return replace(named, lines={}, removed=frozenset(), submitted_before=False, assessment=None, proposal=None)


def _lines(claim: GrantClaim, event: ClaimEvent) -> GrantClaim:
    lines, proposed = dict(claim.lines), claim.proposed
    match event:
        case LinesProposedV1():
            lines |= {each.hpr: ClaimLine(confirmed=False, stored=as_limits(each.applied)) for each in event.lines}
            proposed = {**proposed, **{each.hpr: each.applied for each in event.lines}}
        case LinesProposed():
            lines |= dict.fromkeys(event.lines, ClaimLine(confirmed=False))
        case LineConfirmedV1() | LineAddedV1():
            shown = filter(None, [proposed.get(event.hpr)])
            lines[event.hpr] = _limited(event, limits_of(event.applied, shown), as_limits(event.applied))
        case LineConfirmed() | LineAdded():
            lines[event.hpr] = _limited(event, event.limits, event.limits)
        case LineRemoved():
            del lines[event.hpr]
            return replace(claim, lines=lines, removed=claim.removed | {event.hpr})
    return replace(claim, lines=lines, removed=claim.removed - lines.keys(), proposed=proposed)


def _limited(event: ClaimEvent, limits: Limits, stored: Limits) -> ClaimLine:
    limit = None if limits == EVERYTHING else LineLimit(limits, event.recorded_by, event.recorded_at)
    return ClaimLine(confirmed=True, limit=limit, stored=stored)


def limits_in(claim: GrantClaim, assessed: type[ClaimEvent] = ClaimAssessed) -> dict[str, Limits]:
    """What each line is limited to in an assessment; in the first ones what the program had proposed limited it too."""
    first = assessed is ClaimAssessedV1
    return {hpr: line.stored if first else line.limits for hpr, line in claim.lines.items()}


def _case(claim: GrantClaim, event: ClaimEvent) -> GrantClaim:
    """What Helsedirektoratet does up to the decision."""
    match event:
        case ClaimAssessed():
            lines = {line.hpr: line for line in event.lines}
            on = event.rests_on
            limits, within = limits_in(claim), limits_in(claim, type(event))
            numbers = claim.assessments.given(event.assessment)
            name = numbers.name(event.assessment)
            made = Assessment(event.assessment, name, on.position, on.rule_set_digest, lines, limits, within)
            return replace(claim, status=Status.ASSESSED, assessment=made, assessments=numbers)
        case DecisionProposed() if claim.assessment:
            lines_decided = {line.hpr: line.model_copy(update={"reason": None}) for line in event.lines}
            numbers = claim.proposals.given(event.decision)
            name = numbers.name(event.decision)
            proposal = Proposal(event.decision, name, claim.assessment, event.recorded_by, lines_decided)
            return replace(claim, status=Status.PROPOSED, proposal=proposal, proposals=numbers)
        case ProposalSentBack():
            return replace(claim, status=Status.ASSESSED, proposal=None)
        case DecisionApproved() if claim.proposal:
            day = norwegian_day(event.recorded_at)
            decided = replace(claim, proposal=None, decisions=(*claim.decisions, claim.proposal))
            decided = replace(decided, decided_on=day, settled_on=day, reopened=None)
            return replace(decided, status=Status.DECIDED) if decided.outstanding else _settled(decided)
        case _:
            opened = Reopening(event.recorded_by, event.reason_code if isinstance(event, ClaimReopened) else None)
            return replace(claim, status=Status.REOPENED, to_reopen=frozenset(), reopened=opened)


def _after(claim: GrantClaim, event: ClaimEvent) -> GrantClaim:
    """What follows a decision."""
    match event:
        case ClaimPaidV1():
            return _settled(replace(claim, settled=claim.settled + event.kroner, settled_on=_paid_on(claim, event)))
        case ClaimReclaimedV1():
            return _settled(replace(claim, settled=claim.settled - event.kroner))
        case ClaimAttested():
            signed = {line.hpr: line.model_copy(update={"remark": None}) for line in event.lines}
            attested = {**claim.attested, **signed}
            return replace(claim, status=Status.ATTESTED, statements=event.statement, attested=attested)
        case ReportAcceptedV1():
            return replace(claim, status=Status.REPORT_ACCEPTED, to_reopen=_to_reopen(event))
        case ClaimClosed():
            return replace(claim, status=Status.CLOSED)
        case AttestationRequested():
            return claim
        case _:
            return claim


def _to_reopen(event: ReportAcceptedV1) -> frozenset[str]:
    """The lines for which the answer to the revisor is a new decision."""
    answers = event.answers if isinstance(event, ReportAccepted) else ()
    return frozenset(each.hpr for each in answers if each.answer is Answer.REOPENED)


def _paid_on(claim: GrantClaim, event: ClaimPaidV1) -> date | None:
    """The day of a payment; one that was stored before days were checked counts as one that can be right."""
    day = min(event.paid_on, norwegian_day(event.recorded_at))
    return max(day, claim.decided_on) if claim.decided_on else day


def _settled(claim: GrantClaim) -> GrantClaim:
    """Nothing is outstanding; where all that is granted was attested as it stands already, it still is."""
    still = bool(claim.granted) and all(map(claim.is_attested, claim.granted))
    return replace(claim, status=Status.ATTESTED if still else Status.PAID)
