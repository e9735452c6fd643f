"""Results as a command shows them: tables with their reasons, or JSON."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from domain.casework.replaying import Replay
from domain.rules.result import Result
from domain.store import LoggedFact
from workers.calculating.trace_table import trace_table
from workers.shell.output import as_table, json_text, show
from workers.shell.table import table

Naming = Callable[[str], str]
"""Puts the doctors of a text in by name."""


def show_result(
    result: Result, as_json: Callable[..., Any], asked: Namespace, naming: Naming, later: Sequence[LoggedFact] = ()
) -> None:
    """One result as it was asked for; a table has the doctors by name."""
    show(
        asked.format,
        lambda: naming(table(result, later, assumptions=asked.assumptions) + trace_table(result)),
        lambda: as_json(assumptions=asked.assumptions),
    )


def show_all(replays: Iterable[Replay], asked: Namespace, naming: Naming) -> None:
    """Table after table, or one JSON object a line."""
    for number, each in enumerate(replays):
        if as_table(asked.format):
            whole = table(each.result, each.stored_later, assumptions=asked.assumptions, decision=each.decision)
            sys.stdout.write("\n" * bool(number) + naming(whole + trace_table(each.result)))
        else:
            sys.stdout.write(json_text(each.as_json(assumptions=asked.assumptions)) + "\n")
