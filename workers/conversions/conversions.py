"""`alis conversions`: who waits to be converted to the new scheme, what it would give, and converting many at once."""

from argparse import ArgumentParser, Namespace
from datetime import date
from typing import Final

from pydantic_core import to_jsonable_python

from deploy.clock import now
from domain.casework.commands.commands import Actor
from domain.casework.conversions.conversion import Wanted, rounds_touched, sums
from domain.casework.service import Casework
from domain.rules.compare.conversion import old_scheme_ends
from domain.rules.sets.rule_set import RuleSet
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import refused
from workers.access.reads import acting
from workers.conversions.conversion_table import converted_table, preview_table, waiting_table
from workers.shell.arguments import acting_options, day, format_option, hpr
from workers.shell.output import show
from workers.shell.session import OPERATOR, command, named

_ON: Final = "den første dagen etter ny ordning, som ÅÅÅÅ-MM-DD"


def arguments(to: ArgumentParser) -> None:
    """The commands under `alis conversions`."""
    steps = to.add_subparsers(dest="step", required=True, metavar="HVA")

    def add(name: str, sentence: str) -> ArgumentParser:
        made: ArgumentParser = steps.add_parser(name, help=sentence, description=sentence)
        format_option(made)
        acting_options(made)
        made.add_argument("--on", type=day, required=name == "convert", metavar="DAG", help=_ON)
        made.add_argument("--municipality", metavar="NUMMER", help="de som har stilling i denne kommunen")
        return made

    listed = add("list", "Viser legene som følger gammel ordning, og hva en konvertering ville gitt kommunen.")
    preview = add("preview", "Viser hva som ville blitt registrert, og hva det gir; ingenting lagres.")
    convert = add("convert", "Konverterer leger til ny ordning; en som avvises, stopper ikke de andre.")
    for each in (listed, preview):
        each.add_argument("--rules", metavar="ID|FIL", help="et regelsett, også et utkast, for sin tilskuddsperiode")
    for each in (preview, convert):
        each.add_argument("doctors", nargs="*", type=hpr, metavar="HPR", help="legene; ellers alle som venter")
        each.add_argument("--all", action="store_true", help="alle som venter, i alle kommuner")
    convert.add_argument("--reason", metavar="TEKST", help="hvorfor; en saksbehandler må si det")


def run(asked: Namespace) -> None:
    """List, preview or convert."""
    with acting(asked) as at:
        if asked.step == "list":
            _list(at.casework, asked)
        elif asked.step == "preview":
            _preview(at.casework, asked)
        else:
            _convert(at.casework, asked)


def _list(casework: Casework, asked: Namespace) -> None:
    on, rule_sets = asked.on or _today(), _rule_sets(casework, asked)
    days = on, old_scheme_ends(rule_sets)
    found = [
        casework.conversions.effect(each, on, rule_sets)
        for each in casework.conversions.waiting(on, _today(), asked.municipality)
        if asked.sight.sees_municipality(each.municipality)
    ]
    told = {
        "on": on,
        "old_scheme_ends": days[1],
        "rounds": rounds_touched(rule_sets, on),
        "municipalities": [each.as_json() for each in found],
    }
    show(
        asked.format,
        lambda: named(casework, waiting_table(found, days, _touched(rule_sets, on)), asked.actor),
        lambda: to_jsonable_python(told),
    )


def _preview(casework: Casework, asked: Namespace) -> None:
    asked.on = asked.on or _today()
    actor, rule_sets = asked.actor or OPERATOR, _rule_sets(casework, asked)
    wanted = Wanted(asked.on, _doctors(casework, asked, actor))
    found = casework.conversions.preview(wanted, rule_sets, command(actor, "terminal"), now())
    told = {
        "on": asked.on,
        "rounds": rounds_touched(rule_sets, asked.on),
        "sums": sums(found),
        "doctors": [each.as_json() for each in found],
    }
    show(
        asked.format,
        lambda: named(casework, preview_table(found, asked.on, _touched(rule_sets, asked.on)), asked.actor),
        lambda: to_jsonable_python(told),
    )


def _convert(casework: Casework, asked: Namespace) -> None:
    actor = asked.actor
    wanted = Wanted(asked.on, _doctors(casework, asked, actor), asked.reason)
    done = casework.conversions.convert(wanted, command(actor, "terminal"), now())
    show(asked.format, lambda: named(casework, converted_table(done), asked.actor), done.as_json)


def _doctors(casework: Casework, asked: Namespace, actor: Actor) -> tuple[str, ...]:
    """The doctors who are named, or those who wait: in a municipality, by default one's own, or everywhere.

    Raises `Refused` (no-doctors-named).
    """
    where = asked.municipality or (actor.organisation if actor.role == "municipality" else None)
    if asked.doctors:
        return tuple(asked.doctors)
    if where is None and not asked.all:
        raise refused("no-doctors-named")
    waiting = casework.conversions.waiting(asked.on, _today(), where)
    return tuple(dict.fromkeys(hpr for each in waiting for hpr in each.doctors))


def _rule_sets(casework: Casework, asked: Namespace) -> list[RuleSet]:
    more = None if asked.rules is None else casework.book.named_or_file(asked.rules)
    return casework.conversions.rule_sets(more)


def _touched(rule_sets: list[RuleSet], on: date) -> list[RuleSet]:
    """The rule sets of the rounds that are not over on a day."""
    return [rules for rules in rule_sets if rules.round.last_day >= on]


def _today() -> date:
    return norwegian_day(now())
