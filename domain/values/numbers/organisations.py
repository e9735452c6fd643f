"""Organisation numbers: nine digits, of which the last checks the others."""

from typing import Annotated, Final

from pydantic import StringConstraints

from domain.values.fields import WORDS
from domain.values.numbers.written import PLAIN, as_written, fault
from domain.values.refusals.refusal import refused

_ORGANISATION: Final = r"^[0-9]{9}$"
WORDS[_ORGANISATION] = "ni siffer, gjerne med mellomrom eller punktum mellom"
OrganisationNumber = Annotated[str, StringConstraints(pattern=_ORGANISATION)]
WrittenOrganisationNumber = Annotated[OrganisationNumber, PLAIN, as_written(9, "972 418 013")]
"""As somebody writes it; spaces and points go."""
_WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2)


def check_organisation_number(number: str) -> None:
    """Raise `Refused` (bad-organisation-number) for a number that no organisation can have."""
    because = fault(number, _WEIGHTS)
    if because:
        raise refused("bad-organisation-number", number=number, because=because)
