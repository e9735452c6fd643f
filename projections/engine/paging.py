"""A slice of a longer list, and where the next begins: keyset paging, so that nothing is skipped or seen twice.

What somebody does not see is not among the rows that a list is cut from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, LiteralString, TypeVar

from domain.casework.access.sight import Sight

T = TypeVar("T")
MOST: Final = 100
"""The default page size."""


SEEN: Final[LiteralString] = """
(%(seen_places)s::text[] IS NULL OR municipality = ANY(%(seen_places)s))
AND (%(seen_doctor)s::text IS NULL OR hpr = %(seen_doctor)s)
"""
"""Whether somebody sees a row of a doctor in a municipality."""


def seeing(query: str) -> bytes:
    """A query with that condition in the place of `{seen}`."""
    return query.format(seen=SEEN).encode()


def seen(sight: Sight) -> dict[str, object]:
    """What `SEEN` is asked with."""
    places = None if sight.places is None or sight.doctor is not None else sorted(sight.places)
    return {"seen_places": places, "seen_doctor": sight.doctor}


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Some of a list in order; `after` asks for the next, None at the end."""

    items: list[T]
    after: str | None


def sliced(found: Sequence[T], limit: int, name: Callable[[T], str]) -> Slice[T]:
    """The first `limit` of what was found. Queries ask for one more, which tells whether there is a next page."""
    items = list(found[:limit])
    return Slice(items, name(items[-1]) if len(found) > limit else None)
