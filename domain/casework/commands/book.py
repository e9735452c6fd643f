"""The rule book in the store: drafting, approving and publishing rule sets, and choosing one.

The release publishes its own at every start; a person's draft is approved by another before it is published.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from pydantic import JsonValue

from domain.casework.commands.carrying_out import KeptAnswer, carry_out, keep, kept_with
from domain.casework.commands.commands import Command
from domain.rulebook.book_event import BookEvent, By
from domain.rulebook.release import (
    adoption_of,
    own_rule_set,
    read_file,
    shipped_contents,
    shipped_lists,
    shipped_publications,
    shipped_rule_sets,
)
from domain.rulebook.rulebook import RuleBook, approve, draft, evolve, publication, publish, release
from domain.rules.result import check_round
from domain.rules.sets.checks import Flaw, bad_rule_set
from domain.rules.sets.rule_file import read_content, whole_content
from domain.rules.sets.rule_set import RuleSet
from domain.store import Recorded, Store
from domain.values.refusals.refusal import refused
from domain.values.streams import rule_book_id

SCHEME: Final = "nasjonal-alis-og-veiledning"
Decision = Callable[[RuleBook], tuple[BookEvent, ...]]
Precondition = Callable[[RuleBook], None]
"""Looks at the book as it stands; raises `Refused` where that is not what the caller saw."""


@dataclass(frozen=True, slots=True)
class BookReceipt(KeptAnswer):
    """The answer to a command: the rule set or question, the version of the book then, and whether anything was new."""

    rule_set: str
    version: int
    stored: bool


class Book:
    """The rule book of the scheme as stored."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stream = rule_book_id(SCHEME)
        self._book = RuleBook()
        self._version = 0
        self._epoch = store.epoch
        self._lock = threading.Lock()
        self._log: Any = structlog.get_logger("casework")

    # ------------------------------------------------------------ choosing

    def current(self) -> RuleBook:
        """The book as it stands; only what came since last time is read."""
        return self._read()[0]

    @property
    def version(self) -> int:
        """How many events the book had when it was last read."""
        return self._version

    def at(self, version: int) -> RuleBook:
        """The book as it stood after its first events."""
        book = RuleBook()
        for each in self._store.stream(self._stream):
            if each.originator_version <= version and isinstance(each.event, BookEvent):
                book = evolve(book, each.event)
        return book

    def at_position(self, position: int) -> RuleBook:
        """The book as it stood at a position of the log."""
        book = RuleBook()
        for each in self._store.stream(self._stream):
            if (each.position or 0) <= position and isinstance(each.event, BookEvent):
                book = evolve(book, each.event)
        return book

    def rule_set(self, rules: str | None, round_id: str) -> RuleSet:
        """The round's latest published rule set, or one by id; a draft only by its id.

        Raises `Refused` (unknown-rule-set, no-rule-set, wrong-round).
        """
        if rules is None:
            return self.current().of_round(round_id)
        found = self.named(rules)
        if found is None:
            raise refused("unknown-rule-set", rules=rules)
        check_round(found, round_id)
        return found

    def named(self, rules: str) -> RuleSet | None:
        """A rule set by its id: published, drafted, or a draft of the release."""
        return known_rule_sets(self.current()).get(rules)

    def by_digest(self, digest: str) -> RuleSet:
        """The published rule set that a decision rests on; raises `Refused` (unknown-rule-set)."""
        return self.current().by_digest(digest)

    def rule_set_or_file(self, rules: str | None, round_id: str) -> RuleSet:
        """As `rule_set`, or one that stands in a file (for those at the command line)."""
        found = self.current().of_round(round_id) if rules is None else self.named_or_file(rules)
        check_round(found, round_id)
        return found

    def named_or_file(self, rules: str) -> RuleSet:
        """A rule set by its id, or of a file, which may extend any that is known.

        Raises `Refused` (unknown-rule-set, bad-rule-set).
        """
        book = self.current()
        return self.named(rules) or own_rule_set(rules, self.read(rules), book.published).with_rulings(
            book.asked.rulings
        )

    def read(self, path: str) -> Mapping[str, JsonValue]:
        """The content of a rule set file; raises `Refused` (unknown-rule-set, bad-rule-set)."""
        return read_content(path, read_file(path), _contents(self.current()), shipped_lists())

    # ------------------------------------------------------------ changing

    def draft(
        self,
        name: str,
        written: Mapping[str, JsonValue],
        now: datetime,
        command: Command,
        precondition: Precondition | None = None,
    ) -> BookReceipt:
        """Record a draft, which may extend any rule set that is known; `name` is what it is called in a refusal.

        Raises `Refused` (bad-rule-set, wrong-role, rule-set-published).
        """
        by = by_of(command, now)

        def decide(book: RuleBook) -> tuple[BookEvent, ...]:
            content = whole_content(name, written, _contents(book), shipped_lists())
            if content["status"] != "draft":
                raise bad_rule_set(name, [Flaw("status", "må være draft i et utkast")])
            return draft(book, content, adoption_of(str(content["municipalities"]), now, by.subject), by)

        return self.carry_out(str(written.get("id")), decide, command, precondition)

    def approve(
        self, rules: str, digest: str, now: datetime, command: Command, precondition: Precondition | None = None
    ) -> BookReceipt:
        """Approve the draft with this digest; raises `Refused` with the reason where it cannot be."""
        return self.carry_out(
            rules, lambda book: approve(book, rules, digest, by_of(command, now)), command, precondition
        )

    def publish(
        self, rules: str, digest: str, now: datetime, command: Command, precondition: Precondition | None = None
    ) -> BookReceipt:
        """Publish the approved draft with this digest; raises `Refused` with the reason where it cannot be."""
        return self.carry_out(
            rules, lambda book: publish(book, rules, digest, by_of(command, now)), command, precondition
        )

    def publish_release(self, now: datetime, command_for: Callable[[str], Command]) -> list[str]:
        """Publish the release's rule sets that are not in the book yet; gives their ids.

        Raises `Refused` (rule-set-differs) where a published one has another content.
        """
        return [str(each["id"]) for each in shipped_publications() if self._release(each, now, command_for)]

    def _release(self, content: Mapping[str, Any], now: datetime, command_for: Callable[[str], Command]) -> bool:
        name = str(content["id"])
        command = command_for(name)
        by = command.actor.subject
        adoption = adoption_of(str(content["municipalities"]), now, by)
        published = publication(content, now, by)
        if not release(self.current(), published, adoption):
            return False
        return self.carry_out(name, lambda book: release(book, published, adoption), command, None).stored

    def carry_out(
        self, name: str, decide: Decision, command: Command, precondition: Precondition | None
    ) -> BookReceipt:
        """Decide on the book as it stands and append; a repeated command gets its first answer."""

        def attempt() -> BookReceipt:
            book, version = self._read()
            if precondition is not None:
                precondition(book)
            events = decide(book)
            receipt = BookReceipt(name, version + len(events), bool(events))
            if not events:
                return keep(self._store, command, receipt)
            self._store.append(self._numbered(events, version, command), kept_with(command, receipt))
            if command.source != "release":
                self._log.info("rule-book", about=name, type=events[-1].event_topic, **command.about)
            return receipt

        return carry_out(self._store, command, BookReceipt, attempt)

    def _numbered(self, events: tuple[BookEvent, ...], version: int, command: Command) -> list[Recorded]:
        origin = command.origin()
        return [Recorded(self._stream, version + n, event, origin) for n, event in enumerate(events, start=1)]

    def _read(self) -> tuple[RuleBook, int]:
        with self._lock:
            while self._read_on() != self._store.epoch:
                pass
            return self._book, self._version

    def _read_on(self) -> int:
        """Read what came since; gives the log of which all is that was read."""
        if self._epoch != self._store.epoch:
            self._book, self._version, self._epoch = RuleBook(), 0, self._store.epoch
        for each in self._store.stream(self._stream, after=self._version):
            if isinstance(each.event, BookEvent):
                self._book = evolve(self._book, each.event)
            self._version = each.originator_version
        return self._epoch


def known_rule_sets(book: RuleBook) -> Mapping[str, RuleSet]:
    """Every rule set by its id: the published in their order, the drafts, and the drafts of the release."""
    rulings = book.asked.rulings
    shipped = {each.id: each.with_rulings(rulings) for each in shipped_rule_sets() if each.status == "draft"}
    others = {**shipped, **book.drafts}
    return {**book.published, **{name: each for name, each in others.items() if name not in book.published}}


def _contents(book: RuleBook) -> Mapping[str, Mapping[str, JsonValue]]:
    """What a draft may extend, and must fit beside."""
    shipped = {str(each["id"]): each for each in shipped_contents()}
    return {**shipped, **{name: each.written for name, each in known_rule_sets(book).items()}}


def by_of(command: Command, now: datetime) -> By:
    """Who acts on the book, by a command."""
    return By(command.actor.subject, command.actor.role, now, command.actor.called)
