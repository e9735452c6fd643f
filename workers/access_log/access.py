"""`alis access`: who read which case, and when."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Final

from pydantic_core import to_jsonable_python

from domain.store import StoredEntry
from domain.values.words import ROLES, counted
from projections.access.reading import AccessAsked, accesses
from projections.access.sentences import sentence
from workers.access.reads import acting
from workers.shell.arguments import acting_options, day, format_option, hpr
from workers.shell.output import show
from workers.shell.session import named

_MOST: Final = 100


def arguments(to: ArgumentParser) -> None:
    """Of whom, on which days, by whom."""
    to.add_argument("--doctor", type=hpr, metavar="HPR", help="bare oppslag om denne legen")
    to.add_argument("--from", type=day, dest="first_day", metavar="DAG", help="fra og med denne dagen")
    to.add_argument("--to", type=day, dest="last_day", metavar="DAG", help="til og med denne dagen")
    to.add_argument("--by-role", choices=sorted(ROLES), metavar="ROLLE", help="bare av noen i denne rollen")
    to.add_argument("--limit", type=int, default=_MOST, metavar="ANTALL", help="det meste som vises; ellers 100")
    format_option(to)
    acting_options(to)


def run(asked: Namespace) -> None:
    """Read the log, the newest first, and show."""
    wanted = AccessAsked(asked.doctor, asked.first_day, asked.last_day, asked.by_role)
    with acting(asked) as at:
        with at.store.reading(asked.sight.rows) as connection:
            found = accesses(connection, wanted, asked.sight, limit=max(asked.limit, 1)).items
        numbered: bool = asked.sight.whole
        show(
            asked.format,
            lambda: named(at.casework, access_table(found, numbered=numbered), asked.actor),
            lambda: {"entries": _as_json(found, numbered=numbered)},
        )


def access_table(found: Sequence[StoredEntry], *, numbered: bool) -> str:
    """A sentence for each entry, with its number for those who see all of them."""
    head = counted(len(found), "Ett oppslag", "oppslag").capitalize()
    told = (f"{each.position}. {sentence(each)}" if numbered else sentence(each) for each in found)
    return "".join(f"{line}\n" for line in (head, "", *told))


def _as_json(found: Sequence[StoredEntry], *, numbered: bool) -> list[dict[str, object]]:
    return [
        {
            "position": each.position if numbered else None,
            "moment": to_jsonable_python(each.moment),
            **to_jsonable_python(each.entry),
            "sentence": sentence(each),
        }
        for each in found
    ]
