"""`alis issuers`: whose tokens are believed, and the keys of theirs that nothing is believed of any more."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any, Final

from api.identity.issuers import Issuer
from deploy.problems import InputProblem
from workers.access.identity import issuers_of
from workers.access.reads import system_user
from workers.shell.arguments import format_option
from workers.shell.columns import columns
from workers.shell.output import show, tell
from workers.shell.session import session, settings_read

_HEAD: Final = ("utsteder", "adresse", "nøkler trukket tilbake")


def arguments(to: ArgumentParser) -> None:
    """List, or withdraw a key."""
    steps = to.add_subparsers(dest="step", required=True, metavar="STEG")
    format_option(_step(steps, "list", "Viser hvem som kan logge inn personer og maskiner her."))
    withdraws = _step(steps, "withdraw", "Tror fra nå av ikke på noe som er signert med en av nøklene til en utsteder.")
    withdraws.add_argument("issuer", metavar="UTSTEDER", help="navnet eller adressen, som alis issuers list viser dem")
    withdraws.add_argument("kid", metavar="NØKKEL", help="navnet på nøkkelen (kid)")
    format_option(withdraws)


def _step(to: Any, name: str, sentence: str) -> ArgumentParser:  # noqa: ANN401 - argparse keeps its type to itself
    step: ArgumentParser = to.add_parser(name, help=sentence, description=sentence)
    return step


def run(asked: Namespace) -> None:
    """Show how it stands, after a key is withdrawn where that is asked."""
    settings = settings_read()
    issuers = issuers_of(settings)
    withdrawn_from = _named(issuers, asked.issuer) if asked.step == "withdraw" else None
    with session(settings) as at:
        if withdrawn_from:
            at.store.persons.withdraw(withdrawn_from.issuer, asked.kid, system_user())
        withdrawn = at.store.persons.withdrawn()
    found = [(each, sorted(kid for issuer, kid in withdrawn if issuer == each.issuer)) for each in issuers]
    show(asked.format, lambda: issuers_table(found), lambda: {"issuers": [_told(*each) for each in found]})
    if withdrawn_from:
        tell("Nøkkelen er trukket tilbake; tjenesten slutter å tro på den i løpet av noen sekunder.")


def _named(issuers: Sequence[Issuer], name: str) -> Issuer:
    found = [each for each in issuers if name in {each.name, each.issuer}]
    if len(found) != 1:
        raise InputProblem("unknown-issuer", f"Utstederen «{name}» står ikke i utstederfilen; se alis issuers list.")
    return found[0]


def _told(issuer: Issuer, withdrawn: Sequence[str]) -> dict[str, object]:
    return {"name": issuer.name, "issuer": issuer.issuer, "withdrawn_keys": withdrawn}


def issuers_table(found: Sequence[tuple[Issuer, Sequence[str]]]) -> str:
    """A row for each issuer."""
    if not found:
        return "Ingen utstedere er satt opp, så ingen kan logge inn.\n"
    return columns([_HEAD, *((each.name, each.issuer, ", ".join(kids) or "ingen") for each, kids in found)], 3)
