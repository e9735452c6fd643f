"""Every step of a claim, in the order of a claim's life."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final

from pydantic import Discriminator, TypeAdapter

from domain.claim.rights.step import ClaimStep, Step
from domain.claim.steps.applying.add_line import ADD_LINE
from domain.claim.steps.applying.attach_document import ATTACH_DOCUMENT
from domain.claim.steps.applying.confirm_line import CONFIRM_LINE
from domain.claim.steps.applying.open import OPEN
from domain.claim.steps.applying.propose_lines import PROPOSE_LINES
from domain.claim.steps.applying.remove_document import REMOVE_DOCUMENT
from domain.claim.steps.applying.remove_line import REMOVE_LINE
from domain.claim.steps.applying.report_costs import REPORT_COSTS
from domain.claim.steps.applying.submit import SUBMIT
from domain.claim.steps.applying.withdraw import WITHDRAW
from domain.claim.steps.handling.allow_late_submission import ALLOW_LATE_SUBMISSION
from domain.claim.steps.handling.approve import APPROVE
from domain.claim.steps.handling.assess import ASSESS
from domain.claim.steps.handling.propose import PROPOSE
from domain.claim.steps.handling.reopen import REOPEN
from domain.claim.steps.handling.return_claim import RETURN
from domain.claim.steps.handling.send_back import SEND_BACK
from domain.claim.steps.settling.accept_report import ACCEPT_REPORT
from domain.claim.steps.settling.attest import ATTEST
from domain.claim.steps.settling.close import CLOSE
from domain.claim.steps.settling.pay import PAY
from domain.claim.steps.settling.reclaim import RECLAIM
from domain.claim.steps.settling.request_attestation import REQUEST_ATTESTATION

_IN_ORDER: Final = (
    OPEN,
    PROPOSE_LINES,
    CONFIRM_LINE,
    ADD_LINE,
    REMOVE_LINE,
    REPORT_COSTS,
    ATTACH_DOCUMENT,
    REMOVE_DOCUMENT,
    ALLOW_LATE_SUBMISSION,
    SUBMIT,
    RETURN,
    WITHDRAW,
    ASSESS,
    PROPOSE,
    SEND_BACK,
    APPROVE,
    PAY,
    RECLAIM,
    REQUEST_ATTESTATION,
    ATTEST,
    ACCEPT_REPORT,
    CLOSE,
    REOPEN,
)
STEPS: Final[Mapping[str, Step]] = {step.name: step for step in _IN_ORDER}


def reader_of(*classes: type[ClaimStep]) -> TypeAdapter[ClaimStep]:
    """What reads any of some steps."""
    union: Any = Annotated[reduce(or_, classes), Discriminator("type")]
    return TypeAdapter(union)


STEP: Final = reader_of(*(step.asked for step in _IN_ORDER))
