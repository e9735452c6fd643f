"""The municipality applies for a line."""

from typing import Final, Literal

from domain.claim.lines.applied import limits_stated
from domain.claim.parts.limits import Limits
from domain.claim.parts.parts import Written
from domain.claim.parts.status import Status
from domain.claim.rights.known import RegisteredLine
from domain.claim.rights.lines import check_in_claim
from domain.claim.rights.step import DRAFT, MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import LineConfirmed
from domain.claim.stream.state import GrantClaim
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import RegisteredHpr


class ConfirmLine(ClaimStep):
    """Apply for a line: for all that is computed, or for less; `reason` says why it is limited."""

    type: Literal["confirm_line"] = "confirm_line"
    hpr: RegisteredHpr
    applied: Limits | None = None
    reason: Written | None = None


def confirm_line(
    claim: GrantClaim, asked: ConfirmLine, acting: Acting, rules: RuleSet, registered: RegisteredLine
) -> Events:
    """All that is computed, or within limits that lie in the round."""
    check_in_claim(claim, asked.hpr)
    shown = (registered.applied, claim.proposed.get(asked.hpr))
    limits = limits_stated(asked.applied, rules, shown, claim.lines[asked.hpr].limits)
    return [acting.event(LineConfirmed, hpr=asked.hpr, limits=limits, reason=asked.reason)]


CONFIRM_LINE: Final = Step(
    asked=ConfirmLine,
    decide=confirm_line,
    statuses=DRAFT | {Status.REOPENED},
    roles=MUNICIPALITY,
    help="Sier hva det søkes om på en linje; uten hpr bekreftes alle linjer som foreslått (kommunen).",
)
