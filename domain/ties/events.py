"""What becomes of a tie: it is declared, and it ends."""

from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from domain.doctor.facts.fact import Personal
from domain.values.event import Event, Strict
from domain.values.fields import WORDS, Day, MunicipalityCode, RegisteredHpr, Text, Token
from domain.values.refusals.person import GivenName

_SOMETHING: Final = r"\S"
WORDS[_SOMETHING] = "minst ett synlig tegn"
Reason = Annotated[Text, StringConstraints(pattern=_SOMETHING), Personal]


class TieKind(StrEnum):
    """What ties a person to a doctor or a municipality (public administration act, section 6)."""

    FAMILY = "family"
    EMPLOYMENT = "employment"
    FINANCIAL = "financial"
    PERSONAL = "personal"


class _OfTie(Strict):
    type: str
    tie: Token


class TieEvent(Event, _OfTie):
    """What every event of a tie carries: which tie, when, and by whom."""


class TieDeclared(TieEvent, topic="tie.declared.v1"):
    """A person's tie to a doctor or a municipality (by its first code) was declared."""

    type: Literal["tie_declared"] = "tie_declared"
    person: GivenName
    hpr: RegisteredHpr | None = None
    municipality: MunicipalityCode | None = None
    kind: TieKind
    first_day: Day
    reason: Reason | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.hpr is None) == (self.municipality is None):
            raise PydanticCustomError("one-of", "{names}", {"names": "hpr og municipality"})
        return self


class TieEnded(TieEvent, topic="tie.ended.v1"):
    """A tie holds no longer after a day, or after another day than was said before."""

    type: Literal["tie_ended"] = "tie_ended"
    last_day: Day


_CLASSES: Final[tuple[type[TieEvent], ...]] = (TieDeclared, TieEnded)
TIE_EVENTS: Final = {cls.event_topic: cls for cls in _CLASSES}
TIE_TYPES: Final = {str(cls.model_fields["type"].default): cls for cls in _CLASSES}
