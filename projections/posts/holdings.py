"""Holdings: the days on which a doctor held a post that the municipality has a name for.

The rows are of one doctor each; which posts they make is composed when asked for, for it depends on the day asked and
on the codes that municipalities have then.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, ClassVar

from psycopg import Connection
from psycopg.rows import class_row

from domain.doctor.history import Doctor, as_known
from domain.doctor.track.state import Position
from domain.store import Store
from domain.values.days.calendar import FOREVER, Days, days_of, runs_from
from projections.engine.log import Page
from projections.engine.projection import Projection, Row, Table, Writer


@dataclass(frozen=True, slots=True)
class Holding:
    """Days on which a doctor held a post under one name; without a last day it is held still."""

    hpr: str
    position: str
    first_day: date
    last_day: date | None
    municipality: str
    post: str

    @property
    def days(self) -> Days:
        """The days as ordinals."""
        last = FOREVER if self.last_day is None else self.last_day.toordinal()
        return self.first_day.toordinal(), last


class PostHoldings(Projection):
    """The holdings of every doctor; a position without a name of the post has none."""

    name: ClassVar[str] = "post_holdings"
    table: ClassVar[Table] = Table(
        "post_holdings",
        {
            "hpr": "text",
            "position": "text",
            "first_day": "date",
            "last_day": "date",
            "municipality": "text",
            "post": "text",
        },
        keys=3,
        indexes=("municipality",),
    )

    def project(self, page: Page, writer: Writer) -> None:
        """Write the holdings of the doctors in the page."""
        for doctors in page.touched():
            rows = [_row(each) for known in doctors for each in holdings_of(known.hpr, known.doctor)]
            writer.replace(self.table, [known.hpr for known in doctors], rows)


def _row(of: Holding) -> Row:
    return of.hpr, of.position, of.first_day, of.last_day, of.municipality, of.post


def holdings_of(hpr: str, doctor: Doctor) -> Iterator[Holding]:
    """The holdings of one doctor, position by position."""
    for name, position in sorted(doctor.track.positions.items()):
        yield from _named_days(hpr, name, position)


def _named_days(hpr: str, name: str, position: Position) -> Iterator[Holding]:
    """The days of a position under each name that the post had."""
    begins, ends = days_of(position)
    runs = runs_from([day.toordinal() for day in position.post.days], ends)
    for (first, last), post in zip(runs, position.post.values, strict=True):
        held_from, held_to = max(first, begins), min(last, ends)
        if post is not None and held_from <= held_to:
            last_day = position.last_day if held_to == ends else date.fromordinal(held_to)
            yield Holding(hpr, name, date.fromordinal(held_from), last_day, position.municipality, post)


def holdings_in(connection: Connection[Any], codes: Collection[str] | None = None) -> list[Holding]:
    """The holdings in a municipality, by all its codes; in all of them without any."""
    query = "SELECT * FROM read.post_holdings WHERE %(codes)s::text[] IS NULL OR municipality = ANY(%(codes)s)"
    asked = {"codes": None if codes is None else sorted(codes)}
    return connection.cursor(row_factory=class_row(Holding)).execute(query, asked).fetchall()


def holdings_known(store: Store, known_at: datetime | None, codes: Sequence[str] | None = None) -> list[Holding]:
    """The same as known at a moment, from the log itself: no worker need have run."""
    logged = store.facts_of_all() if codes is None else store.facts_of_municipality(codes)
    return [
        holding
        for hpr, told in groupby(logged, key=lambda each: each.fact.hpr)
        for holding in holdings_of(hpr, as_known((each.fact for each in told), known_at))
        if codes is None or holding.municipality in codes
    ]
