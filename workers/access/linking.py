"""`alis persons`: one operator declares that two ids are of one person, and another approves it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from typing import Any, Final

from deploy.clock import now
from domain.casework.service import Casework
from domain.persons.events import LinkApproved, LinkReason
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
"""Ids stand as `person:…` in what is printed, for an id alone is printed as the name."""


def arguments(to: ArgumentParser) -> None:
    """The commands under `alis persons`."""
    steps = to.add_subparsers(dest="step", required=True, metavar="HVA")
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
    """Show the links, or take a step and tell what comes next."""
    if asked.step == "links":
        with reading(asked, "keep") as at:
            found = links_of(at.casework)
            show(asked.format, lambda: links_table(found), lambda: {"links": [told(each) for each in found]})
        return
    with acting(asked) as at:
        _take(at.casework, asked, (asked.person, asked.other))
        print_json(told(at.casework.links.current().by_pair[asked.person, asked.other]))
    if asked.step == "link":
        tell("De to er ikke én person ennå: en annen enn deg godkjenner det med alis persons approve-link.")


def _take(casework: Casework, asked: Namespace, pair: Pair) -> None:
    order = command(asked.actor, "terminal")
    if asked.step == "link":
        casework.links.declare(pair, LinkReason(asked.reason_code), now(), order)
    elif asked.step == "approve-link":
        casework.links.approve(pair, now(), order)
    else:
        casework.links.withdraw(pair, now(), order)


def links_of(casework: Casework) -> list[Link]:
    """The links in the order declared."""
    return [*casework.links.current().by_pair.values()]


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
        "settled_by": settled and settled.recorded_by,
        "settled_at": settled and moment_text(settled.recorded_at),
    }


def links_table(found: list[Link]) -> str:
    """A row for each link; a bare id is printed as the person's name."""
    if not found:
        return "Ingen er meldt som samme person.\n"
    return columns([_HEAD, *(_row(each.declared.person, each.declared.other, each) for each in found)], len(_HEAD))


def _row(person: str, other: str, link: Link) -> tuple[str, ...]:
    declared = f"{moment(link.declared.recorded_at)} av {someone(link.declared.recorded_by)}"
    return (other, f"{_KIND}{other}", person, f"{_KIND}{person}", REASONS[link.declared.reason], declared, _state(link))


def _state(link: Link) -> str:
    if link.settled is None:
        return "venter på at en annen godkjenner"
    did = "godkjent" if isinstance(link.settled, LinkApproved) else "trukket"
    return f"{did} {moment(link.settled.recorded_at)} av {someone(link.settled.recorded_by)}"
