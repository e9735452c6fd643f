"""`alis preview --switch`: which days of a planned switch lose the fewest months, and why."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from domain.doctor.intake.intake import refusal_of
from domain.rules.switch.answer import BestSwitch
from domain.rules.switch.choosing import Run
from domain.rules.switch.computing import Outcome
from domain.rules.switch.planned import MOST_DAYS, PlannedSwitch
from domain.rules.switch.sentences import ORDER
from domain.values import words
from domain.values.fields import Category
from domain.values.places import place
from domain.values.refusals.refusal import refused
from workers.access.reads import reading
from workers.calculating.change_table import change_table
from workers.shell.arguments import day, moment
from workers.shell.output import show
from workers.shell.session import named
from workers.shell.table import LEGEND

_NEW: Final = ("to", "category", "percent")
_RANGES: Final = ("last_day_between", "first_day_between")
_LEFT: Final = ("position", "last_day_between")
_DAYS: Final = {
    "--last-day-between": f"siste dag i stillingen som legen går fra, høyst {MOST_DAYS} dager å velge mellom",
    "--first-day-between": "første dag i den nye stillingen; ellers fra dagen etter den første siste dagen",
}
_OTHERS: Final = 8
"""How many other choices of days a person is shown; JSON has them all."""


def switch_arguments(to: ArgumentParser) -> None:
    """A planned switch."""
    to.add_argument(
        "--position",
        metavar="STILLING",
        help="stillingen som legen går fra; kommunen som legen kommer til, utelater den",
    )
    to.add_argument("--to", metavar="NUMMER", help="kommunen som legen går til")
    to.add_argument("--category", choices=[each.value for each in Category], help="den nye stillingens type")
    to.add_argument("--percent", metavar="PROSENT", help="den nye stillingens prosent")
    to.add_argument("--until", type=day, metavar="DAG", help="den nye stillingens siste dag, om den skal ha noen")
    for name, sentence in _DAYS.items():
        to.add_argument(name, nargs=2, type=day, metavar=("FRA", "TIL"), help=sentence)
    to.add_argument("--known-at", type=moment, metavar="TIDSPUNKT", help="slik vi visste det da")


def run_switch(asked: Namespace) -> None:
    """Preview a switch, and store nothing."""
    plan = _plan(asked)
    with reading(asked, "facts.preview") as at:
        found = at.casework.preview.of_switch(asked.switch, plan, asked.known_at)
        show(asked.format, lambda: named(at.casework, switch_table(found)), found.as_json)


def switch_table(found: BestSwitch) -> str:
    """The whole answer, ending in a newline."""
    changed = [line for change in found.changes for line in change_table(change)]
    legend = ["", LEGEND] if changed else []
    return "\n".join([*_head(found), *_best(found), *_others(found), *_remarks(found), *changed, *legend, ""])


def _plan(asked: Namespace) -> PlannedSwitch:
    """The plan of the arguments; raises `Refused` with what is wrong with it."""
    given = [name for name in _LEFT if getattr(asked, name) is not None]
    needed = (*_NEW, *(() if asked.first_day_between and not given else _LEFT))
    missing = [f"--{name.replace('_', '-')}" for name in needed if getattr(asked, name) is None]
    if missing:
        raise refused("switch-incomplete", missing=words.listed(missing))
    new = {"municipality": asked.to, "category": Category(asked.category), "percent": asked.percent}
    plan: dict[str, Any] = {
        "position": asked.position,
        **{name: _range(days) for name in _RANGES if (days := getattr(asked, name)) is not None},
        "new": {**new, "last_day": asked.until},
    }
    try:
        return PlannedSwitch.model_validate(plan)
    except ValidationError as error:
        raise refusal_of(error.errors()[0]) from None


def _range(days: Sequence[date]) -> dict[str, date]:
    return dict(zip(("first_day", "last_day"), days, strict=True))


def _head(found: BestSwitch) -> Iterator[str]:
    left = f"fra {place(found.switching.places[0].code)} " if found.switching.left else ""
    to = place(found.switching.places[-1].code)
    yield f"Bytte av stilling for {found.switching.hpr}, {left}til {to}. Ingenting er lagret."
    yield f"Slik vi visste det {words.moment(found.known_at)}" if found.known_at else "Slik vi vet det nå"
    yield f"{words.counted(len(found.choice.outcomes), 'Ett par dager', 'par av dager').capitalize()} er regnet ut."


def _best(found: BestSwitch) -> Iterator[str]:
    yield from ("", f"Forslag: {_run(_alone(found.choice.best), found)}")
    yield from _indented(found.why(found.choice.best))
    others = [run for run in found.choice.equal if run != _alone(found.choice.best)]
    if others:
        yield from ("", "Like bra, så lenge første dag kommer etter siste dag" if found.switching.left else "Like bra")
        yield from _indented([_run(run, found) for run in others])
    yield from ("", ORDER, *found.assumptions)


def _others(found: BestSwitch) -> Iterator[str]:
    others = found.choice.others
    if others:
        yield from ("", "Andre dager")
    for each in others[:_OTHERS]:
        yield from _indented([" ".join(found.why(each))])
    if len(others) > _OTHERS:
        yield f"  … og {len(others) - _OTHERS} andre muligheter, som taper mer."


def _remarks(found: BestSwitch) -> Iterator[str]:
    if found.remarks:
        yield from ("", "Se nærmere på")
    yield from _indented([f"{place(each.municipality)}: {each.text}" for each in found.remarks])


def _alone(outcome: Outcome) -> Run:
    last, first = outcome.days
    return Run((last, last), (first, first))


def _run(run: Run, found: BestSwitch) -> str:
    left = f"siste dag {_days(run.last_days)}, " if found.switching.left else ""
    return f"{left}første dag {_days(run.first_days)}"


def _days(days: tuple[date, date]) -> str:
    first, last = days
    return words.day(first) if first == last else f"fra {words.day(first)} til {words.day(last)}"


def _indented(sentences: Sequence[str]) -> Iterator[str]:
    return (f"  {each}" for each in sentences)
