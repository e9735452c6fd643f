"""What can be asked of a claim: one class a step, as it stands in a request."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Discriminator, Field, TypeAdapter

from domain.claim.parts.limits import Limits
from domain.claim.parts.numbers import WrittenAccount, WrittenOrganisationNumber
from domain.claim.parts.parts import (
    AttestedContent,
    AttestedLine,
    Cost,
    Count,
    DecidedLine,
    DocumentKind,
    LineAnswer,
    LineRemark,
    MediaType,
    ReopenReason,
    Written,
    WrittenName,
)
from domain.rules.sets.content import Digest
from domain.values.event import Strict
from domain.values.fields import Day, Kroner, Name, RegisteredHpr
from domain.values.refusals.person import GivenName


class Open(Strict):
    """Begin the claim; its municipality and round are its name."""

    type: Literal["open"] = "open"


class ProposeLines(Strict):
    """Propose lines for the doctors registered since it was last done."""

    type: Literal["propose_lines"] = "propose_lines"


class ConfirmLine(Strict):
    """Apply for a line: for all that is computed, or for less; `reason` says why it is limited."""

    type: Literal["confirm_line"] = "confirm_line"
    hpr: RegisteredHpr
    applied: Limits | None = None
    reason: Written | None = None


class AddLine(Strict):
    """Add a doctor that was not proposed, or was removed; limited as a line that is confirmed."""

    type: Literal["add_line"] = "add_line"
    hpr: RegisteredHpr
    applied: Limits | None = None
    reason: Written | None = None


class RemoveLine(Strict):
    """Do not apply for a doctor."""

    type: Literal["remove_line"] = "remove_line"
    hpr: RegisteredHpr
    reason: Written | None = None


class ReportCosts(Strict):
    """Report the costs of a line; they are recorded on the doctor too, as `costs_reported`."""

    type: Literal["report_costs"] = "report_costs"
    hpr: RegisteredHpr
    costs: Annotated[tuple[Cost, ...], Field(min_length=1, max_length=50)]
    project_code: Name


class AttachDocument(Strict):
    """Attach a document whose bytes are stored already, to the claim or to one line."""

    type: Literal["attach_document"] = "attach_document"
    document: Digest
    kind: DocumentKind
    media_type: MediaType
    size: Count
    hpr: RegisteredHpr | None = None
    name: WrittenName


class RemoveDocument(Strict):
    """Take a document off the claim."""

    type: Literal["remove_document"] = "remove_document"
    document: Digest


class AllowLateSubmission(Strict):
    """Let the municipality submit after the deadline, until a day where one is given."""

    type: Literal["allow_late_submission"] = "allow_late_submission"
    until: Day | None = None
    reason: Written


class Submit(Strict):
    """Send the claim; `name` is of the person who does."""

    type: Literal["submit"] = "submit"
    name: WrittenName


class Return(Strict):
    """Send the claim back to be put right."""

    type: Literal["return"] = "return"
    reason: Written
    lines: Annotated[tuple[LineRemark, ...], Field(max_length=1_000)] = ()


class Withdraw(Strict):
    """Take the claim back."""

    type: Literal["withdraw"] = "withdraw"
    reason: Written | None = None


class Assess(Strict):
    """Compute the claim under the round's published rule set, as all is known now."""

    type: Literal["assess"] = "assess"


class Propose(Strict):
    """Propose what to decide; lines that are not named are granted as assessed."""

    type: Literal["propose"] = "propose"
    lines: Annotated[tuple[DecidedLine, ...], Field(max_length=1_000)] = ()


class SendBack(Strict):
    """Do not approve what is proposed."""

    type: Literal["send_back"] = "send_back"
    reason: Written


class Approve(Strict):
    """Approve what is proposed: then it is decided."""

    type: Literal["approve"] = "approve"


class Pay(Strict):
    """Record that kroner were paid under the decision; with a reason, where what is known now says another amount."""

    type: Literal["pay"] = "pay"
    kroner: Kroner
    paid_on: Day
    organisation_number: WrittenOrganisationNumber
    account: WrittenAccount
    reference: Name | None = None
    reason: Written | None = None


class Reclaim(Strict):
    """Record that kroner paid before are reclaimed; with a reason, where what is known now says another amount."""

    type: Literal["reclaim"] = "reclaim"
    kroner: Kroner
    due_on: Day
    reference: Name | None = None
    reason: Written | None = None


class RequestAttestation(Strict):
    """Ask a revisor to attest lines; all that were granted, where none are named."""

    type: Literal["request_attestation"] = "request_attestation"
    revisor: GivenName
    lines: Annotated[tuple[RegisteredHpr, ...], Field(max_length=1_000)] = ()


class Attest(Strict):
    """Sign a statement over named lines."""

    type: Literal["attest"] = "attest"
    grant_scheme: Name
    budget_item: Name
    addressee: Name
    attested: Annotated[tuple[AttestedContent, ...], Field(min_length=1, max_length=1_000)]
    control_actions: Annotated[tuple[Written, ...], Field(min_length=1, max_length=100)]
    lines: Annotated[tuple[AttestedLine, ...], Field(min_length=1, max_length=1_000)]
    place: WrittenName
    signed_on: Day
    name: WrittenName
    firm: WrittenName


class AcceptReport(Strict):
    """Accept the municipality's report with its attestation, and answer each line that was not confirmed."""

    type: Literal["accept_report"] = "accept_report"
    remark: Written | None = None
    answers: Annotated[tuple[LineAnswer, ...], Field(max_length=1_000)] = ()


class Close(Strict):
    """Close the claim."""

    type: Literal["close"] = "close"


class Reopen(Strict):
    """Open a decided claim again.

    Without `reason_code` it is what is known now, or the rates, that change a line. Where nothing changes any, it must
    be an error in the decision itself, or a complaint.
    """

    type: Literal["reopen"] = "reopen"
    reason_code: ReopenReason | None = None
    reason: Written


AnyStep = Annotated[
    Open
    | ProposeLines
    | ConfirmLine
    | AddLine
    | RemoveLine
    | ReportCosts
    | AttachDocument
    | RemoveDocument
    | AllowLateSubmission
    | Submit
    | Return
    | Withdraw
    | Assess
    | Propose
    | SendBack
    | Approve
    | Pay
    | Reclaim
    | RequestAttestation
    | Attest
    | AcceptReport
    | Close
    | Reopen,
    Discriminator("type"),
]
STEP: Final[TypeAdapter[AnyStep]] = TypeAdapter(AnyStep)
STEP_CLASSES: Final[tuple[type[Strict], ...]] = get_args(get_args(AnyStep)[0])
STEP_NAMES: Final = tuple(str(cls.model_fields["type"].default) for cls in STEP_CLASSES)
