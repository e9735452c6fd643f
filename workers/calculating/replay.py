"""`alis replay`: results from what is stored, or the decisions of a claim made again."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from functools import partial
from typing import Final

from domain.casework.claims.claim_repeat import Repeated, RepeatedDecision
from domain.values.refusals.refusal import refused
from workers.access.reads import reading
from workers.calculating.results import show_all, show_result
from workers.shell.arguments import calculation_options
from workers.shell.collecting import gc_paused
from workers.shell.output import show
from workers.shell.session import named

_EVERYONE: Final = "alle kommuner med en linje, ett JSON-objekt på hver linje, kontrollert mot vedtaket som gjelder"


def arguments(to: ArgumentParser) -> None:
    """A municipality, all of them, or a claim."""
    what = to.add_mutually_exclusive_group(required=True)
    what.add_argument("--municipality", metavar="NUMMER", help="kommunenummer, for eksempel 1804")
    what.add_argument("--all", action="store_true", help=_EVERYONE)
    what.add_argument("--claim", metavar="ID", help="gjentar hvert vedtak i en tilskuddssøknad")
    to.add_argument("--round", metavar="PERIODE", help="tilskuddsperiode, for eksempel 2026")
    calculation_options(to)


def run(asked: Namespace) -> None:
    """Replay, and show."""
    if asked.claim is not None:
        _repeat(asked)
        return
    if asked.round is None:
        raise refused("round-missing")
    with reading(asked, "rounds.read") as at:
        naming = partial(named, at.casework)
        rules = at.casework.book.rule_set_or_file(asked.rules, asked.round)
        if asked.all:
            with gc_paused():
                show_all(at.casework.replay_round(rules, asked.known_at, traced=asked.trace), asked, naming)
            return
        replay = at.casework.replay(asked.municipality, rules, asked.known_at, traced=asked.trace)
        show_result(replay.result, replay.as_json, asked, naming, replay.stored_later)


def _repeat(asked: Namespace) -> None:
    if asked.round or asked.rules or asked.known_at or asked.trace:
        raise refused("repeated-as-made")
    with reading(asked, "claims.read") as at:
        found = at.casework.claims.repeat(asked.claim)
        show(asked.format, lambda: repeated_table(found), found.as_json)
    if found.gap:
        raise refused("claim-gap", claim=found.claim, before=found.gap.before, missing=found.gap.missing)
    if not found.identical:
        raise refused("repeat-differs", claim=found.claim)


def repeated_table(found: Repeated) -> str:
    """Which decisions came out as they were made, and where the others did not."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Repeated) -> Iterator[str]:
    yield f"Tilskuddssøknad {found.claim}"
    if not found.decisions:
        yield "Det er ikke fattet noe vedtak."
    for each in found.decisions:
        yield f"Vedtak {each.number}, vurdering {each.assessment}: {_outcome(each)}"
    if found.gap:
        yield f"Noe mangler før hendelse {found.gap.before}: {found.gap.missing}."


def _outcome(decision: RepeatedDecision) -> str:
    if decision.difference is None:
        return "likt, byte for byte"
    return f"ulikt fra {decision.difference}: vedtatt {decision.decided!r}, nå {decision.repeated!r}"
