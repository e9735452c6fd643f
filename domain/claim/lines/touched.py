"""Which decisions and attestations of a claim a line that changes would touch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from domain.claim.lines.effect import KnownLine, LineSubject, known_line
from domain.claim.stream.events import ClaimAttested, ClaimEvent
from domain.claim.stream.numbering import NumberName
from domain.claim.stream.state import GrantClaim, Status, claim_of
from domain.doctor.history import Doctor
from domain.rules.compare.changes import KroneChange, LineChange
from domain.values.fields import RegisteredHpr, Shape


class TouchedByLine(Shape):
    """Something that rests on the line as it was, and who made it."""

    what: Literal["assessment", "proposal", "decision", "attestation"]
    number: int | str
    by: str | None


class ClaimTouchedShape(Shape):
    """A line in a claim: kroner that can be granted, of what is applied for, and what rests on it.

    `decided` are the kroner of the decision that holds.
    """

    claim: str
    status: Status
    hpr: RegisteredHpr
    decided: int | None
    kroner: KroneChange
    touches: list[TouchedByLine]


@dataclass(frozen=True, slots=True)
class Dependent:
    """Something that rests on the line: an assessment, a proposal, a decision or a statement, by its number."""

    what: str
    number: NumberName
    by: str | None

    def as_json(self) -> dict[str, Any]:
        """What, which, and by whom."""
        return {"what": self.what, "number": self.number, "by": self.by}


@dataclass(frozen=True, slots=True)
class ClaimTouched:
    """A line of a claim before and after, in kroner that can be granted, and what rests on it."""

    claim: GrantClaim
    hpr: str
    before: KnownLine
    after: KnownLine
    touches: tuple[Dependent, ...]

    def as_json(self) -> dict[str, Any]:
        """The claim, where it stands, the kroner, and what is touched."""
        before, after, decided = self.before.amount, self.after.amount, self.claim.decided
        line = decided.lines.get(self.hpr) if decided else None
        return {
            "claim": self.claim.name,
            "status": self.claim.status,
            "hpr": self.hpr,
            "decided": line.kroner if line else None,
            "kroner": {
                "before": before,
                "after": after,
                "difference": None if before is None or after is None else after - before,
            },
            "touches": [each.as_json() for each in self.touches],
        }


def touched(events: Sequence[ClaimEvent], change: LineChange, before: Doctor, after: Doctor) -> ClaimTouched | None:
    """What a changed line touches in the claim that some events make; None where it is not in it."""
    claim = claim_of(events)
    if change.hpr not in claim.lines:
        return None
    subject = LineSubject(change.hpr, claim.municipality, claim.lines[change.hpr].limits)
    was, now = (known_line(subject, doctor, change.rules) for doctor in (before, after))
    return ClaimTouched(claim, change.hpr, was, now, tuple(_touches(claim, change.hpr, events)))


def _touches(claim: GrantClaim, hpr: str, events: Sequence[ClaimEvent]) -> Iterator[Dependent]:
    """What rests on a line now; a decision or a statement that a later one replaced does not."""
    decided = claim.decided
    if claim.assessment and hpr in claim.assessment.lines and claim.assessment != (decided and decided.assessment):
        yield Dependent("assessment", claim.assessment.name, None)
    if claim.proposal and hpr in claim.proposal.lines:
        yield Dependent("proposal", claim.proposal.name, claim.proposal.by)
    if decided and hpr in decided.lines:
        yield Dependent("decision", decided.name, decided.by)
    signed = [each for each in events if isinstance(each, ClaimAttested) and any(hpr == n.hpr for n in each.lines)]
    if signed:
        yield Dependent("attestation", signed[-1].statement, signed[-1].recorded_by)
