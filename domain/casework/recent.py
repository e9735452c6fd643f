"""What was made lately, so that it is not made again: bounded, and shared by the threads of a process."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_LOCKS: Final = 64


class Recent(Generic[T]):
    """What was made last for each question. It holds as long as what it follows from stands as it stood then.

    What is heavier than an eighth of all that may be kept is not kept; of the rest the longest unused is let go.
    """

    def __init__(self, limit: int, weight: Callable[[T], int] = lambda _: 1) -> None:
        self._limit, self._weight = limit, weight
        self._made: OrderedDict[Hashable, tuple[Hashable, T]] = OrderedDict()
        self._lock = threading.Lock()
        self._making = [threading.Lock() for _ in range(_LOCKS)]
        self.weighs = 0

    def get(self, question: Hashable, standing: Hashable) -> T | None:
        """What was made for a question, where all that it follows from still stands so."""
        with self._lock:
            found = self._made.get(question)
            if found is None or found[0] != standing:
                return None
            self._made.move_to_end(question)
            return found[1]

    def keep(self, question: Hashable, standing: Hashable, made: T) -> T:
        """Remember what was made, in place of what was made for the question before."""
        weight = self._weight(made)
        with self._lock:
            self._let_go(question)
            if weight * 8 <= self._limit:
                self._made[question] = (standing, made)
                self.weighs += weight
            while self.weighs > self._limit:
                self._let_go(next(iter(self._made)))
        return made

    def once(self, question: Hashable, standing: Hashable, make: Callable[[], T]) -> T:
        """What a question comes to; who asks while it is made waits for it."""
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
