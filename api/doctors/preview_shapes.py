"""The shape of a preview, for the documentation; `domain.casework.preview` fills it."""

from typing import Literal

from pydantic import Field

from api.round.result_shapes import MonthShape, Shape
from domain.claim.stream.state import Status
from domain.rules.sets.rule_set import Digest
from domain.values.fields import MonthText, MunicipalityCode, RegisteredHpr, RegisteredId


class KroneChange(Shape):
    """Whole kroner before and after; null where a rate is unknown."""

    before: int | None
    after: int | None
    difference: int | None


class PaidMonth(MonthShape):
    """A month with its kroner; a line's months sum to the line. Null where a rate is unknown."""

    kroner: int | None


class MonthChange(Shape):
    """A month before and after; null where no post is held in the municipality in the round."""

    month: MonthText
    before: PaidMonth | None
    after: PaidMonth | None


class CountedMonths(Shape):
    """How many months of the round are paid as what."""

    agreement: int
    guidance_only: int
    none: int


class CountChange(Shape):
    """The months counted before and after."""

    before: CountedMonths
    after: CountedMonths


class LineChangeShape(Shape):
    """A doctor's line in a municipality and round that would be another.

    `months` has those that change; their differences and `rounding` sum to the difference of the line.
    """

    municipality: MunicipalityCode
    name: str
    round: RegisteredId
    rules: RegisteredId
    rules_digest: Digest
    hpr: RegisteredHpr
    kroner: KroneChange
    elements: dict[str, KroneChange]
    counted: CountChange
    months: list[MonthChange]
    rounding: int | None


class TouchedByLine(Shape):
    """Something that rests on the line as it was, and who made it."""

    what: Literal["assessment", "proposal", "decision", "attestation"]
    number: int | str
    by: str | None


class ClaimTouchedShape(Shape):
    """A line in a claim: kroner that can be granted, of what is applied for, and what rests on it.

    `decided` are the kroner of the decision that holds.
    """

    claim: str
    status: Status
    hpr: RegisteredHpr
    decided: int | None
    kroner: KroneChange
    touches: list[TouchedByLine]


class PreviewShape(Shape):
    """What facts would change. Nothing is stored."""

    facts: int = Field(description="How many facts were sent.")
    would_store: int = Field(description="How many of them are new.")
    already_stored: int = Field(description="How many of them are known already.")
    doctors: int
    changes: list[LineChangeShape] = Field(description="Every line that would be another, by round and municipality.")
    claims: list[ClaimTouchedShape] = Field(description="The claims that these lines stand in.")
