"""What was found under a rule set, by all that decides it."""

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
LIMIT: Final = 20_000


class Memory(Generic[T]):
    """Never wrong, for the key holds everything that the value follows from; all is let go when it is too much."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._found: dict[Hashable, T] = {}

    def get(self, kind: Hashable) -> T | None:
        """What was found of a kind, where it is remembered."""
        return self._found.get(kind)

    def keep(self, kind: Hashable, found: T) -> T:
        """Remember what was found of a kind."""
        if len(self._found) >= self._limit:
            self._found = {}
        self._found[kind] = found
        return found
