"""What a person limited a line of a claim to. A line that nobody limited applies for all that is computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from domain.claim.parts.parts import Applied, AppliedBasis
from domain.values.event import Strict
from domain.values.fields import MonthText

_LIMITS_NOTHING: Final = (AppliedBasis.AGREEMENT, True)
"""An agreement or the supplement gives nothing that is not computed, even if it is applied for."""


class Limits(Strict):
    """What a line is limited to: guidance alone, from and to month, no supplement. What is null is not limited."""

    basis: AppliedBasis | None = None
    first_month: MonthText | None = None
    last_month: MonthText | None = None
    supplement: bool | None = None

    @model_validator(mode="after")
    def _months_in_order(self) -> Self:
        if self.first_month and self.last_month and self.last_month < self.first_month:
            raise PydanticCustomError("last-before-first", "last-before-first")
        return self


EVERYTHING: Final = Limits()
"""No limit at all."""


@dataclass(frozen=True, slots=True)
class LineLimit:
    """Who limited a line, when, and to what; the reason stands in the event, sealed."""

    to: Limits
    by: str
    at: datetime


def limits_of(stated: Limits | Applied, shown: Iterable[Applied], standing: Limits = EVERYTHING) -> Limits:
    """What a person limits by stating this: the fields that are not as the program shows them, or are limited already.

    `shown` is all that there is to apply for, as the program knows it; repeating it limits nothing.
    """
    known = list(shown)

    def own(name: str) -> Any:  # noqa: ANN401 - a value of any field
        value = getattr(stated, name)
        if value is not None and value == getattr(standing, name):
            return value
        return None if value in {*_LIMITS_NOTHING, *(getattr(each, name) for each in known)} else value

    return Limits(**{name: own(name) for name in Limits.model_fields})


def as_limits(applied: Applied) -> Limits:
    """All that was applied for, as limits: so the first assessments took what the program had proposed."""
    return Limits(**dict(applied))
