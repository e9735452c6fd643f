"""A decision compared with a newly computed result: which of its lines have changed since."""

from dataclasses import dataclass
from typing import Any

from domain.claim.lines.assessing import assessed
from domain.claim.parts.parts import in_line_order
from domain.claim.stream.made import Proposal
from domain.claim.stream.numbering import NumberName
from domain.claim.stream.state import GrantClaim
from domain.rules.result import Line, Result


@dataclass(frozen=True, slots=True)
class Checked:
    """The decision in force of a claim, and the HPR numbers of its lines that come to something else."""

    claim: str
    decision: NumberName
    lines: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every line is as it was decided on."""
        return not self.lines

    def as_json(self) -> dict[str, Any]:
        """What stands beside the result."""
        return {"claim": self.claim, "number": self.decision, "holds": self.holds, "lines": list(self.lines)}


def check(claim: GrantClaim, result: Result) -> Checked | None:
    """Compare the decision in force with the result of the claim's municipality; None where nothing is decided."""
    decision = claim.decided
    if decision is None:
        return None
    lines = {line.hpr: line for line in result.lines}
    others = (hpr for hpr in in_line_order(decision.lines) if not _is_same(decision, hpr, lines.get(hpr), result))
    return Checked(claim.name, decision.name, tuple(others))


def _is_same(decision: Proposal, hpr: str, line: Line | None, result: Result) -> bool:
    before, limits = decision.assessment.lines[hpr], decision.assessment.limits[hpr]
    now = assessed(hpr, line, line.canonical() if line else None, limits, result)
    return now.worth == before.worth
