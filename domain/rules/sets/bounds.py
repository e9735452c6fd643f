"""The bounds of a new rule set, beyond its form: what it can come to, and which characters it has.

A rule set that is in the book already is never asked for them.
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from domain.rules.sets.checks import Flaw, checked
from domain.rules.sets.municipalities import MunicipalityList
from domain.rules.sets.rule_set import RuleSet
from domain.values import words
from domain.values.texts import LINE_BREAKS, WANTED, shown, unseen

MOST_KRONER: Final = 100_000_000
"""What a year of full time may come to on the dearest terms; a rate with four noughts too many comes to more."""
_NUMBER: Final = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)
_YEAR: Final = 12
_FULL: Final = 100


def beyond_bounds(content: Mapping[str, Any]) -> list[Flaw]:
    """Everything in a rule set, whole in itself, that is beyond the bounds."""
    found = [*_unseen(content, ""), *_digits(content)]
    return found or list(_dear(content))


def _unseen(value: object, place: str) -> Iterator[Flaw]:
    match value:
        case str() if character := unseen(value, LINE_BREAKS):
            yield Flaw(shown(place), f"må være {WANTED}; her står {character}")
        case dict():
            for name, each in value.items():
                yield from _unseen(each, f"{place}.{name}" if place else name)
        case list():
            for number, each in enumerate(value, start=1):
                yield from _unseen(each, f"{place}.{number}")


def _digits(content: Mapping[str, Any]) -> Iterator[Flaw]:
    for name, value in content["values"].items():
        if "-" not in value["value"] and not _NUMBER.fullmatch(value["value"]):
            yield Flaw(f"values.{name}.value", "kan ha høyst ni sifre foran og seks bak punktumet")


def _dear(content: Mapping[str, Any]) -> Iterator[Flaw]:
    rules = RuleSet(checked(content), "", "draft", MunicipalityList("", {}, {}))
    whole = max(Fraction(1), _FULL / rules.numbers["full_time_percent"])
    year = max(rules.rates.total.values()) * _YEAR * whole / rules.rates.parts
    if year > MOST_KRONER:
        told = f"et år på heltid blir {words.kroner(year)}, som er mer enn {words.kroner(Fraction(MOST_KRONER))}"
        yield Flaw("values", f"{told}; kontroller satsene")
