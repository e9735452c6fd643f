"""What is asked of conversions over HTTP, and the shapes of the answers."""

from datetime import date
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from api.described.body import JsonBody, Schemas, schemas_of
from api.http.lists import PageQuery
from api.http.parameters import NoQuery
from api.http.problems import FieldError, Problem
from domain.casework.conversions.conversion import (
    MOST_DOCTORS,
    ConversionResult,
    ConvertedDoctorShape,
    RoundSum,
    RoundTouched,
    WaitingShape,
    Wanted,
)
from domain.doctor.intake.intake import refusal_of
from domain.doctor.intake.plain import Json
from domain.values.fields import Day, MunicipalityCode, RegisteredHpr, RegisteredId, Shape, Text

_RULES: Final[Any] = Field(
    default=None,
    description="The id of a rule set, also a draft, to compute its round under; the others are computed under the"
    " published one that is in force.",
    examples=["nasjonal-alis-2026-final"],
)


class ConversionQuery(NoQuery):
    """How a preview is computed."""

    rules: RegisteredId | None = _RULES


class ConversionsQuery(PageQuery):
    """Whose conversion, on which day."""

    on: Day | None = Field(default=None, description="The day of the conversion; else today.", examples=["2026-01-01"])
    municipality: MunicipalityCode | None = Field(
        default=None, description="The doctors with a post in this municipality.", examples=["1804"]
    )
    rules: RegisteredId | None = _RULES


class NewConversions(BaseModel):
    """Conversions to the new scheme: the day from which it holds, the doctors, and a caseworker's reason."""

    model_config = ConfigDict(extra="forbid")

    on: Day
    doctors: Annotated[list[RegisteredHpr], Field(min_length=1, max_length=MOST_DOCTORS)]
    reason: Text | None = None


class ConversionList(Shape):
    """The doctors who wait to be converted, by municipality; `next` is the next cursor.

    `rounds` are those that the conversion touches and that have a rule set; without any, no kroner can be told.
    `names` are those of the doctors, by HPR number, as they are known now; none for those who may not see them.
    """

    on: date
    old_scheme_ends: date | None
    rounds: list[RoundTouched]
    municipalities: list[WaitingShape]
    names: dict[str, str]
    next: str | None


class ConversionPreview(Shape):
    """What conversions would give, doctor by doctor and in each round. Nothing is stored.

    `names` are those of the doctors who can be converted, by HPR number; none for those who may not see them.
    """

    on: date
    rounds: list[RoundTouched]
    sums: list[RoundSum]
    doctors: list[ConvertedDoctorShape]
    names: dict[str, str]


class ConversionsShape(Shape):
    """What became of each doctor, in the order asked."""

    on: date
    results: list[ConversionResult]


def wanted_in(body: Json) -> Wanted:
    """The conversions that a body asks for; raises `Problem` with every error of it."""
    try:
        found = NewConversions.model_validate(body, strict=True)
    except ValidationError as error:
        raise Problem.invalid([FieldError.of(refusal_of(each)) for each in error.errors()]) from None
    return Wanted(found.on, tuple(found.doctors), found.reason)


def _schemas() -> Schemas:
    return schemas_of("NewConversions", TypeAdapter(NewConversions))


NEW_CONVERSIONS: Final = JsonBody("NewConversions", "The day, the doctors, and the reason.", _schemas)
