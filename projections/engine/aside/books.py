"""The rule book as it stood at each position of the log, also without events that are set aside."""

import threading
from bisect import bisect_right
from operator import itemgetter

from domain.casework.commands.book import SCHEME
from domain.rulebook.book_event import BookEvent
from domain.rulebook.rulebook import RuleBook, evolve
from domain.store import Store
from domain.values.refusals.refusal import Refused
from domain.values.streams import rule_book_id


class BookFault(Exception):
    """An event of the rule book that cannot be read, or makes no book."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class Books:
    """What is read of the book, and the books that it makes, each found once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: list[tuple[int, BookEvent | Refused]] = []
        self._version = 0
        self._until = 0
        self._books: dict[frozenset[int], list[tuple[int, RuleBook]]] = {}
        self._lock = threading.Lock()

    def at(self, position: int, without: frozenset[int] = frozenset()) -> RuleBook:
        """The book as it stood at a position, without the events at some others. Raises `BookFault`."""
        with self._lock:
            if position > self._until:
                self._read()
                self._until = position
            books = self._books.setdefault(without, [(0, RuleBook())])
            for where, event in self._told[len(books) - 1 :]:
                if where > position:
                    break
                books.append((where, _evolved(books[-1][1], where, event, without)))
            return books[bisect_right(books, position, key=itemgetter(0)) - 1][1]

    def none_between(self, after: int, last: int) -> None:
        """The rule book has no event after one position and up to another."""
        with self._lock:
            if after <= self._until:
                self._until = max(last, self._until)

    def _read(self) -> None:
        for position, version, event in self._store.stream_or_refusals(rule_book_id(SCHEME), self._version):
            if isinstance(event, BookEvent | Refused):
                self._told.append((position, event))
            self._version = version


def _evolved(book: RuleBook, position: int, event: BookEvent | Refused, without: frozenset[int]) -> RuleBook:
    if position in without:
        return book
    if isinstance(event, Refused):
        raise BookFault(position) from event
    try:
        return evolve(book, event)
    except Exception as error:
        raise BookFault(position) from error
