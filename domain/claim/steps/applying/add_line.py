"""The municipality adds a doctor."""

from typing import Final, Literal

from domain.claim.lines.applied import limits_stated
from domain.claim.parts.limits import Limits
from domain.claim.parts.parts import Written
from domain.claim.parts.status import Status
from domain.claim.rights.known import RegisteredLine
from domain.claim.rights.step import DRAFT, MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import LineAdded
from domain.claim.stream.state import GrantClaim
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import RegisteredHpr
from domain.values.refusals.refusal import refused


class AddLine(ClaimStep):
    """Add a doctor that was not proposed, or was removed; limited as a line that is confirmed."""

    type: Literal["add_line"] = "add_line"
    hpr: RegisteredHpr
    applied: Limits | None = None
    reason: Written | None = None


def add_line(claim: GrantClaim, asked: AddLine, acting: Acting, rules: RuleSet, registered: RegisteredLine) -> Events:
    """Only for a doctor who held a position in the municipality in the round."""
    if asked.hpr in claim.lines:
        raise refused("line-there", hpr=asked.hpr)
    if registered.applied is None:
        raise refused("no-position-in-round", hpr=asked.hpr, municipality=claim.municipality, round=claim.round)
    limits = limits_stated(asked.applied, rules, (registered.applied, claim.proposed.get(asked.hpr)))
    return [acting.event(LineAdded, hpr=asked.hpr, limits=limits, reason=asked.reason)]


ADD_LINE: Final = Step(
    asked=AddLine,
    decide=add_line,
    statuses=DRAFT | {Status.REOPENED},
    roles=MUNICIPALITY,
    help="Legger til en lege (kommunen).",
)
