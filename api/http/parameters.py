"""Parameters in addresses and headers, with their descriptions.

Unknown parameters are refused: a misspelt `known_at` must not be answered with what is known today.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Header, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from deploy.clock import now
from domain.values import fields as values
from domain.values.fields import Moment, RegisteredId

Hpr = Annotated[
    values.RegisteredHpr,
    Path(description="The doctor's number in the health personnel register.", examples=["9000001"]),
]
Municipality = Annotated[
    values.MunicipalityCode,
    Path(description="Municipality code, also one that has ended: its successor answers.", examples=["1804"]),
]
Round = Annotated[RegisteredId, Path(alias="round", description="The grant period.", examples=["2026"])]


def _has_come(moment: datetime) -> datetime:
    """Refuse a moment to come: more may be known by then, so the answer would change."""
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
