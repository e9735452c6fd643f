"""`alis explain`: the difference between two calculations of what is stored, as the command line asks for it."""

from argparse import Namespace
from collections.abc import Sequence

from domain.casework.explaining import AskedSide, Explanation, SideRejected, WantedSide
from domain.casework.service import Casework
from domain.doctor.intake.intake import Placed
from domain.values.refusals.refusal import Rejected
from workers.calculating.calculations import read_file

Supposed = Sequence[Sequence[Placed]]
"""The supposed facts of each side."""


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
