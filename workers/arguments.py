"""The arguments of `alis`, with their help and their errors in Norwegian."""

import argparse
import re
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final, NoReturn

from pydantic import TypeAdapter, ValidationError

from deploy.clock import now
from deploy.version import VERSION
from domain.casework.explaining import AskedSide, asked_side
from domain.doctor.key import ErasureReason
from domain.values.fields import Moment, RegisteredHpr
from domain.values.refusals.person import GivenName
from domain.values.refusals.refusal import Refused
from workers.claims.claim_arguments import claim_arguments
from workers.rules.rule_arguments import rules_arguments
from workers.shell.exits import BAD_USAGE

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_EVERYONE: Final = "alle kommuner med en linje, ett JSON-objekt på hver linje, kontrollert mot vedtaket som gjelder"
_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(Moment)
_HPR: Final[TypeAdapter[str]] = TypeAdapter(RegisteredHpr)
_SOMEBODY: Final[TypeAdapter[str]] = TypeAdapter(GivenName)
_IN_NORWEGIAN: Final = (
    (r"the following arguments are required: (.*)", r"mangler: \1"),
    (r"argument (\S+): expected one argument", r"\1 mangler en verdi"),
    (r"argument (.+): invalid choice: (\S+) \(choose from (.*)\)", r"\1: \2 finnes ikke (velg blant \3)"),
    (r"unrecognized arguments: (.*)", r"ukjent: \1"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 kan ikke stå sammen med \2"),
    (r"one of the arguments (.*) is required", r"en av disse må stå der: \1"),
    (r"argument (\S+): (.*)", r"\1: \2"),
)
Run = Callable[[argparse.Namespace], None]


class Parser(argparse.ArgumentParser):
    """A parser that speaks Norwegian to whoever mistypes."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, how it is used, and leave with the code for bad usage."""
        self.exit(BAD_USAGE, f"alis: {in_norwegian(message)}\n{self.format_usage()}")

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        """Print a message; argparse itself is silent where help cannot be written."""
        if file is sys.stdout:
            file.write(message)
        else:
            super()._print_message(message, file)

    def format_usage(self) -> str:
        """How it is used."""
        return super().format_usage().replace("usage:", "bruk:")

    def format_help(self) -> str:
        """All of it, under Norwegian headings."""
        text = super().format_help().replace("usage:", "bruk:")
        return text.replace("positional arguments:", "argumenter:").replace("options:", "valg:")


def in_norwegian(message: str) -> str:
    """One of argparse's sentences in Norwegian."""
    for pattern, sentence in _IN_NORWEGIAN:
        if found := re.fullmatch(pattern, message):
            return found.expand(sentence)
    return message


def moment(text: str) -> datetime:
    """A moment of knowledge with its offset, as facts write it; nobody knows what is known in the future."""
    try:
        found = _MOMENT.validate_python(text)
    except ValidationError:
        sentence = f"«{text}» er ikke et tidspunkt med tidssone, som 2026-07-01T00:00:00Z"
        raise argparse.ArgumentTypeError(sentence) from None
    if found > now():
        sentence = f"«{text}» er ikke kommet ennå; oppgi et tidligere tidspunkt, eller utelat det"
        raise argparse.ArgumentTypeError(sentence)
    return found


def hpr(text: str) -> str:
    """A number of the health personnel register."""
    try:
        return _HPR.validate_python(text)
    except ValidationError:
        raise argparse.ArgumentTypeError(f"«{text}» er ikke et HPR-nummer (7 til 9 siffer)") from None


def somebody(text: str) -> str:
    """Who acts, as facts write it."""
    try:
        return _SOMEBODY.validate_python(text)
    except ValidationError:
        sentence = f"«{text}» er ikke slag:navn, som operator:kari, med synlige tegn og bokstaver fra ett alfabet"
        raise argparse.ArgumentTypeError(sentence) from None


def side(text: str) -> AskedSide:
    """One side of an explained difference."""
    try:
        return asked_side(text, now())
    except Refused as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None


def parser(runs: dict[str, Run]) -> Parser:
    """The parser; `runs` gives the function of each command."""
    top = Parser(
        prog="alis",
        description="Regner ut, lagrer og etterprøver tilskudd til ALIS-avtaler.",
        add_help=False,
    )
    _help_option(top)
    top.add_argument("--version", action="version", version=f"alis {VERSION}", help="viser hvilken utgave dette er")
    commands = top.add_subparsers(dest="command", required=True, metavar="KOMMANDO", parser_class=Parser)

    def add(name: str, sentence: str) -> Parser:
        made = commands.add_parser(name, help=sentence, description=sentence, add_help=False)
        _help_option(made)
        made.set_defaults(run=runs[name])
        return made

    calculate = add("calculate", "Regner ut tilskuddet fra en fil, uten database.")
    calculate.add_argument("file", metavar="FIL", help="historikken, som JSON Lines eller en JSON-liste")
    calculate.add_argument("--municipality", required=True, metavar="NUMMER", help="kommunenummer, for eksempel 1804")
    calculate.add_argument("--round", required=True, metavar="PERIODE", help="tilskuddsperiode, for eksempel 2026")
    _calculation_options(calculate)

    add("import", "Lagrer opplysningene i en fil, alle eller ingen.").add_argument(
        "file", metavar="FIL", help="historikken, som JSON Lines eller en JSON-liste"
    )

    preview = add("preview", "Viser hva opplysningene i en fil ville endret; ingenting lagres.")
    preview.add_argument("file", metavar="FIL", help="opplysningene, som JSON Lines eller en JSON-liste")
    preview.add_argument("--format", choices=("json", "table"), help="tabell i en terminal, ellers JSON")

    replay = add("replay", "Regner ut tilskuddet på nytt fra det som er lagret.")
    what = replay.add_mutually_exclusive_group(required=True)
    what.add_argument("--municipality", metavar="NUMMER", help="kommunenummer, for eksempel 1804")
    what.add_argument("--all", action="store_true", help=_EVERYONE)
    what.add_argument("--claim", metavar="ID", help="gjentar hvert vedtak i en tilskuddssøknad")
    replay.add_argument("--round", metavar="PERIODE", help="tilskuddsperiode, for eksempel 2026")
    _calculation_options(replay)

    explain = add("explain", "Forklarer forskjellen mellom to beregninger av det som er lagret, krone for krone.")
    explain.add_argument("--municipality", required=True, metavar="NUMMER", help="kommunenummer, for eksempel 1804")
    explain.add_argument("--round", required=True, metavar="PERIODE", help="tilskuddsperiode, for eksempel 2026")
    sides = "now eller et tidspunkt, og etter komma rules:ID|FIL og facts:FIL med opplysninger som bare forutsettes"
    explain.add_argument("--from", required=True, type=side, dest="before", metavar="SIDE", help=sides)
    explain.add_argument("--to", required=True, type=side, dest="after", metavar="SIDE", help="det samme")
    explain.add_argument("--rules", metavar="ID|FIL", help="regelsettet for en side som ikke sier noe om det")
    _format_option(explain)

    add("backup", "Tar kopi av hele databasen i én fil, uten hovednøkkelen.").add_argument(
        "file", metavar="FIL", help="filen som skal lages; den må ikke finnes fra før"
    )
    back = add("restore", "Gjenoppretter en sikkerhetskopi i en tom database og sammenligner alt.")
    back.add_argument("file", metavar="FIL", help="filen som alis backup laget")
    back.add_argument("--unproven", action="store_true", help="også en gammel kopi, som ikke viser hvem som laget den")

    _erase_options(
        add(
            "erase",
            "Sletter navn, permisjonstyper, fritekst og vedlegg om én lege; måneder og kroner blir stående."
            " Én ber om det, en annen bekrefter.",
        )
    )
    add("verify", "Leser hele databasen uten å endre noe, og sier alt som ikke er slik det skal være.")
    add("migrate", "Bringer databasen opp til denne utgaven, og gjør ingenting mer.")
    add("worker", "Holder lesemodellene oppdatert til noen stopper den.").add_argument(
        "names", nargs="*", metavar="NAVN", help="bare disse lesemodellene; ellers alle"
    )
    read_side = add("projections", "Viser hvor lesemodellene er, eller bygger dem på nytt.")
    read_side.add_argument("what", choices=("status", "rebuild"), metavar="status|rebuild", help="hva som skal gjøres")
    read_side.add_argument("names", nargs="*", metavar="NAVN", help="bare disse lesemodellene; ellers alle")
    read_side.add_argument(
        "--accept-differences", action="store_true", help="bytt også når de nye radene er annerledes enn de gamle"
    )

    rules_arguments(add("rules", "Viser regelsettene, og fører utkast frem til kunngjøring."), Parser, somebody)
    claim_arguments(add("claim", "Viser tilskuddssøknader, og fører dem videre."), Parser, somebody)
    add("serve", "Starter tjenesten på denne maskinen; Ctrl-C stopper den.")
    add("demo", "Leser inn oppdiktede eksempler, sier hva du kan prøve, og starter tjenesten.")
    return top


def _erase_options(to: Parser) -> None:
    to.add_argument("hpr", type=hpr, metavar="HPR", help="legens HPR-nummer")
    what = to.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--reason-code", choices=tuple(map(str, ErasureReason)), metavar="GRUNN",
        help="be om sletting; hvorfor: " + ", ".join(ErasureReason),
    )  # fmt: skip
    what.add_argument("--confirm", action="store_true", help="bekreft det en annen har bedt om, og slett")
    what.add_argument("--withdraw", action="store_true", help="trekk det noen har bedt om; ingenting slettes")
    to.add_argument("--by", type=somebody, required=True, metavar="HVEM", help="hvem du er, som operator:kari")


def _calculation_options(to: Parser) -> None:
    to.add_argument("--rules", metavar="ID|FIL", help="et regelsett; ellers det sist kunngjorte for perioden")
    to.add_argument("--known-at", type=moment, metavar="TIDSPUNKT", help="slik vi visste det da")
    to.add_argument("--trace", action="store_true", help="ta med begrunnelsen for hver krone")
    to.add_argument(
        "--assumptions",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="hvilke forutsetninger som avgjør beløpet, og med hvor mange kroner (dette er med om du ikke sier noe)",
    )
    _format_option(to)


def _format_option(to: Parser) -> None:
    to.add_argument("--format", choices=("json", "table"), help="tabell i en terminal, ellers JSON")


def _help_option(to: Parser) -> None:
    to.add_argument("-h", "--help", action="help", help="viser denne hjelpen")
