"""A caseworker lets the municipality submit late."""

from typing import Final, Literal

from domain.claim.parts.parts import Written
from domain.claim.rights.days import check_to_come
from domain.claim.rights.step import CASEWORKER, DRAFT, Acting, ClaimStep, Events, Step
from domain.claim.stream.events import LateSubmissionAllowed
from domain.claim.stream.state import GrantClaim
from domain.values.fields import Day


class AllowLateSubmission(ClaimStep):
    """Let the municipality submit after the deadline, until a day where one is given."""

    type: Literal["allow_late_submission"] = "allow_late_submission"
    until: Day | None = None
    reason: Written


def allow_late_submission(_claim: GrantClaim, asked: AllowLateSubmission, acting: Acting) -> Events:
    """Until a day that is not over."""
    if asked.until is not None:
        check_to_come(asked.until, acting.day)
    return [acting.as_asked(LateSubmissionAllowed, asked)]


ALLOW_LATE_SUBMISSION: Final = Step(
    asked=AllowLateSubmission,
    decide=allow_late_submission,
    statuses=DRAFT,
    roles=CASEWORKER,
    help="Tillater at søknaden sendes etter fristen (saksbehandleren).",
)
