"""A slice of a longer list, and where the next begins: keyset paging, so that nothing is skipped or seen twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")
MOST: Final = 100
"""The default page size."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Some of a list in order; `after` asks for the next, None at the end."""

    items: list[T]
    after: str | None


def sliced(found: Sequence[T], limit: int, name: Callable[[T], str]) -> Slice[T]:
    """The first `limit` of what was found. Queries ask for one more, which tells whether there is a next page."""
    items = list(found[:limit])
    return Slice(items, name(items[-1]) if len(found) > limit else None)
