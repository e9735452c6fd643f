"""What stands in addresses and headers, with the words that document it.

A parameter that is not known is refused: a misspelt `known_at` must not answer with what is known today.
"""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Header, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from deploy.clock import now
from domain.claim.parts import parts
from domain.rules.sets.content import Digest
from domain.values import fields as values
from domain.values.fields import Moment, RegisteredId

_ASSESSMENT: Final = r"^[1-9][0-9]{0,5}[a-z]{0,3}$"
values.WORDS[_ASSESSMENT] = "nummeret på vurderingen, som 1"

Hpr = Annotated[
    values.RegisteredHpr,
    Path(description="The doctor's number in the health personnel register.", examples=["9000001"]),
]
FactId = Annotated[RegisteredId, Path(description="The fact's id.", examples=["sykehus-2025"])]
Municipality = Annotated[
    values.MunicipalityCode,
    Path(description="Municipality code, also one that has ended: its successor answers.", examples=["1804"]),
]
Round = Annotated[RegisteredId, Path(alias="round", description="The grant period.", examples=["2026"])]
RuleSetId = Annotated[RegisteredId, Path(description="The rule set's id.", examples=["nasjonal-alis-2026-provisional"])]

ClaimName = Annotated[
    parts.ClaimName,
    Path(alias="claim", description="The claim's name: municipality and round.", examples=["1804-2026"]),
]
DocumentDigest = Annotated[
    Digest,
    Path(alias="document", description="The document's digest.", examples=[f"sha256:{'0' * 64}"]),
]
AssessmentNumber = Annotated[
    str,
    Path(
        alias="assessment",
        pattern=_ASSESSMENT,
        description="Its number in the claim; `1b` is the second that was given the number 1.",
        examples=["1"],
    ),
]


def _has_come(moment: datetime) -> datetime:
    """What is known later is another answer later."""
    if moment > now():
        raise PydanticCustomError("moment-to-come", "moment-to-come")
    return moment


PastMoment = Annotated[Moment, AfterValidator(_has_come)]
"""A moment of knowledge: nobody knows what is known in the future."""


class NoQuery(BaseModel):
    """An address that takes no parameters."""

    model_config = ConfigDict(extra="forbid")


class KnownQuery(NoQuery):
    """A question that can be asked as of a moment."""

    known_at: PastMoment | None = Field(
        default=None,
        description="As it was known at this moment (ISO 8601 with `Z` or an offset, whose `+` is written `%2B`);"
        " else as it is known now. A moment to come is refused.",
        examples=["2026-07-01T00:00:00Z"],
    )


class RulesQuery(KnownQuery):
    """A question that is answered under a rule set."""

    rules: RegisteredId | None = Field(
        default=None,
        description="The id of a rule set; else the latest published one of the round.",
        examples=["nasjonal-alis-2026-provisional"],
    )


class CalculationQuery(RulesQuery):
    """A calculation, and how much is told of it."""

    trace: bool = Field(
        default=False, description="With the reasons for every krone, down to sources and facts.", examples=[True]
    )
    assumptions: bool = Field(
        default=True,
        description="With the choices that decide the amount, and the kroner against each alternative.",
        examples=[True],
    )


Nothing = Annotated[NoQuery, Query()]
Known = Annotated[KnownQuery, Query()]
UnderRules = Annotated[RulesQuery, Query()]
AsCalculated = Annotated[CalculationQuery, Query()]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="The `ETag` of an answer that the caller still has; 304 where it holds."),
]
