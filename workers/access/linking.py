"""`alis persons`: who has signed in, and who of them are one person: one operator declares it, another approves it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from deploy.clock import now
from domain.casework.service import Casework
from domain.persons.events import LinkApproved, LinkEvent, LinkReason
from domain.persons.links import Link, Pair
from domain.rules.result import moment_text
from domain.values.places import someone
from domain.values.refusals.person import has_signed_in
from domain.values.words import moment
from workers.access.reads import acting, reading
from workers.shell.arguments import acting_options, format_option
from workers.shell.columns import columns
from workers.shell.output import print_json, show, tell
from workers.shell.session import command

REASONS: Final[Mapping[LinkReason, str]] = {
    LinkReason.SEVERAL_ISSUERS: "logger inn hos flere",
    LinkReason.NEW_IDENTITY_NUMBER: "har fått nytt fødselsnummer",
}
_HEAD: Final = ("person", "id", "samme som", "id", "hvorfor", "meldt", "stand")
_KIND: Final = "person:"
"""Ids stand as `person:…` in what is printed: an id alone would be printed as the name."""


def arguments(to: ArgumentParser) -> None:
    """The commands under `alis persons`."""
    steps = to.add_subparsers(dest="step", required=True, metavar="HVA")
    format_option(_step(steps, "list", "Viser hvem som har logget inn, med id og navn."))
    format_option(_step(steps, "links", "Viser hvem som er meldt eller godkjent som én person."))
    declares = _step(steps, "link", "Melder at to id-er er samme person; en annen må godkjenne det.")
    approves = _step(steps, "approve-link", "Godkjenner det en annen har meldt; fra da av er de to én person.")
    withdraws = _step(steps, "withdraw-link", "Trekker det som er meldt og ikke godkjent.")
    declares.add_argument(
        "--reason-code", required=True, choices=tuple(map(str, LinkReason)), metavar="GRUNN",
        help="hvorfor: " + ", ".join(LinkReason),
    )  # fmt: skip
    for step in (declares, approves, withdraws):
        step.add_argument("person", type=person_id, metavar="PERSON", help="id-en personen handler under fra da av")
        step.add_argument("other", type=person_id, metavar="ANNEN", help="den andre id-en til samme person")
        acting_options(step)


def _step(to: Any, name: str, sentence: str) -> ArgumentParser:  # noqa: ANN401 - argparse keeps its type to itself
    step: ArgumentParser = to.add_parser(name, help=sentence, description=sentence)
    return step


def person_id(text: str) -> str:
    """The id of a person, by itself or as `kind:id`."""
    found = text.rpartition(":")[2]
    if not has_signed_in(f"{_KIND}{found}"):
        raise ArgumentTypeError(f"«{text}» er ikke id-en til en person, som p- og tjue tegn")
    return found


def run(asked: Namespace) -> None:
    """Show persons or links, or take a step and tell what comes next."""
    if asked.step in _SHOWN:
        with reading(asked, "keep") as at:
            _SHOWN[asked.step](at.casework, asked)
        return
    with acting(asked) as at:
        _take(at.casework, asked, (asked.person, asked.other))
        print_json(told(at.casework.links.current().by_pair[asked.person, asked.other]))
    if asked.step == "link":
        tell("De to er ikke én person ennå: en annen enn deg godkjenner det med alis persons approve-link.")


def _persons(casework: Casework, asked: Namespace) -> None:
    links, names = casework.links.current(), casework.store.persons.everybody()
    found = [(each, name, links.ids_of(each)[0]) for each, name in names.items()]
    show(asked.format, lambda: persons_table(found), lambda: {"persons": [_signed_in(*each) for each in found]})


def _links(casework: Casework, asked: Namespace) -> None:
    found, names = [*casework.links.current().by_pair.values()], casework.store.persons.everybody()
    show(asked.format, lambda: links_table(found, names), lambda: {"links": [told(each) for each in found]})


_SHOWN: Final[Mapping[str, Callable[[Casework, Namespace], None]]] = {"list": _persons, "links": _links}


def _signed_in(person: str, name: str, acts_as: str) -> dict[str, str | None]:
    """Somebody for programs; a name is not kept of everybody."""
    return {"person": f"{_KIND}{person}", "name": name or None, "acts_as": f"{_KIND}{acts_as}"}


def persons_table(found: Sequence[tuple[str, str, str]]) -> str:
    """A row for each who has signed in, the first first."""
    if not found:
        return "Ingen har logget inn.\n"
    rows = (
        (name or "–", f"{_KIND}{person}", "" if acts_as == person else f"{_KIND}{acts_as}")
        for person, name, acts_as in found
    )
    return columns([("navn", "id", "handler som"), *rows], 3)


def _take(casework: Casework, asked: Namespace, pair: Pair) -> None:
    order = command(asked.actor, "terminal")
    if asked.step == "link":
        casework.links.declare(pair, LinkReason(asked.reason_code), now(), order)
    elif asked.step == "approve-link":
        casework.links.approve(pair, now(), order)
    else:
        casework.links.withdraw(pair, now(), order)


def told(link: Link) -> dict[str, str | None]:
    """A link for programs."""
    declared, settled = link.declared, link.settled
    return {
        "person": f"{_KIND}{declared.person}",
        "other": f"{_KIND}{declared.other}",
        "reason": declared.reason,
        "state": "waiting" if settled is None else "approved" if isinstance(settled, LinkApproved) else "withdrawn",
        "declared_by": declared.recorded_by,
        "declared_at": moment_text(declared.recorded_at),
        "settled_by": settled.recorded_by if settled else None,
        "settled_at": moment_text(settled.recorded_at) if settled else None,
    }


def links_table(found: Sequence[Link], names: Mapping[str, str]) -> str:
    """A row for each link, with persons by name and id."""
    if not found:
        return "Ingen er meldt som samme person.\n"
    return columns([_HEAD, *(_row(each, names) for each in found)], len(_HEAD))


def _row(link: Link, names: Mapping[str, str]) -> tuple[str, ...]:
    declared = link.declared
    two = [text for each in (declared.other, declared.person) for text in (names.get(each) or "–", f"{_KIND}{each}")]
    return (*two, REASONS[declared.reason], _done("", declared, names), _state(link, names))


def _state(link: Link, names: Mapping[str, str]) -> str:
    if link.settled is None:
        return "venter på at en annen godkjenner"
    return _done("godkjent " if isinstance(link.settled, LinkApproved) else "trukket ", link.settled, names)


def _done(what: str, event: LinkEvent, names: Mapping[str, str]) -> str:
    kind, _, person = event.recorded_by.partition(":")
    return f"{what}{moment(event.recorded_at)} av {someone(f'{kind}:{names.get(person) or person}')}"
