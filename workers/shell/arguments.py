"""Arguments that several commands take, and how their texts are read."""

import argparse
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from deploy.clock import now
from domain.values.fields import Day, Moment, RegisteredHpr
from domain.values.refusals.person import GivenName
from domain.values.refusals.refusal import refused
from domain.values.texts import is_reason

Value = TypeVar("Value")
_NUMBERS: Final = ("kroner", "places")
_WORDS: Final = {"true": True, "false": False}
_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(Moment)
_DAY: Final[TypeAdapter[date]] = TypeAdapter(Day)
_HPR: Final[TypeAdapter[str]] = TypeAdapter(RegisteredHpr)
_NAME: Final[TypeAdapter[str]] = TypeAdapter(GivenName)


def _reader(of: TypeAdapter[Value], otherwise: str) -> Callable[[str], Value]:
    """A reader of texts of a type, which says otherwise what the text is not."""

    def read(text: str) -> Value:
        try:
            return of.validate_python(text)
        except ValidationError:
            raise argparse.ArgumentTypeError(f"«{text}» er ikke {otherwise}") from None

    return read


hpr: Final = _reader(_HPR, "et HPR-nummer (7 til 9 siffer)")
person: Final = _reader(_NAME, "slag:navn, som operator:kari, med synlige tegn og bokstaver fra ett alfabet")
day: Final = _reader(_DAY, "en dag, som 2026-03-01")
_moment: Final = _reader(_MOMENT, "et tidspunkt med tidssone, som 2026-07-01T00:00:00Z")


def moment(text: str) -> datetime:
    """A moment of knowledge with its offset, as facts write it; a future one is refused."""
    found = _moment(text)
    if found > now():
        sentence = f"«{text}» er ikke kommet ennå; oppgi et tidligere tidspunkt, eller utelat det"
        raise argparse.ArgumentTypeError(sentence)
    return found


def municipality_and_round(to: argparse.ArgumentParser) -> None:
    """Whose result, of which round."""
    to.add_argument("--municipality", required=True, metavar="NUMMER", help="kommunenummer, for eksempel 1804")
    to.add_argument("--round", required=True, metavar="PERIODE", help="tilskuddsperiode, for eksempel 2026")


def calculation_options(to: argparse.ArgumentParser) -> None:
    """What decides a result, and how it is shown."""
    to.add_argument("--rules", metavar="ID|FIL", help="et regelsett; ellers det sist kunngjorte for perioden")
    to.add_argument("--known-at", type=moment, metavar="TIDSPUNKT", help="slik vi visste det da")
    to.add_argument("--trace", action="store_true", help="ta med begrunnelsen for hver krone")
    to.add_argument(
        "--assumptions",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="hvilke forutsetninger som avgjør beløpet, og med hvor mange kroner (dette er med om du ikke sier noe)",
    )
    format_option(to)


def format_option(to: argparse.ArgumentParser) -> None:
    """A table or JSON."""
    to.add_argument("--format", choices=("json", "table"), help="tabell i en terminal, ellers JSON")


def acting_options(to: argparse.ArgumentParser) -> None:
    """Who acts, in which role, and for whom."""
    to.add_argument(
        "--as", dest="who", metavar="NAVN", help="en i demonstrasjonen, som ada; ellers sier ALIS_TOKEN det"
    )
    to.add_argument("--role", metavar="ROLLE", help="rollen du handler i, der du har flere")
    to.add_argument("--organisation", metavar="NUMMER", help="kommunen du handler for, der det er flere")
    to.add_argument(
        "--purpose",
        type=_purpose,
        metavar="TEKST",
        help="hvorfor du slår opp; en kontrollør må si det for å få navn",
    )


def _purpose(text: str) -> str:
    """Why somebody asks, as over HTTP."""
    if not is_reason(text):
        raise argparse.ArgumentTypeError("grunnen må være 1 til 500 synlige tegn")
    return text


def fields_of(given: Iterable[str]) -> dict[str, Any]:
    """Fields as typed: `a.b=c` is a field within a field. Raises `Refused` (bad-text) for anything else."""
    found: dict[str, Any] = {}
    for each in given:
        path, equals, text = each.partition("=")
        if not equals or not path:
            raise refused("bad-text", field=each, wanted="felt=verdi")
        *outer, last = path.split(".")
        within = found
        for name in outer:
            within = within.setdefault(name, {})
        within[last] = _value(last, text)
    return found


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - JSON
    if text in _WORDS:
        return _WORDS[text]
    if not text.startswith(("[", "{")) and not (name in _NUMBERS and text.isdecimal()):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise refused("bad-json", detail=f"feil ved tegn {error.colno}") from None
