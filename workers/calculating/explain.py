"""`alis explain`: the difference between two calculations of what is stored, as the command line asks for it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence

from deploy.clock import now
from domain.casework.explaining import AskedSide, Explanation, SideRejected, WantedSide, asked_side
from domain.casework.service import Casework
from domain.doctor.intake.intake import Placed
from domain.values.refusals.refusal import Refused, Rejected
from workers.access.reads import held
from workers.calculating.calculate import read_file
from workers.calculating.explanation_table import explanation_table
from workers.shell.arguments import format_option, municipality_and_round
from workers.shell.output import show
from workers.shell.session import named, session, settings_read

Supposed = Sequence[Sequence[Placed]]
"""The supposed facts of each side."""


def arguments(to: ArgumentParser) -> None:
    """Two sides, each what was known and under which rules."""
    municipality_and_round(to)
    sides = "now eller et tidspunkt, og etter komma rules:ID|FIL og facts:FIL med opplysninger som bare forutsettes"
    to.add_argument("--from", required=True, type=side, dest="before", metavar="SIDE", help=sides)
    to.add_argument("--to", required=True, type=side, dest="after", metavar="SIDE", help="det samme")
    to.add_argument("--rules", metavar="ID|FIL", help="regelsettet for en side som ikke sier noe om det")
    format_option(to)


def run(asked: Namespace) -> None:
    """Explain, and show."""
    settings = settings_read()
    supposed = read_supposed(asked)
    with session(settings) as at, held(at.store, asked, "rounds.read"):
        found = explain(at.casework, asked, supposed)
        show(asked.format, lambda: named(at.casework, explanation_table(found)), lambda: found.as_json(whole=True))


def side(text: str) -> AskedSide:
    """One side of an explained difference."""
    try:
        return asked_side(text, now())
    except Refused as refusal:
        raise ArgumentTypeError(str(refusal)) from None


def read_supposed(asked: Namespace) -> Supposed:
    """The facts that each side supposes, from the files named; raises `Rejected` with what is wrong with one."""
    return [_read(asked, each) if each.facts else [] for each in (asked.before, asked.after)]


def explain(casework: Casework, asked: Namespace, supposed: Supposed) -> Explanation:
    """The explained difference; raises `Refused`, or `Rejected` with what is wrong with supposed facts."""
    sides = [
        WantedSide(casework.book.rule_set_or_file(each.rules or asked.rules, asked.round), each.known_at, facts)
        for each, facts in zip((asked.before, asked.after), supposed, strict=True)
    ]
    try:
        return casework.explain(asked.municipality, *sides)
    except SideRejected as rejected:
        asked.file = (asked.before, asked.after)[rejected.side].facts
        raise


def _read(asked: Namespace, side: AskedSide) -> list[Placed]:
    asked.file = side.facts
    placed, problems = read_file(asked.file)
    if problems:
        raise Rejected(problems)
    return placed
