"""Norwegian words for what facts hold: days, percents, kroner and the terms of domain.md."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from domain.values import AgreementElement, Category, Employment, Scheme

_MONTHS: Final = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
    "desember",
)  # fmt: skip
CATEGORIES: Final[Mapping[Category, str]] = {
    Category.GP: "fastlege",
    Category.GP_LOCUM: "fastlegevikar",
    Category.INTRODUCTORY: "introduksjonslege",
    Category.OTHER_MUNICIPAL: "allmennlege utenfor fastlegeordningen",
}
SCHEMES: Final[Mapping[Scheme, str]] = {Scheme.NEW: "ny ordning", Scheme.OLD: "gammel ordning"}
EMPLOYMENTS: Final[Mapping[Employment, str]] = {
    Employment.SALARIED: "ansatt med lønn",
    Employment.SELF_EMPLOYED: "næringsdrivende",
    Employment.OTHER: "annen tilknytning",
}
ELEMENTS: Final[Mapping[str, str]] = {
    "practice_compensation": "praksiskompensasjon",
    "learning_activities": "læringsaktiviteter",
    "productivity": "produktivitetselement",
    "supervision": "veiledning",
    "facilitation": "tilrettelegging",
    "centrality": "sentralitetstillegg",
    "standard_elements": "standardelementer",
    AgreementElement.ADDITIONAL.value: "tilleggselementer",
    AgreementElement.MUNICIPAL.value: "kommunens egne elementer",
}


def day(of: date) -> str:
    """A day as it is read aloud: 1. oktober 2024."""
    return f"{of.day}. {_MONTHS[of.month - 1]} {of.year}"


def month(text: str) -> str:
    """A month: juni 2025."""
    year, number = text.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def span(first: date, last: date | None) -> str:
    """From a day, and to another where there is one."""
    return f"fra {day(first)}" + (f" til og med {day(last)}" if last else "")


def number(value: Decimal) -> str:
    """A number with a decimal comma and no needless zeros."""
    return f"{value.normalize():f}".replace(".", ",")


def percent(value: Decimal) -> str:
    """A percent: 33,33 %."""
    return f"{number(value)} %"


def kroner(value: int) -> str:
    """Whole kroner, thousands apart."""
    return f"{value:,}".replace(",", " ") + " kroner"


def element(name: str) -> str:
    """An element of the grant or of an agreement; one that has no word here stands as it is."""
    return ELEMENTS.get(name, name)


def listed(parts: Iterable[str]) -> str:
    """Several things: a, b og c."""
    found: Sequence[str] = list(parts) or [""]
    return " og ".join(filter(None, (", ".join(found[:-1]), found[-1])))
