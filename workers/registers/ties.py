"""`alis ties`: ties that keep somebody from handling a case, and the decided claims that they touch."""

from argparse import ArgumentParser, Namespace
from typing import Final

from pydantic_core import to_jsonable_python

from api.ties.view import TiedDecisionView, TieView, decisions_view, tie_view, ties_view
from deploy.clock import now
from domain.casework.access.table import roles_of
from domain.casework.service import Casework
from domain.ties.events import TieKind
from domain.values.places import place, someone
from domain.values.words import day, listed, moment, span
from workers.access.reads import acting
from workers.shell.arguments import acting_options, fields_of, format_option, person
from workers.shell.output import print_json, show
from workers.shell.session import command, named

KINDS: Final = {
    TieKind.FAMILY: "familie",
    TieKind.EMPLOYMENT: "arbeidsforhold",
    TieKind.FINANCIAL: "økonomi",
    TieKind.PERSONAL: "vennskap eller uvennskap",
}
_STEPS: Final = {"declare": "tie_declared", "end": "tie_ended"}


def arguments(to: ArgumentParser) -> None:
    """The commands under `alis ties`."""
    steps = to.add_subparsers(dest="step", required=True, metavar="HVA")

    def add(name: str, sentence: str) -> ArgumentParser:
        made: ArgumentParser = steps.add_parser(name, help=sentence, description=sentence)
        return made

    listing = add("list", "Viser habilitetsforholdene som er meldt.")
    format_option(listing)
    decisions = add("decisions", "Viser vedtatte søknader der noen med et habilitetsforhold har deltatt.")
    decisions.add_argument("--person", type=person, metavar="HVEM", help="bare denne personens, som saksbehandler:kari")
    format_option(decisions)
    declares = add("declare", "Melder et habilitetsforhold, ditt eget eller en kollegas.")
    kinds = listed(TieKind)
    fields = f"person, hpr eller municipality, kind ({kinds}), first_day og eventuelt reason, hver som felt=verdi"
    declares.add_argument("fields", nargs="*", metavar="FELT=VERDI", help=fields)
    ends = add("end", "Avslutter et habilitetsforhold; det gjør en annen enn den det gjelder.")
    ends.add_argument("fields", nargs="*", metavar="FELT=VERDI", help="tie og last_day, hver som felt=verdi")
    for step in (listing, decisions, declares, ends):
        acting_options(step)


def run(asked: Namespace) -> None:
    """Run one of the commands."""
    with acting(asked) as at:
        if asked.step == "list":
            _list(at.casework, asked)
        elif asked.step == "decisions":
            _decisions(at.casework, asked)
        else:
            _register(at.casework, asked)


def _list(casework: Casework, asked: Namespace) -> None:
    view = ties_view(casework.ties.current(), casework.ties.current_code, personal=_sees_reasons(asked))
    lines = [_tie(each) for each in view.ties] or ["Ingen habilitetsforhold er meldt."]
    show(asked.format, lambda: named(casework, "\n".join([*lines, ""]), asked.actor), lambda: to_jsonable_python(view))


def _decisions(casework: Casework, asked: Namespace) -> None:
    view = decisions_view(casework.tie_search.decisions(asked.person), casework.ties.current_code)
    lines = [_decision(each) for each in view.decisions] or ["Ingen med et habilitetsforhold har deltatt."]
    show(asked.format, lambda: named(casework, "\n".join([*lines, ""]), asked.actor), lambda: to_jsonable_python(view))


def _register(casework: Casework, asked: Namespace) -> None:
    given = {"type": _STEPS[asked.step], **fields_of(asked.fields)}
    done = casework.ties.register(given, now(), command(asked.actor, "terminal"))
    view = tie_view(casework.ties.at(done.name, done.version), casework.ties.current_code, personal=True)
    print_json({**to_jsonable_python(view), "stored": done.stored})


def _sees_reasons(asked: Namespace) -> bool:
    return asked.actor is None or asked.actor.role in roles_of("ties.change")


def _tie(view: TieView) -> str:
    declared = f"meldt {moment(view.declared_at)} av {someone(view.declared_by)}"
    reason = f" {view.reason}" if view.reason else ""
    return (
        f"{someone(view.person)} og {_about(view.hpr, view.municipality)}: {KINDS[view.kind]},"
        f" {span(view.first_day, view.last_day)}; {declared} ({view.tie}).{reason}"
    )


def _about(hpr: str | None, municipality: str | None) -> str:
    return f"lege med HPR-nummer {hpr}" if hpr else place(str(municipality))


def _decision(view: TiedDecisionView) -> str:
    head = (
        f"{view.claim}, vedtatt {day(view.decided_on)}: {someone(view.person)} og {_about(view.hpr, view.municipality)}"
    )
    steps = (
        f"  {moment(each.at)}: {each.sentence} (forholdet var {'meldt' if each.declared_before else 'ikke meldt ennå'})"
        for each in view.took_part
    )
    return "\n".join([head, *steps])
