"""The conditions that a month must meet (rules.md 3): each once, in words, with the authority it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

OLD_SCHEME: Final = "old_scheme"
TRACK_NOT_ACTIVE: Final = "track_not_active"
NO_POSITION: Final = "no_position"
ON_LEAVE: Final = "on_leave"
INSTITUTIONAL_SERVICE: Final = "institutional_service"
AGENCY_AFFILIATION: Final = "agency_affiliation"
DURATION_EXHAUSTED: Final = "duration_exhausted"
NO_AGREEMENT: Final = "no_agreement"

_CHANGES: Final = "regelverksendring-2025-06-01.txt"
_TEMPLATE: Final = "alis-avtale-mal.txt"
_GRANT_LETTER: Final = "tildelingsbrev-tillegg-88-2021.txt"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition by the code that is reported where it fails.

    `words` say in short what fails, `sentence` which days or months fail it.
    """

    code: str
    words: str
    sentence: str
    basis: str
    source: str


_CONDITIONS: Final = (
    Condition(
        OLD_SCHEME,
        "gammel ordning",
        "Dager i et løp etter gammel ordning som ikke er konvertert.",
        "stated",
        "Helsedirektoratet, statusrapport høsten 2023",
    ),
    Condition(
        TRACK_NOT_ACTIVE,
        "ikke i et aktivt spesialiseringsløp",
        "Dager før løpet begynner, etter at det er slutt, eller i et avbrudd.",
        "inferred",
        f"{_TEMPLATE}, 3.2",
    ),
    Condition(
        NO_POSITION,
        "uten stilling som gir tilskudd, i kommunen",
        "Dager uten en stilling som gir tilskudd, i kommunen.",
        "stated",
        f"{_TEMPLATE}, 2",
    ),
    Condition(
        ON_LEAVE,
        "fullt fravær",
        "Dager med fullt fravær: fraværsprosenter som til sammen er 100.",
        "inferred",
        f"{_TEMPLATE}, 1.2",
    ),
    Condition(
        INSTITUTIONAL_SERVICE,
        "institusjonstjeneste utenfor kommunen",
        "Dager i institusjonstjeneste utenfor kommunehelsetjenesten.",
        "stated",
        f"{_TEMPLATE}, 1.2",
    ),
    Condition(
        AGENCY_AFFILIATION,
        "tilknyttet vikarbyrå",
        "Dager med tilknytning til et vikarbyrå.",
        "stated",
        "Helsedirektoratet",
    ),
    Condition(
        DURATION_EXHAUSTED,
        "de fem årene er brukt",
        "Måneder etter at de fem årene er brukt, og en måned som ville gått ut over dem.",
        "stated",
        f"{_CHANGES}, d), og {_TEMPLATE}, 1.2",
    ),
    Condition(
        NO_AGREEMENT,
        "uten ALIS-avtale",
        "Dager uten ALIS-avtale i kraft gir likevel kun veiledning.",
        "stated",
        f"{_TEMPLATE}, 1.2, og {_GRANT_LETTER}, (3) og (5)",
    ),
)
CONDITIONS: Final[Mapping[str, Condition]] = {each.code: each for each in _CONDITIONS}
"""The conditions by their codes, in the order of rules.md."""
