"""Gaps in a claim: an event that cannot follow those before it, because one that must have come first is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.claim.rights.rights import hindrance
from domain.claim.steps.registry import STEPS
from domain.claim.stream.events import (
    ClaimAssessed,
    ClaimAttested,
    ClaimEvent,
    ClaimOpened,
    ClaimPaidV1,
    ClaimReclaimedV1,
    DecisionApproved,
    DecisionProposed,
    ProposalSentBack,
)
from domain.claim.stream.state import NO_CLAIM, GrantClaim, evolve


@dataclass(slots=True)
class _Counted:
    """The highest number so far of assessments, proposals and statements, ever and since the claim was last opened."""

    ever: int = 0
    since_opened: int = 0

    def follows(self, number: int) -> bool:
        """Whether a number is the next; in the first claims they began again when a claim was opened again."""
        fits = number in {self.ever + 1, self.since_opened + 1}
        self.ever, self.since_opened = max(self.ever, number), number
        return fits


@dataclass(frozen=True, slots=True)
class Gap:
    """The number of the first event that cannot follow those before it, and what is missing."""

    before: int
    missing: str


def first_gap(events: Sequence[ClaimEvent]) -> Gap | None:
    """Go through a claim from its beginning."""
    claim, counts = NO_CLAIM, {name: _Counted() for name in ("assessment", "decision", "statement")}
    for number, event in enumerate(events, start=1):
        if missing := _cannot_follow(claim, event, counts):
            return Gap(number, missing)
        try:
            claim = evolve(claim, event)
        except LookupError:
            return Gap(number, "linjen som den gjelder")
    return None


def _cannot_follow(claim: GrantClaim, event: ClaimEvent, counts: Mapping[str, _Counted]) -> str | None:
    """What is missing before an event; None where nothing is."""
    if isinstance(event, ClaimOpened):
        for count in counts.values():
            count.since_opened = 0
    numbered = _number_of(event)
    if numbered and not counts[numbered[0]].follows(numbered[1]):
        return f"nummer {numbered[1]} følger ikke etter det forrige"
    step = next((each for each in STEPS.values() if isinstance(event, each.makes)), None)
    if step and hindrance(claim, step, claim.name) is not None:
        return "det som skulle kommet først, er ikke der"
    return _other_decision(claim, event)


def _number_of(event: ClaimEvent) -> tuple[str, int] | None:
    match event:
        case ClaimAssessed():
            return "assessment", event.assessment
        case DecisionProposed():
            return "decision", event.decision
        case ClaimAttested():
            return "statement", event.statement
    return None


def _other_decision(claim: GrantClaim, event: ClaimEvent) -> str | None:
    """What is missing where an event names another assessment, proposal or decision than the one that stands."""
    decided = claim.decided.number if claim.decided else None
    match event:
        case DecisionProposed() if not claim.assessment or event.assessment != claim.assessment.number:
            return "vurderingen som forslaget bygger på"
        case ProposalSentBack() | DecisionApproved() if not claim.proposal or event.decision != claim.proposal.number:
            return "forslaget som det ble tatt stilling til"
        case ClaimPaidV1() | ClaimReclaimedV1() | ClaimAttested() if event.decision != decided:
            return "vedtaket som dette bygger på"
        case ClaimPaidV1() if event.kroner != claim.outstanding:
            return "en utbetaling eller et vedtak"
        case ClaimReclaimedV1() if event.kroner != -claim.outstanding:
            return "en utbetaling eller et vedtak"
    return None
