"""`alis meters`: how much a doctor has used of what the education takes, and of what the grant is given for."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from deploy.clock import now
from domain.casework.facts.viewing import Viewer
from domain.rules.meters import Meters
from domain.values import words
from domain.values.norwegian_time import norwegian_day
from workers.access.reads import acting
from workers.shell.arguments import acting_options, day, format_option, hpr, moment
from workers.shell.output import show
from workers.shell.session import named


def arguments(to: ArgumentParser) -> None:
    """Whose, on which day, as known when."""
    to.add_argument("hpr", type=hpr, metavar="HPR", help="legens HPR-nummer")
    to.add_argument("--day", type=day, metavar="DAG", help="slik det står ved slutten av denne dagen; ellers i dag")
    to.add_argument("--known-at", type=moment, metavar="TIDSPUNKT", help="slik vi visste det da")
    format_option(to)
    acting_options(to)


def run(asked: Namespace) -> None:
    """Read, and show."""
    with acting(asked) as at:
        viewer = Viewer(asked.actor, asked.sight) if asked.actor else None
        found = at.casework.meters(asked.hpr, asked.day or norwegian_day(now()), asked.known_at, viewer)
        show(asked.format, lambda: named(at.casework, meters_table(found), asked.actor), found.as_json)


def meters_table(found: Meters) -> str:
    """A sentence for each meter, with what it rests on."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Meters) -> Iterator[str]:
    yield f"Hvor langt legen med HPR-nummer {found.hpr} er kommet per {words.day(found.day)}, til opplysning"
    yield f"Slik vi visste det {words.moment(found.known_at)}" if found.known_at else "Slik vi vet det nå"
    for each in found.meters:
        yield from ("", each.text(found.day), f"  {each.rests_on.note} ({each.rests_on.source})")
