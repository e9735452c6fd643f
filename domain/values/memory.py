"""A cache without a lock, for what the rules compute again and again."""

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
LIMIT: Final = 20_000


class Memory(Generic[T]):
    """A bounded cache. Keys contain every input, so entries never go stale; when full it is cleared."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._found: dict[Hashable, T] = {}

    def get(self, key: Hashable) -> T | None:
        """The value that was kept for a key."""
        return self._found.get(key)

    def keep(self, key: Hashable, value: T) -> T:
        """Keep a value."""
        if len(self._found) >= self._limit:
            self._found = {}
        self._found[key] = value
        return value
