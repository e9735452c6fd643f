"""The municipality submits its claim."""

from datetime import date
from typing import Final, Literal

from domain.claim.parts.parts import WrittenName, in_line_order
from domain.claim.rights.known import Dates
from domain.claim.rights.step import ANY, DRAFT, MUNICIPALITY, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import ClaimSubmitted
from domain.claim.stream.state import GrantClaim
from domain.values import words
from domain.values.refusals.refusal import refused


class Submit(ClaimStep):
    """Send the claim; `name` is of the person who does."""

    type: Literal["submit"] = "submit"
    name: WrittenName


def submit(claim: GrantClaim, asked: Submit, acting: Acting, dates: Dates) -> Events:
    """Every line is confirmed, in time or with late submission allowed; a claim that was returned is in time."""
    if not claim.lines:
        raise refused("no-lines")
    waiting = in_line_order(hpr for hpr, line in claim.lines.items() if not line.confirmed)
    if waiting:
        raise refused("lines-not-confirmed", lines=words.listed(waiting))
    deadline = dates.claim_deadline
    if deadline is not None and not _in_time(claim, deadline, acting.day):
        raise refused("too-late", deadline=deadline)
    return [acting.as_asked(ClaimSubmitted, asked)]


def _in_time(claim: GrantClaim, deadline: date, today: date) -> bool:
    allowed = claim.late_until is not None and today <= claim.late_until
    return claim.submitted_before or allowed or today <= deadline


SUBMIT: Final = Step(
    asked=Submit,
    decide=submit,
    statuses=DRAFT,
    roles=MUNICIPALITY,
    help="Sender inn søknaden: name=navnet på den som sender (kommunen).",
    tried=lambda _: Submit(name=ANY),
    makes=(ClaimSubmitted,),
)
