"""`alis posts`: who held the posts of municipalities, month by month, and how stable they are."""

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from pydantic_core import to_jsonable_python

from deploy.clock import now
from domain.rules.sets.municipalities import MunicipalityList
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import refused
from projections.posts.holdings import holdings_known
from projections.posts.posts import Known, posts_of
from projections.posts.squares import squares
from projections.posts.stability import stability
from workers.access.reads import acting, sees_small
from workers.posts.post_table import post_table
from workers.posts.stability_table import stability_table
from workers.shell.arguments import acting_options, format_option, moment
from workers.shell.files import unwritable
from workers.shell.output import show
from workers.shell.session import named


def arguments(to: ArgumentParser) -> None:
    """Whose posts, and how they are shown."""
    to.add_argument("--municipality", metavar="NUMMER", help="bare hjemlene i denne kommunen, for eksempel 1804")
    to.add_argument("--known-at", type=moment, metavar="TIDSPUNKT", help="slik vi visste det da, til og med måneden")
    to.add_argument("--svg", metavar="FIL", help="tegn månedene som ruter i en SVG-fil")
    to.add_argument("--stability", action="store_true", help="vis tall for stabiliteten, også etter sentralitetsklasse")
    to.add_argument("--hide-small", action="store_true", help="skjul tall som gjelder færre enn fem personer")
    format_option(to)
    acting_options(to)


def run(asked: Namespace) -> None:
    """Compose the posts from the log, and show them or their figures."""
    with acting(asked) as at:
        places, until = at.casework.book.current().newest_list, norwegian_day(asked.known_at or now())
        where = _where(asked, places)
        codes = None if where is None or asked.stability else places.codes_of(where)
        known = Known(places.current, at.casework.municipalities.closed_posts(asked.known_at))
        every = posts_of(holdings_known(at.casework.store, asked.known_at, codes), known, until)
        found = [each for each in every if where in {None, each.municipality}]
        if asked.stability:
            figures = stability(every, places, until, small_cells=sees_small(asked)).seen_by(where)
            show(asked.format, lambda: stability_table(figures), lambda: to_jsonable_python(figures))
        else:
            posts = {"until": until, "posts": found}
            table = partial(post_table, found, until)
            show(asked.format, lambda: named(at.casework, table(), asked.actor), lambda: to_jsonable_python(posts))
    if asked.svg:
        _draw(asked.svg, squares(found, until))


def _where(asked: Namespace, places: MunicipalityList) -> str | None:
    """The municipality whose posts are shown, by its code of today; None for all.

    Raises `Refused` (unknown-municipality), also for another than one's own.
    """
    own: frozenset[str] | None = asked.sight.places
    if own is None:
        return None if asked.municipality is None else places.current(asked.municipality)
    if asked.municipality not in {None, *own}:
        raise refused("unknown-municipality", municipality=asked.municipality)
    return next(iter(own & places.by_code.keys()), "")


def _draw(file: str, drawing: str) -> None:
    try:
        Path(file).write_text(drawing, "utf-8")
    except OSError as error:
        raise unwritable(file, error) from None
