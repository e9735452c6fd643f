"""`alis keys`: which master key the keys are sealed under, and the change to a new one while the service runs."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final

import psycopg

from deploy.master_key import new_master_key, without_the_old
from deploy.problems import DatabaseProblem, InputProblem
from deploy.settings import Settings
from domain.store import Store
from domain.store.resealing import Resealing, UnderMaster
from domain.store.sealed.master import name_of_master
from domain.values.words import counted
from workers.shell.arguments import format_option
from workers.shell.columns import columns
from workers.shell.output import Progress, print_json, show, tell
from workers.shell.session import session, settings_read

_LOCK: Final = 0x616C6B66
_HEAD: Final = ("hovednøkkel", "", "nøkler for leger og søknader", "tjenestens nøkler")


def arguments(to: ArgumentParser) -> None:
    """Show or change."""
    steps = to.add_subparsers(dest="step", required=True, metavar="STEG")
    shows = _step(steps, "show", "Viser hvor mange nøkler som er forseglet med hvilken hovednøkkel.")
    format_option(shows)
    changes = _step(
        steps, "change", "Forsegler alle nøklene på nytt med en ny hovednøkkel; kan avbrytes og fortsettes."
    )
    changes.add_argument(
        "--prepare",
        action="store_true",
        help="legg bare den nye i nøkkelfilen ved siden av den gamle, så filen kan kopieres til andre maskiner",
    )


def _step(to: Any, name: str, sentence: str) -> ArgumentParser:  # noqa: ANN401 - argparse keeps its type to itself
    step: ArgumentParser = to.add_parser(name, help=sentence, description=sentence)
    return step


def run(asked: Namespace) -> None:
    """Show how it stands, or change."""
    settings = settings_read()
    with session(settings, as_owner=asked.step == "change") as at:
        if asked.step == "show":
            found, given = at.store.resealing.counted(), at.store.keys.master.names
            show(
                asked.format,
                lambda: keys_table(found, given),
                lambda: {"master_keys": [_told(each, given) for each in found]},
            )
            return
        if asked.prepare and settings.master_key is not None:
            raise InputProblem("keys-not-in-file", "Hovednøkkelen er oppgitt i ALIS_MASTER_KEY, ikke i en nøkkelfil.")
        with _alone(at.url):
            print_json(change(settings, at.store, only_prepare=asked.prepare))
    tell(_next(settings, only_prepare=asked.prepare))


def change(settings: Settings, store: Store, *, only_prepare: bool = False) -> dict[str, Any]:
    """Change to the new master key, or go on with a change that was stopped; tells what was done.

    The old key is kept until nothing is sealed under it. Raises `DatabaseProblem` (keys-left).
    """
    name = name_of_master(new_master_key(settings))
    if only_prepare:
        return {"master_key": name, "sealed_anew": 0, "old_key_in": []}
    store.resealing.begin(name)
    sealed = _sealed_anew(store.resealing)
    _check_whole(store.resealing.counted(), name)
    return {"master_key": name, "sealed_anew": sealed, "old_key_in": [str(each) for each in without_the_old(settings)]}


def _sealed_anew(resealing: Resealing) -> int:
    """Again until there is nothing more: who did not know yet may have sealed under the old one meanwhile."""
    progress, done = Progress(), 0
    of = sum(each.keys + each.service_keys for each in resealing.counted() if not each.seals)
    while True:
        before = done
        for sealed in resealing.reseal():
            done += sealed
            progress("Forseglet på nytt:", done, of)
        if done == before:
            return done


def _check_whole(found: Sequence[UnderMaster], name: str) -> None:
    left = sum(each.keys + each.service_keys for each in found if each.name != name)
    if left:
        raise DatabaseProblem(
            "keys-left",
            f"{counted(left, 'Én nøkkel', 'nøkler').capitalize()} kan ikke åpnes med noen hovednøkkel som er oppgitt;"
            " alle de andre er forseglet på nytt, den gamle er beholdt, og alis verify sier hvilke det er.",
        )


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """The lock goes with the connection, also when the process is killed."""
    with psycopg.connect(url, autocommit=True) as connection:
        [(free,)] = connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchall()
        if not free:
            raise DatabaseProblem("keys-busy", "En annen prosess bytter hovednøkkelen nå; se alis keys show.")
        yield


def _next(settings: Settings, *, only_prepare: bool) -> str:
    if only_prepare:
        return "Den nye hovednøkkelen ligger i nøkkelfilen og brukes ikke ennå; kopier filen til de andre maskinene."
    kept = (
        "Sikkerhetskopier fra før åpnes bare med den gamle: ta vare på den så lenge kopiene beholdes, og slett den så."
    )
    if settings.master_key is None:
        return kept
    return f"Sett nå ALIS_MASTER_KEY til den nye, og fjern ALIS_NEW_MASTER_KEY. {kept}"


def _told(each: UnderMaster, given: frozenset[str]) -> dict[str, Any]:
    return {**asdict(each), "given": each.name in given}


def keys_table(found: Sequence[UnderMaster], given: frozenset[str]) -> str:
    """A row for each master key."""
    rows = [(each.name or "uten navn", _how(each, given), str(each.keys), str(each.service_keys)) for each in found]
    return columns([_HEAD, *rows], 2)


def _how(each: UnderMaster, given: frozenset[str]) -> str:
    if each.name is None:
        return "fra før hovednøkler fikk navn"
    return "forsegler nå" if each.seals else "oppgitt" if each.name in given else "ikke oppgitt"
