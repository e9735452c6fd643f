"""`alis supervisors`: who guides whom where on a day."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from pydantic_core import to_jsonable_python

from deploy.clock import now
from deploy.problems import InputProblem
from domain.rulebook.rulebook import RuleBook
from domain.values.norwegian_time import norwegian_day
from domain.values.places import place
from domain.values.refusals.refusal import refused
from domain.values.words import counted, day, number, span
from projections.doctors.supervisors import Guided, Supervisor, SupervisorsAsked, current_code, guides_on, supervisors
from projections.doctors.telling.places import Places
from projections.engine.status import behind
from workers.access.reads import acting
from workers.shell.arguments import acting_options, format_option
from workers.shell.arguments import day as day_argument
from workers.shell.output import show, tell
from workers.shell.session import Session, named

_ALL: Final = 1_000_000
_COUNTY: Final = 2
"""The first digits of a municipality's code are those of its county."""


def arguments(to: ArgumentParser) -> None:
    """On which day, and whose."""
    to.add_argument("--day", type=day_argument, metavar="DAG", help="hvem som veileder denne dagen; ellers i dag")
    to.add_argument("--municipality", metavar="NUMMER", help="bare i denne kommunen")
    to.add_argument("--across", action="store_true", help="bare veiledere som veileder i mer enn én kommune")
    to.add_argument(
        "--places", action="store_true", help="hvor mange plasser som er ledige i kommunen og resten av fylket"
    )
    format_option(to)
    acting_options(to)


def run(asked: Namespace) -> None:
    """Ask the read model, and show."""
    on = asked.day or norwegian_day(now())
    with acting(asked) as at:
        book = at.casework.book.current()
        if asked.places:
            _places(at, asked, book, on)
            return
        where = None if asked.municipality is None else current_code(book, asked.municipality)
        with at.store.reading(asked.sight.rows) as connection:
            late = behind(connection).positions
            found = supervisors(connection, SupervisorsAsked(on, where, asked.across, asked.sight), limit=_ALL).items
        if late:
            newest = counted(late, "den siste hendelsen", "av de siste hendelsene")
            tell(f"Listen mangler {newest}; «alis worker» bringer den à jour.")
        table = named(at.casework, supervisors_table(found, on, Places(book)), asked.actor)
        show(asked.format, lambda: table, lambda: to_jsonable_python(found))


def _places(at: Session, asked: Namespace, book: RuleBook, on: date) -> None:
    """The free places of a municipality and the others of its county; without one of all, for those who see all."""
    where: str | None = asked.municipality or (asked.actor and asked.actor.organisation)
    if where is None and not asked.sight.whole:
        raise InputProblem("municipality-needed", "Si hvilken kommune det gjelder, med --municipality.")
    if where and not asked.sight.sees_municipality(where):
        raise refused("unknown-municipality", municipality=where)
    with at.store.reading(None) as connection:
        guides = guides_on(connection, on)
    found = at.casework.municipalities.offered(current_code(book, where)[:_COUNTY] if where else "", guides, on)
    lines = [f"{place(code)}: {each.free} av {each.places} plasser er ledige" for code, each in found.items()]
    table = "\n".join([f"Ledige plasser med veileder {day(on)}", "", *(lines or ["Ingen veiledere er tilbudt."]), ""])
    show(asked.format, lambda: table, lambda: to_jsonable_python(found))


def supervisors_table(found: Sequence[Supervisor], on: date, places: Places) -> str:
    """A paragraph for each supervisor, with a line for each doctor."""
    return "".join(f"{line}\n" for line in _lines(found, on, places))


def _lines(found: Sequence[Supervisor], on: date, places: Places) -> Iterator[str]:
    yield f"{counted(len(found), 'Én veileder', 'veiledere')} {day(on)}".capitalize()
    for each in found:
        yield ""
        where = counted(len(each.municipalities), "én kommune", "kommuner")
        yield f"Veileder med HPR-nummer {each.supervisor} veileder i {where}:"
        for there in each.municipalities:
            yield f"  {places.name(there.municipality)} ({there.municipality})"
            yield from (f"    {_doctor(doctor)}" for doctor in there.doctors)


def _doctor(guided: Guided) -> str:
    approved = "" if guided.approved else ", ikke godkjent"
    held = (
        f"; {number(guided.hours)} timer holdt, {number(guided.confirmed)} bekreftet av begge"
        if guided.sessions
        else ""
    )
    return f"lege med HPR-nummer {guided.hpr} {span(guided.first_day, guided.last_day)}{approved}{held}"
