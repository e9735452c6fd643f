"""What findings and meters measure by, each with the authority it rests on; no amount hangs on it, and no digest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from domain.values.fields import AgreementElement, Category


@dataclass(frozen=True, slots=True)
class Authority:
    """What something rests on, and what there is to say of it."""

    basis: Literal["stated", "inferred", "assumed"]
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that a finding or a meter measures by, exact, with its unit."""

    value: Fraction
    unit: str
    rests_on: Authority


@dataclass(frozen=True, slots=True)
class Template:
    """A template of Helsedirektoratet, and on which days it can be signed."""

    id: str
    first_day: date
    last_day: date | None
    rests_on: Authority


_INTRODUCTORY: Final = "tildelingsbrev-tillegg-88-2021.txt, (1)"

GUIDANCE_HOURS: Final = Limit(
    Fraction(4),
    "timer per måned",
    Authority(
        "stated",
        "fafo-rapport-2023-02.txt, 3.2",
        "Legen har rett og plikt til minst fire timer veiledning i måneden.",
    ),
)
GUIDANCE_MONTHS_BELOW: Final = Limit(
    Fraction(3, 2),
    "måneder per år",
    Authority(
        "inferred",
        "fafo-rapport-2023-02.txt, 3.2",
        "Kravet gjelder 10,5 av årets måneder; i en kortere periode er det regnet forholdsmessig (forutsatt).",
    ),
)
INTRODUCTORY_PERCENT: Final = Limit(
    Fraction(50),
    "prosent",
    Authority("stated", _INTRODUCTORY, "50 prosents stilling er nedre grense for en introduksjonsavtale."),
)
INTRODUCTORY_LEAST_MONTHS: Final = Limit(
    Fraction(6),
    "måneder",
    Authority("stated", _INTRODUCTORY, "En introduksjonsavtale inngås for minst seks måneder."),
)
INTRODUCTORY_MOST_YEARS: Final = Limit(
    Fraction(2),
    "år på heltid",
    Authority("stated", _INTRODUCTORY, "En introduksjonsavtale varer høyst to år ved fulltids arbeid."),
)
FEWEST_PEOPLE: Final = Limit(
    Fraction(5),
    "personer",
    Authority(
        "assumed",
        "ingen av kildene har en grense",
        "Statistikk om færre enn fem personer vises bare for saksbehandlere.",
    ),
)
_EDUCATION: Final = "fafo-rapport-2023-02.txt, 3.2"

OPEN_PRACTICE_MONTHS: Final = Limit(
    Fraction(24),
    "måneder på heltid",
    Authority("stated", _EDUCATION, "Minst to år av utdanningen skal foregå i åpen uselektert allmennpraksis."),
)
OPEN_PRACTICE: Final = frozenset({Category.GP, Category.GP_LOCUM, Category.INTRODUCTORY})
"""The posts in open unselected practice: those in a GP's office («på fastlegekontor», FAFO 3.2)."""
GROUP_GUIDANCE_MONTHS: Final = Limit(
    Fraction(24),
    "måneder",
    Authority("stated", _EDUCATION, "Legen skal delta i veiledningsgruppe i to år."),
)
GROUP_GUIDANCE_IN_PRACTICE_MONTHS: Final = Limit(
    Fraction(12),
    "måneder",
    Authority("stated", _EDUCATION, "Minst ett av de to årene i gruppe skal skje mens legen er i åpen praksis."),
)
GROUP_GUIDANCE_PRACTICE_PERCENT: Final = Limit(
    Fraction(50),
    "prosent",
    Authority("stated", _EDUCATION, "Det året skal legen arbeide i minst 50 prosent stilling i åpen praksis."),
)

NATIONAL_SCHEME_FROM: Final = date(2022, 1, 1)
"""Agreements signed before are of the schemes before («avtaler inngått før 1.1.22», alis-avtale-mal.txt, 4.3)."""
MANDATORY_TEMPLATE: Final = date(2023, 1, 1)
"""From when an agreement must be on a valid template: «Malen er obligatorisk fra 2023» (Helsedirektoratet, omtale av
malen for ALIS-avtale); that this is from 1 January is assumed."""
TEMPLATES: Final = (
    Template(
        "hdir-2023",
        date(2023, 1, 1),
        None,
        Authority(
            "assumed",
            "alis-avtale-mal.txt",
            "Helsedirektoratets mal, revidert i juni 2023; at den gjelder fra 1. januar 2023, er forutsatt.",
        ),
    ),
)

_AGREED_AS: Final[Mapping[str, AgreementElement]] = {
    **{each.value: each for each in AgreementElement},
    "centrality": AgreementElement.ADDITIONAL,
}
"""What an agreement calls the elements of the rules. Sentralitetstillegget is the additional element of the template
(alis-avtale-mal.txt, 4.2); the others are called the same in both places."""


def agreed_name(element: str) -> AgreementElement | None:
    """What an agreement calls an element; None where it has no word for it."""
    return _AGREED_AS.get(element)
