"""The shapes of an explained difference, for the documentation; `domain.rules.compare.explain` fills them.

And of the two sides that it can be asked for in a body, which are read by these.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from api.http.parameters import PastMoment
from domain.casework.replaying import StoredLater
from domain.rules.sets.rule_set import Digest
from domain.values.fields import MonthText, MunicipalityCode, RegisteredHpr, RegisteredId, Shape

_MOST_FACTS = 100
Parameter = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "additionalProperties": True})]
ReadAsFact = Annotated[dict[str, Any], WithJsonSchema({"component": "Fact"})]


class SupposedFact(Shape):
    """A fact that is only supposed."""

    hpr: RegisteredHpr
    id: RegisteredId


class SideShape(Shape):
    """One of the two calculations. `what_if` has the facts that are only supposed.

    `known_before_stored_after` is there where the side has a moment.
    """

    known_at: datetime | None
    rules: RegisteredId
    rules_status: str
    rules_digest: Digest
    what_if: list[SupposedFact]
    total: int
    complete: bool
    known_before_stored_after: NotRequired[list[StoredLater]]


class MonthKroner(Shape):
    """What a month changes by, in whole kroner; those of a line sum to it."""

    month: MonthText
    kroner: int


class LineKroner(Shape):
    """What a line changes by; the months sum to it with `rounding`, and the elements with `elements_rounding`.

    Those are the kroner by which months and elements change that are only rounded otherwise; there where not zero.

    `reclaimed` is there where what is to be paid back changes, `missing` where a rate has become unknown.
    """

    hpr: RegisteredHpr
    kroner: int
    months: list[MonthKroner]
    rounding: NotRequired[int]
    elements: dict[str, int]
    elements_rounding: NotRequired[int]
    reclaimed: NotRequired[dict[str, int]]
    missing: NotRequired[list[str]]


class ChangedLine(LineKroner):
    """A line on both sides, null where a rate is unknown."""

    from_: Annotated[int | None, Field(alias="from")]
    to: int | None


class ChangedFact(Shape):
    """A fact that one side knows and the other does not; its content is never shown.

    To a municipality, all but the doctor's number is null of a fact that is another municipality's.
    """

    hpr: RegisteredHpr
    id: RegisteredId | None
    type: str | None
    corrects: NotRequired[RegisteredId]
    recorded_at: datetime | None
    recorded_by: str | None
    change: Literal["added", "removed"]
    what_if: bool


class ChangedParameter(Shape):
    """A value, a choice, an element or the list of municipalities as the two rule sets have it, with its source."""

    parameter: Annotated[str, Field(examples=["values.hourly_rate"])]
    from_: Annotated[Parameter | None, Field(alias="from")]
    to: Parameter | None


class ContributionShape(Shape):
    """What one step from the one side to the other does: a fact or a parameter, or some that cannot stand alone."""

    kind: Literal["fact", "parameter"]
    kroner: int
    text: str
    facts: list[ChangedFact]
    parameters: list[ChangedParameter]
    lines: list[LineKroner]


class WithoutEffect(Shape):
    """What differs and changes nothing."""

    facts: list[ChangedFact]
    parameters: list[ChangedParameter]


class ExplanationShape(Shape):
    """The difference between two calculations; the contributions sum exactly to it, in each line and month too.

    `order` says in which order it is shared out, `rounding` how months and elements are shown in whole kroner.
    """

    municipality: MunicipalityCode
    round: RegisteredId
    from_: Annotated[SideShape, Field(alias="from")]
    to: SideShape
    difference: int
    order: str
    rounding: str
    contributions: list[ContributionShape]
    without_effect: WithoutEffect
    lines: list[ChangedLine]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SideBody(_Body):
    """A side to explain from or to: nothing said is what is known now, under the round's latest published rule set."""

    known_at: PastMoment | None = Field(
        default=None, description="As it was known at this moment, which is not to come."
    )
    rules: RegisteredId | None = Field(default=None, description="The id of a rule set.")
    facts: list[ReadAsFact] = Field(
        default_factory=list,
        max_length=_MOST_FACTS,
        description="Facts to suppose besides, written as an import writes them. They are never stored.",
    )


class SidesBody(_Body):
    """The two sides."""

    from_: SideBody = Field(alias="from")
    to: SideBody
