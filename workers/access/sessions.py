"""`alis sessions`: who is signed in in browsers, and ending that."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import structlog

from deploy.clock import now
from deploy.problems import InputProblem
from deploy.settings import Settings
from domain.casework.service import Casework
from domain.rules.result import moment_text
from domain.store.sessions import GoingOn
from domain.values.refusals.person import same_person
from domain.values.words import counted, listed, moment
from workers.access.linking import person_id
from workers.access.reads import system_user
from workers.shell.arguments import format_option
from workers.shell.columns import columns
from workers.shell.output import print_json, show
from workers.shell.session import session, settings_read

_HEAD: Final = ("person", "id", "logget inn", "sist brukt")
_KIND: Final = "person:"


def arguments(to: ArgumentParser) -> None:
    """List, or end."""
    steps = to.add_subparsers(dest="step", required=True, metavar="STEG")
    format_option(_step(steps, "list", "Viser hvem som er logget inn i en nettleser nå."))
    ends = _step(steps, "end", "Logger noen ut av alle nettlesere med en gang.")
    whose = ends.add_mutually_exclusive_group(required=True)
    whose.add_argument("--person", type=person_id, metavar="ID", help="id-en, som alis sessions list viser den")
    whose.add_argument("--name", metavar="NAVN", help="navnet, der bare én heter det")
    whose.add_argument("--all", action="store_true", help="alle som er logget inn")


def _step(to: Any, name: str, sentence: str) -> ArgumentParser:  # noqa: ANN401 - argparse keeps its type to itself
    step: ArgumentParser = to.add_parser(name, help=sentence, description=sentence)
    return step


def run(asked: Namespace) -> None:
    """Show who is signed in, or end it and tell how many sessions that was."""
    settings = settings_read()
    with session(settings) as at:
        if asked.step == "end":
            print_json({"ended": _end(at.casework, asked)})
            return
        names = at.store.persons.everybody()
        found = at.store.sessions.going_on(names, now(), *_lasting(settings))
    show(asked.format, lambda: sessions_table(found, names), lambda: {"sessions": [*_told(found, names)]})


def _end(casework: Casework, asked: Namespace) -> int:
    sessions = casework.store.sessions
    if asked.all:
        return _logged(sessions.end_all(), "alle")
    person = asked.person or _named(casework, asked.name)
    return _logged(sessions.end_of(casework.links.ids_of(person)), person)


def _logged(ended: int, whose: str) -> int:
    structlog.get_logger("access").info("sessions-ended", of=whose, ended=ended, by=system_user())
    return ended


def _named(casework: Casework, name: str) -> str:
    """The one person of a name; raises `InputProblem` where there is none, or several."""
    links, names = casework.links.current(), casework.store.persons.everybody()
    named = [person for person, each in names.items() if each and same_person(f":{name}", f":{each}")]
    found = list(dict.fromkeys(links.ids_of(person)[0] for person in named))
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputProblem("unknown-person", f"Ingen som har logget inn, heter «{name}»; se alis sessions list.")
    raise InputProblem("several-persons", f"Flere heter «{name}»; skriv --person med {listed(found)}.")


def _lasting(settings: Settings) -> tuple[timedelta, timedelta]:
    return timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)


def _told(found: Sequence[GoingOn], names: Mapping[str, str]) -> Iterator[dict[str, str | None]]:
    """The sessions for programs; a name is not kept of everybody."""
    for each in found:
        yield {
            "person": f"{_KIND}{each.person}",
            "name": names[each.person] or None,
            "began_at": moment_text(each.began_at),
            "seen_at": moment_text(each.seen_at),
        }


def sessions_table(found: Sequence[GoingOn], names: Mapping[str, str]) -> str:
    """A row for each session, under how many there are."""
    if not found:
        return "Ingen er logget inn i en nettleser.\n"
    rows = ((names[each.person] or "–", f"{_KIND}{each.person}", *_moments(each)) for each in found)
    head = counted(len(found), "Én økt", "økter").capitalize()
    return f"{head}\n\n{columns([_HEAD, *rows], len(_HEAD))}"


def _moments(each: GoingOn) -> tuple[str, str]:
    return moment(each.began_at), moment(each.seen_at)
