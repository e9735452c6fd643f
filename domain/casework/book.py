"""The rule book in the store: publishing the release's rule sets, and choosing one."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from domain.casework.commands import Command
from domain.casework.library import (
    rule_set_from_file,
    shipped_contents,
    shipped_lists,
    shipped_rule_sets,
)
from domain.casework.store import CommandRecord, Conflict, Recorded, Store
from domain.errors import refused
from domain.rulebook import (
    BookEvent,
    MunicipalityListAdopted,
    RuleBook,
    decide,
    evolve,
    publication,
)
from domain.rules.result import check_round
from domain.rules.rule_set import RuleSet
from domain.streams import rule_book_id

SCHEME: Final = "nasjonal-alis-og-veiledning"
_ATTEMPTS: Final = 50


class Book:
    """The rule book of the scheme as stored."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stream = rule_book_id(SCHEME)
        self._book = RuleBook()
        self._version = 0
        self._lock = threading.Lock()

    def current(self) -> RuleBook:
        """The book as it stands; only what came since last time is read."""
        return self._read()[0]

    def rule_set(self, rules: str | None, round_id: str) -> RuleSet:
        """The round's latest published rule set, or one by id; a draft only by its id.

        Raises `Refused` (unknown-rule-set, no-rule-set, wrong-round).
        """
        book = self.current()
        if rules is None:
            return book.of_round(round_id)
        found = self.named(rules)
        if found is None:
            raise refused("unknown-rule-set", rules=rules)
        check_round(found, round_id)
        return found

    def named(self, rules: str) -> RuleSet | None:
        """A published rule set, or a draft of the release, by its id."""
        drafts = (each for each in shipped_rule_sets() if each.id == rules)
        return self.current().published.get(rules) or next(drafts, None)

    def by_digest(self, digest: str) -> RuleSet:
        """The published rule set that a decision rests on; raises `Refused` (unknown-rule-set)."""
        return self.current().by_digest(digest)

    def rule_set_or_file(self, rules: str | None, round_id: str) -> RuleSet:
        """As `rule_set`, or one that stands in a file (for those at the command line)."""
        if rules is None or self.named(rules):
            return self.rule_set(rules, round_id)
        found = rule_set_from_file(rules)
        check_round(found, round_id)
        return found

    def publish_release(self, now: datetime, command_for: Callable[[str], Command]) -> list[str]:
        """Publish the release's rule sets that are not in the book yet; gives their ids.

        Raises `Refused` (rule-set-differs) where a published one has another content.
        """
        contents = [each for each in shipped_contents() if each["status"] == "published"]
        return [
            str(content["id"]) for content in contents if self._publish(content, now, command_for(str(content["id"])))
        ]

    def _publish(self, content: Mapping[str, Any], now: datetime, command: Command) -> bool:
        lists = shipped_lists()[str(content["municipalities"])]
        adoption = MunicipalityListAdopted(
            digest=lists.digest,
            municipalities=tuple(lists.rows),
            ended=tuple(lists.ended),
            recorded_at=now,
            recorded_by=command.actor.subject,
        )
        published = publication(content, now, command.actor.subject)
        result = json.dumps({"rule_set": content["id"]})
        kept = CommandRecord(command.id, command.request, result, command.actor.subject)
        for _ in range(_ATTEMPTS):
            book, version = self._read()
            events = decide(book, published, adoption)
            if not events:
                return False
            new = [
                Recorded(self._stream, version + n, event, command.origin()) for n, event in enumerate(events, start=1)
            ]
            try:
                self._store.append(new, kept)
            except Conflict:
                continue
            return True
        raise refused("busy")

    def _read(self) -> tuple[RuleBook, int]:
        with self._lock:
            for each in self._store.stream(self._stream, after=self._version):
                if isinstance(each.event, BookEvent):
                    self._book = evolve(self._book, each.event)
                self._version = each.originator_version
            return self._book, self._version
