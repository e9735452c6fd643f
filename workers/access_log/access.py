"""`alis access`: who read which case, and when."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Final

from pydantic_core import to_jsonable_python

from domain.casework.access.sight import Sight
from domain.store import StoredEntry
from domain.values.words import ROLES, counted
from projections.access.reading import AccessAsked, accesses
from projections.access.sentences import sentence
from workers.access.reads import reading
from workers.shell.arguments import day, format_option, hpr
from workers.shell.output import show
from workers.shell.session import named

_MOST: Final = 100


def arguments(to: ArgumentParser) -> None:
    """Of whom, on which days, by whom."""
    to.add_argument("--doctor", type=hpr, metavar="HPR", help="bare oppslag om denne legen")
    to.add_argument("--from", type=day, dest="first_day", metavar="DAG", help="fra og med denne dagen")
    to.add_argument("--to", type=day, dest="last_day", metavar="DAG", help="til og med denne dagen")
    to.add_argument("--role", choices=sorted(ROLES), metavar="ROLLE", help="bare av noen i denne rollen")
    to.add_argument("--limit", type=int, default=_MOST, metavar="ANTALL", help="det meste som vises; ellers 100")
    format_option(to)


def run(asked: Namespace) -> None:
    """Read the log, the newest first, and show."""
    wanted = AccessAsked(asked.doctor, asked.first_day, asked.last_day, asked.role)
    with reading(asked, "access.read") as at:
        with at.store.reading(None) as connection:
            found = accesses(connection, wanted, Sight(), limit=max(asked.limit, 1)).items
        show(asked.format, lambda: named(at.casework, access_table(found)), lambda: {"entries": _as_json(found)})


def access_table(found: Sequence[StoredEntry]) -> str:
    """A sentence for each entry, with its number."""
    head = counted(len(found), "Ett oppslag", "oppslag").capitalize()
    return "".join(f"{line}\n" for line in (head, "", *(f"{each.position}. {sentence(each)}" for each in found)))


def _as_json(found: Sequence[StoredEntry]) -> list[dict[str, object]]:
    return [
        {
            "position": each.position,
            "moment": to_jsonable_python(each.moment),
            **to_jsonable_python(each.entry),
            "sentence": sentence(each),
        }
        for each in found
    ]
