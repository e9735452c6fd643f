"""The municipality asks for the lines that are new since it began."""

from typing import Final, Literal

from domain.claim.parts.parts import in_line_order
from domain.claim.parts.status import Status
from domain.claim.rights.known import Registered
from domain.claim.rights.step import DRAFT, MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import LinesProposed
from domain.claim.stream.state import GrantClaim
from domain.values.refusals.refusal import refused


class ProposeLines(ClaimStep):
    """Propose lines for the doctors registered since it was last done."""

    type: Literal["propose_lines"] = "propose_lines"


def propose_lines(claim: GrantClaim, _asked: ProposeLines, acting: Acting, registered: Registered) -> Events:
    """Only doctors that are neither in the claim nor were removed from it."""
    new = in_line_order(registered.keys() - claim.lines.keys() - claim.removed)
    if not new:
        raise refused("nothing-to-propose")
    return [acting.event(LinesProposed, lines=tuple(new))]


PROPOSE_LINES: Final = Step(
    asked=ProposeLines,
    decide=propose_lines,
    statuses=DRAFT | {Status.REOPENED},
    roles=MUNICIPALITY,
    help="Foreslår linjer for leger som er registrert siden (kommunen).",
)
