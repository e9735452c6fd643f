"""Questions about what the rules leave open, and their answers, in the store."""

from datetime import datetime

from domain.casework.commands.book import Book, BookReceipt, Precondition, by_of
from domain.casework.commands.commands import Command
from domain.rulebook.questions import NewAnswer, NewQuestion, ask, give, propose


class Rulings:
    """Asks, answers and approves in the rule book; each raises `Refused` with the reason where it cannot be done."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def ask(
        self, question: NewQuestion, now: datetime, command: Command, precondition: Precondition | None = None
    ) -> BookReceipt:
        """Ask a question."""
        by = by_of(command, now)
        return self._book.carry_out(question.id, lambda book: ask(book.asked, question, by), command, precondition)

    def propose(
        self, name: str, answer: NewAnswer, now: datetime, command: Command, precondition: Precondition | None = None
    ) -> BookReceipt:
        """Propose an answer to a question."""
        by = by_of(command, now)
        return self._book.carry_out(name, lambda book: propose(book.asked, name, answer, by), command, precondition)

    def give(
        self, name: str, digest: str, now: datetime, command: Command, precondition: Precondition | None = None
    ) -> BookReceipt:
        """Approve the answer with this digest: from now on it is a ruling."""
        by = by_of(command, now)
        return self._book.carry_out(name, lambda book: give(book.asked, name, digest, by), command, precondition)
