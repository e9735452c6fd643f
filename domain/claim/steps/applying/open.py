"""The municipality begins its claim."""

from typing import Final, Literal

from domain.claim.parts.parts import in_line_order
from domain.claim.parts.status import Status
from domain.claim.rights.known import Registered
from domain.claim.rights.step import MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ClaimOpened, LinesProposed
from domain.claim.stream.state import GrantClaim


class Open(ClaimStep):
    """Begin the claim; its municipality and round are its name."""

    type: Literal["open"] = "open"


def open_claim(_claim: GrantClaim, _asked: Open, acting: Acting, registered: Registered) -> Events:
    """Begin with the lines that follow from what is registered."""
    municipality, _, round_id = acting.claim.partition("-")
    opened = acting.event(ClaimOpened, municipality=municipality, round=round_id)
    lines = tuple(in_line_order(registered))
    return [opened, *([acting.event(LinesProposed, lines=lines)] if lines else [])]


OPEN: Final = Step(
    asked=Open,
    decide=open_claim,
    statuses=frozenset({Status.WITHDRAWN}),
    roles=MUNICIPALITY,
    help="Åpner søknaden, med linjer foreslått ut fra det som er registrert (kommunen).",
)
