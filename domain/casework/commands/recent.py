"""A bounded cache that the threads of a process share."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_LOCKS: Final = 64


class Recent(Generic[T]):
    """The last answer to each question, valid as long as `standing`, which the answer follows from, is the same.

    An answer heavier than an eighth of the limit is not kept; when the rest is too heavy, the longest unused goes.
    """

    def __init__(self, limit: int, weight: Callable[[T], int] = lambda _: 1) -> None:
        self._limit, self._weight = limit, weight
        self._made: OrderedDict[Hashable, tuple[Hashable, T]] = OrderedDict()
        self._lock = threading.Lock()
        self._making = [threading.Lock() for _ in range(_LOCKS)]
        self.weighs = 0

    def get(self, question: Hashable, standing: Hashable) -> T | None:
        """The answer that was kept for a question, if what it follows from is still the same."""
        with self._lock:
            found = self._made.get(question)
            if found is None or found[0] != standing:
                return None
            self._made.move_to_end(question)
            return found[1]

    def keep(self, question: Hashable, standing: Hashable, made: T) -> T:
        """Keep an answer in place of the one before."""
        weight = self._weight(made)
        with self._lock:
            self._let_go(question)
            if weight * 8 <= self._limit:
                self._made[question] = (standing, made)
                self.weighs += weight
            while self.weighs > self._limit:
                self._let_go(next(iter(self._made)))
        return made

    def forget(self, question: Hashable) -> None:
        """Drop the answer to a question."""
        with self._lock:
            self._let_go(question)

    def once(self, question: Hashable, standing: Hashable, make: Callable[[], T]) -> T:
        """The answer that was kept, or a new one; others who ask while it is made wait for it."""
        found = self.get(question, standing)
        if found is not None:
            return found
        with self._making[hash(question) % _LOCKS]:
            found = self.get(question, standing)
            return self.keep(question, standing, make()) if found is None else found

    def _let_go(self, question: Hashable) -> None:
        gone = self._made.pop(question, None)
        if gone is not None:
            self.weighs -= self._weight(gone[1])
