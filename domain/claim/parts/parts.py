"""What the events and the commands of a claim are made of."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from domain.claim.parts.worth import Worth
from domain.doctor.facts.accounts import Funding, check_net
from domain.doctor.facts.fact import Personal, added_later
from domain.rules.sets.content import Digest
from domain.values.event import Strict
from domain.values.fields import WORDS, CostKind, Kroner, Label, MonthText, RegisteredHpr, RegisteredName, Text, Token

_CLAIM_NAME: Final = r"^[0-9]{4}-\S(.{0,62}\S)?$"
_SOMETHING: Final = r"\S"
WORDS[_CLAIM_NAME] = "kommunenummer, bindestrek og tilskuddsperiode, som 1804-2026"
WORDS[_SOMETHING] = "minst ett synlig tegn"
_MEDIA_TYPE: Final = r"^[a-z]+/[a-z0-9.+-]+$"
WORDS[_MEDIA_TYPE] = "slag/type, som application/pdf"
MediaType = Annotated[str, StringConstraints(pattern=_MEDIA_TYPE, max_length=100)]
ClaimName = Annotated[str, StringConstraints(pattern=_CLAIM_NAME)]
"""Municipality and round, `1804-2026`: how people and programs name a claim."""
Written = Annotated[Text, StringConstraints(pattern=_SOMETHING), Personal]
"""A text that somebody wrote: never empty, stored encrypted."""
WrittenName = Annotated[Label, StringConstraints(pattern=_SOMETHING), Personal]
"""What somebody wrote as the name of a person, a place, a firm or a file."""
Count = Annotated[int, Field(ge=1)]


class AppliedBasis(StrEnum):
    """What a line applies for: all that an agreement gives, or guidance alone."""

    AGREEMENT = "agreement"
    GUIDANCE_ONLY = "guidance_only"


class Outcome(StrEnum):
    """What is decided for a line."""

    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"


class ReasonCode(StrEnum):
    """Why a line is not granted in full."""

    CONDITIONS = "conditions_not_met"
    DOCUMENTATION = "documentation_missing"
    COSTS = "costs_not_documented"
    DOUBLE = "paid_elsewhere"
    OTHER = "other"


class ReopenReason(StrEnum):
    """Why a decision is opened again."""

    LATER = "later_knowledge"
    RATES = "new_rates"
    ERROR = "error_in_decision"
    COMPLAINT = "complaint"
    REVISOR = "revisor_found"


class DocumentKind(StrEnum):
    """What a document is."""

    AGREEMENT = "agreement"
    CONTRACT = "contract"
    LEDGER = "ledger"
    GRANT_LETTER = "grant_letter"
    STATEMENT = "statement"
    OTHER = "other"


class Finding(StrEnum):
    """What a revisor found of a line."""

    CONFIRMED = "confirmed"
    DEVIATION = "deviation"
    NOT_POSSIBLE = "not_possible"


class Answer(StrEnum):
    """What is to become of a line that a revisor did not confirm."""

    ACCEPTED = "accepted"
    REOPENED = "reopened"


_DEVIATION: Final = (
    "Of a deviation alone, and never 0: by how many kroner the grant differs from what it should have been, positive "
    "where it was too high, negative where it was too low."
)


class Applied(Strict):
    """What a municipality applies for on a line: the basis, from and to month, the supplement or not."""

    basis: AppliedBasis
    first_month: MonthText
    last_month: MonthText
    supplement: bool

    @model_validator(mode="after")
    def _months_in_order(self) -> Self:
        if self.last_month < self.first_month:
            raise PydanticCustomError("last-before-first", "last-before-first")
        return self


class AppliedLine(Strict):
    """A doctor with what is applied for."""

    hpr: RegisteredHpr
    applied: Applied


class Cost(Strict):
    """What was spent on an element: whole kroner, net of other funding."""

    element: Token
    kroner: Kroner


class ReportedCostV1(Cost):
    """A cost with the fact of the doctor's track that it was recorded as."""

    fact: Token


class CostOfKind(Cost):
    """What was spent on an element, in all or of one kind: `kroner` is gross less other funding, if gross is given."""

    gross: Kroner | None = added_later()
    other_funding: tuple[Funding, ...] | None = added_later()
    kind: CostKind | None = added_later()

    @model_validator(mode="after")
    def _is_net(self) -> Self:
        check_net(self.kroner, self.gross, self.other_funding)
        return self


class ReportedCost(CostOfKind, ReportedCostV1):
    """The same, with the fact that it is known as: a new one, or an earlier one that says the same."""


class LineRemark(Strict):
    """What is to be put right on a line."""

    hpr: RegisteredHpr
    remark: Written


class AssessedLine(Strict):
    """A line as assessed: the digest of its canonical result, the kroner computed, and those that can be granted.

    An amount is None where a rate that it needs is unknown. `digest` is of null where the doctor has no line in the
    result.
    """

    hpr: RegisteredHpr
    digest: Digest
    computed: int | None
    amount: int | None
    elements: dict[str, int] | None

    @property
    def worth(self) -> Worth:
        """What it is compared by."""
        return Worth(self.digest, self.amount)


class RestsOn(Strict):
    """What an assessment rests on: everything that is needed to compute it again.

    `position` is the last of the log that was read, `streams` the version read of every stream of its doctors,
    `claim_version` that of the claim's own and `rule_book_version` that of the rule book. `result` is the canonical
    result, whole.
    """

    rule_set: Token
    rule_set_digest: Digest
    position: Count
    claim_version: Count
    rule_book_version: Count
    streams: dict[str, Count]
    engine_version: str
    result: dict[str, Any]  # what was computed here is not checked again each time it is read
    result_digest: Digest


class DecidedLine(Strict):
    """What is decided for a line, in kroner, and why where it is not all that was assessed."""

    hpr: RegisteredHpr
    outcome: Outcome
    kroner: Kroner
    reason_code: ReasonCode | None = None
    reason: Written | None = None


class AttestedLine(Strict):
    """What a revisor says of a line, over the digest of its canonical result."""

    hpr: RegisteredHpr
    digest: Digest
    finding: Finding
    kroner: Annotated[int, Field(ge=-1_000_000_000, le=1_000_000_000, description=_DEVIATION)] | None = None
    remark: Written | None = None


class LineAnswer(Strict):
    """What is answered to a line that the revisor did not confirm; one that is accepted says why."""

    hpr: RegisteredHpr
    answer: Answer
    reason: Written | None = None


class AttestedContent(Strict):
    """Something attested, and in which document it stands."""

    what: Written
    document: Digest


class LineEffect(Strict):
    """What later knowledge makes of a line: the earliest month affected, and the kroner before and after."""

    hpr: RegisteredHpr
    first_month: MonthText | None
    before: int | None
    after: int | None
    facts: tuple[RegisteredName, ...] = ()


def in_line_order(hprs: Iterable[str]) -> list[str]:
    """HPR numbers in the order of lines: as numbers."""
    return sorted(hprs, key=lambda hpr: (int(hpr), hpr))
