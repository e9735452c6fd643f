"""What a claim is made of: lines, assessments, proposals, and the opening of a decision again."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.claim.parts.limits import EVERYTHING, Limits, LineLimit
from domain.claim.parts.parts import AssessedLine, DecidedLine, ReopenReason
from domain.claim.stream.numbering import NumberName


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A doctor in the claim: who limited the line, and whether the municipality has applied for it.

    `stored` is all that was stored of what it applies for, which limited the first assessments.
    """

    confirmed: bool
    limit: LineLimit | None = None
    stored: Limits = EVERYTHING

    @property
    def limits(self) -> Limits:
        """What a person limited it to."""
        return self.limit.to if self.limit else EVERYTHING


@dataclass(frozen=True, slots=True)
class Assessment:
    """The last assessment: its number and what it is called, what it rests on, its lines and what limited them.

    `limits` are those that persons had made; `computed_within` those that it was computed with, which in the first
    ones were what the program had proposed too.
    """

    number: int
    name: NumberName
    position: int
    rule_set_digest: str
    lines: Mapping[str, AssessedLine]
    limits: Mapping[str, Limits]
    computed_within: Mapping[str, Limits]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed and what it is called, by whom, under which assessment."""

    number: int
    name: NumberName
    assessment: Assessment
    by: str
    lines: Mapping[str, DecidedLine]

    @property
    def total(self) -> int:
        """The kroner of all lines."""
        return sum(line.kroner for line in self.lines.values())

    def gave_less(self, hpr: str) -> bool:
        """Whether a line got less than it could, for a reason that somebody gave."""
        return hpr in self.lines and self.lines[hpr].kroner < (self.assessment.lines[hpr].amount or 0)


@dataclass(frozen=True, slots=True)
class Reopening:
    """Who opened a decision again, and the coded reason where one was stored."""

    by: str
    reason: ReopenReason | None

    @property
    def of_the_decision(self) -> bool:
        """Whether it was for the decision itself, and not for what became known later."""
        return self.reason in {ReopenReason.ERROR, ReopenReason.COMPLAINT}
