"""`alis municipality`: what municipalities say of themselves, who had access on a day, and what they register."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from pydantic_core import to_jsonable_python

from api.municipalities.view import entry_view, municipality_access, municipality_history, municipality_view
from deploy.clock import now
from domain.casework.access.table import roles_of
from domain.casework.service import Casework
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import refused
from workers.access.reads import acting, reading
from workers.registers.municipality_tables import access_table, acting_table, history_table, municipality_table
from workers.shell.arguments import acting_options, day, fields_of, format_option, moment
from workers.shell.output import print_json, show
from workers.shell.session import command

HELP: Final[Mapping[str, str]] = {
    "training_registered": "Registrerer kommunen som utdanningsvirksomhet (saksbehandleren).",
    "contact_given": "Oppgir en kontaktperson (kommunen).",
    "account_given": "Oppgir kontoen som tilskuddet betales til (kommunen).",
    "coordinator_appointed": "Oppnevner en koordinator: en person, ved id-en som står på siden «Innloggingen din»,"
    " eller en annen kommunes folk (kommunen).",
    "revisor_engaged": "Engasjerer et firma som revisor (kommunen).",
    "office_invited": "Gir et ALIS-kontor innsyn i det kommunen ser (kommunen).",
    "post_closed": "Legger ned en hjemmel (kommunen).",
    "supervisor_offered": "Tilbyr en veileder til et antall leger (kommunen).",
    "entry_ended": "Sier når noe som er registrert, slutter å gjelde.",
    "entry_withdrawn": "Trekker tilbake noe som ble registrert ved en feil.",
}


def arguments(to: ArgumentParser) -> None:
    """The commands under `alis municipality`."""
    steps = to.add_subparsers(dest="step", required=True, metavar="HVA")

    def add(name: str, sentence: str) -> ArgumentParser:
        made: ArgumentParser = steps.add_parser(name, help=sentence, description=sentence)
        return made

    shown = add("show", "Viser hva som gjelder for en kommune på en dag.")
    history = add("history", "Viser alt som er registrert om en kommune, og hva som siden er sagt om det.")
    access = add("access", "Viser hvem som hadde tilgang på en dag, siden når, og hvem som ga den.")
    acting = add("acts-for", "Viser hvilke kommuner et firma, et ALIS-kontor eller en koordinator kan handle for.")
    acting.add_argument(
        "number", metavar="NUMMER", help="organisasjonsnummeret, eller en koordinator som person: og id-en"
    )
    for each in (shown, history, access):
        acting_options(each)
        each.add_argument("municipality", metavar="NUMMER", help="kommunenummer, for eksempel 1804")
    for each in (shown, access, acting):
        each.add_argument("--on", type=day, metavar="DAG", help="dagen det spørres om; ellers i dag")
    shown.add_argument("--known-at", type=moment, metavar="TIDSPUNKT", help="slik vi visste det da")
    for each in (shown, history, access, acting):
        format_option(each)
    for name, sentence in HELP.items():
        step = add(name.replace("_", "-"), sentence)
        step.add_argument("municipality", metavar="NUMMER", help="kommunenummer, for eksempel 1804")
        step.add_argument("fields", nargs="*", metavar="FELT=VERDI", help="feltene, som first_day=2026-01-01")
        acting_options(step)


def run(asked: Namespace) -> None:
    """Run one of the commands."""
    if asked.step == "acts-for":
        with reading(asked, "municipality.access") as at:
            _acts_for(at.casework, asked)
        return
    with acting(asked) as at:
        if not asked.sight.sees_municipality(asked.municipality):
            raise refused("unknown-municipality", municipality=asked.municipality)
        _READ.get(asked.step, _register)(at.casework, asked)


def _sees_contacts(asked: Namespace) -> bool:
    return asked.actor is None or asked.actor.role in roles_of("municipality.contacts")


def _show(casework: Casework, asked: Namespace) -> None:
    found, on = casework.municipalities.municipality(asked.municipality, asked.known_at), _day(asked)
    code = casework.municipalities.current_code(asked.municipality)
    view = municipality_view(code, found, on, asked.known_at, personal=_sees_contacts(asked))
    show(asked.format, lambda: municipality_table(view), lambda: to_jsonable_python(view))


def _history(casework: Casework, asked: Namespace) -> None:
    found = casework.municipalities.municipality(asked.municipality)
    view = municipality_history(
        casework.municipalities.current_code(asked.municipality), found, personal=_sees_contacts(asked)
    )
    show(asked.format, lambda: history_table(view), lambda: to_jsonable_python(view))


def _access(casework: Casework, asked: Namespace) -> None:
    found = casework.municipalities.municipality(asked.municipality)
    view = municipality_access(casework.municipalities.current_code(asked.municipality), found, _day(asked))
    show(asked.format, lambda: access_table(view), lambda: to_jsonable_python(view))


def _acts_for(casework: Casework, asked: Namespace) -> None:
    municipalities, on = casework.municipalities, _day(asked)
    kind, of_person, name = asked.number.partition(":")
    persons = [f"{kind}:{each}" for each in casework.links.ids_of(name)] if of_person else [None]
    coordinated = (code for each in persons for code in municipalities.coordinated(each, asked.number, on))
    found = {
        "revisor": municipalities.engaged(asked.number, on),
        "alis_office": municipalities.invited(asked.number, on),
        "coordinator": tuple(dict.fromkeys(coordinated)),
    }
    show(asked.format, lambda: acting_table(asked.number, on, found), lambda: {"on": on.isoformat(), **found})


def _register(casework: Casework, asked: Namespace) -> None:
    code = asked.municipality
    given = {"type": asked.step.replace("-", "_"), **fields_of(asked.fields)}
    done = casework.municipalities.register(code, given, now(), command(asked.actor, "terminal"))
    entry = casework.municipalities.at(code, done.version).entries[done.name]
    print_json({**to_jsonable_python(entry_view(entry, personal=True)), "stored": done.stored})


def _day(asked: Namespace) -> date:
    return asked.on or norwegian_day(now())


_READ: Final[Mapping[str, Callable[[Casework, Namespace], None]]] = {
    "show": _show,
    "history": _history,
    "access": _access,
}
