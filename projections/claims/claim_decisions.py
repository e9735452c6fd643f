"""What was proposed and decided, line by line: what it rested on, what was decided before, and what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.claim.parts.parts import AppliedBasis, DecidedLine, LineEffect, Outcome, ReasonCode
from domain.claim.stream.earlier import ClaimReopenedV1
from domain.claim.stream.events import ClaimEvent, ClaimReopened, DecisionApproved, DecisionProposed, ProposalSentBack
from domain.claim.stream.numbering import NumberName, decisions_in
from domain.claim.stream.state import NO_CLAIM, GrantClaim, evolve


@dataclass(frozen=True, slots=True)
class DecidedBefore:
    """What the decision before granted a line, and why not all."""

    granted: int
    outcome: Outcome
    reason_code: ReasonCode | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """What the claim was opened again for on a line: the first month, the kroner before and after, the facts."""

    first_month: str | None
    before: int | None
    after: int | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecidedLineView:
    """A line of a decision: what it applies for (null: all), computed, within that, granted, and why not all.

    `findings` are what people should look at, while nothing is decided yet; `before` is the decision before this one,
    `since` what became known after that.
    """

    hpr: str
    basis: AppliedBasis | None
    first_month: str | None
    last_month: str | None
    supplement: bool | None
    computed: int | None
    amount: int | None
    outcome: Outcome
    granted: int
    reason_code: ReasonCode | None
    reason: str | None
    findings: tuple[str, ...]
    before: DecidedBefore | None
    since: ChangedSince | None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal by what it and its assessment are called: its lines, and what became of it, or why it came back."""

    name: NumberName
    assessment: NumberName
    event: DecisionProposed
    lines: tuple[DecidedLineView, ...]
    settled: DecisionApproved | ProposalSentBack | None = None

    @property
    def approved(self) -> bool:
        """Whether it is decided."""
        return isinstance(self.settled, DecisionApproved)

    @property
    def state(self) -> str:
        """What became of it, for programs."""
        return "approved" if self.approved else "sent_back" if self.settled else "proposed"

    @property
    def sent_back_for(self) -> str | None:
        """Why it was not approved."""
        return self.settled.reason if isinstance(self.settled, ProposalSentBack) else None


def proposal_views(events: Sequence[ClaimEvent]) -> list[ProposalView]:
    """Every proposal of a claim, with what had been decided and had become known when it was made."""
    claim, told, effects = NO_CLAIM, list[ProposalView](), dict[str, LineEffect]()
    made = iter(decisions_in(events))
    for event in events:
        match event:
            case DecisionProposed():
                before = lines_in_force(told)
                lines = (_line(claim, each, before.get(each.hpr), effects.get(each.hpr)) for each in event.lines)
                named = next(made)
                told.append(ProposalView(named.name, named.assessment, event, tuple(lines)))
            case DecisionApproved():
                told[-1], effects = replace(told[-1], settled=event), {}
            case ProposalSentBack():
                told[-1] = replace(told[-1], settled=event)
            case ClaimReopened() | ClaimReopenedV1():
                effects = {each.hpr: each for each in event.effects}
        claim = evolve(claim, event)
    return told


def lines_in_force(told: Sequence[ProposalView]) -> dict[str, DecidedLine]:
    """The lines of the decision that holds, with the texts of the log."""
    last = next((each for each in reversed(told) if each.approved), None)
    return {line.hpr: line for line in last.event.lines} if last else {}


def _line(
    claim: GrantClaim, decided: DecidedLine, before: DecidedLine | None, since: LineEffect | None
) -> DecidedLineView:
    made = claim.assessment
    limits = made.limits[decided.hpr] if made else None
    assessed = made.lines[decided.hpr] if made else None
    return DecidedLineView(
        hpr=decided.hpr,
        basis=limits.basis if limits else None,
        first_month=limits.first_month if limits else None,
        last_month=limits.last_month if limits else None,
        supplement=limits.supplement if limits else None,
        computed=assessed.computed if assessed else None,
        amount=assessed.amount if assessed else None,
        outcome=decided.outcome,
        granted=decided.kroner,
        reason_code=decided.reason_code,
        reason=decided.reason,
        findings=(),
        before=DecidedBefore(before.kroner, before.outcome, before.reason_code, before.reason) if before else None,
        since=ChangedSince(since.first_month, since.before, since.after, since.facts) if since else None,
    )
