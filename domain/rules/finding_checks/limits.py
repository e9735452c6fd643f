"""What the findings measure by: data of the release, beside the rule sets (`../findings.toml`)."""

import pkgutil
import tomllib
from fractions import Fraction
from functools import cache
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from domain.rules.content import Key, Sourced, Value
from domain.values import AgreementElement, Day, Name

_AGREED: Final = {each.value: each for each in AgreementElement}
_VALUES: Final = frozenset(
    {
        "guidance_hours",
        "guidance_months_below",
        "introductory_percent",
        "introductory_least_months",
        "introductory_most_years",
    }
)


class Mandatory(Sourced):
    """From when an agreement must be on a valid template."""

    first_day: Day


class Template(Sourced):
    """A template of Helsedirektoratet, and on which days it can be signed."""

    id: Name
    first_day: Day
    last_day: Day | None = None


class AgreedAs(Sourced):
    """What an element of the rules is called in an agreement."""

    element: Literal["additional"]


class Limits(BaseModel):
    """Everything that a finding measures by, each with the authority it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    values: dict[Key, Value]
    mandatory_template: Mandatory
    templates: tuple[Template, ...] = Field(min_length=1, strict=False)
    agreed_as: dict[Key, AgreedAs]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse what lacks a number."""
        if self.values.keys() != _VALUES:
            raise PydanticCustomError("not-whole", "values are missing, or not known")
        return self

    def number(self, name: str) -> Fraction:
        """A number, exact."""
        return Fraction(self.values[name].value)

    def agreed_name(self, element: str) -> AgreementElement | None:
        """What an agreement calls an element; None where it has no word for it."""
        name: str = self.agreed_as[element].element if element in self.agreed_as else element
        return _AGREED.get(name)


def read_limits(text: str) -> Limits:
    """The limits of a file; raises pydantic's `ValidationError` with all that is wrong."""
    return Limits.model_validate(tomllib.loads(text))


@cache
def limits() -> Limits:
    """The limits of the release."""
    content = pkgutil.get_data("domain.rules", "findings.toml")
    return read_limits((content or b"").decode())
