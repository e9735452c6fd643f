"""Casework: what the outer parts of the house ask for and order, over one store."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.casework.book import Book
from domain.casework.cases import CaseCache
from domain.casework.importing import Importing
from domain.casework.library import release_reference
from domain.casework.recording import Recording
from domain.casework.store import Recorded, Store, Told
from domain.errors import refused
from domain.facts import Fact
from domain.history import as_known
from domain.rules.result import Result, calculate, moment_text
from domain.rules.rule_set import RuleSet
from domain.streams import track_id


@dataclass(frozen=True, slots=True)
class Replay:
    """A result computed from the log, with the facts known at the moment but stored after it."""

    result: Result
    stored_later: tuple[Told, ...]

    def as_json(self) -> dict[str, Any]:
        """The result of contract.md section 3, and where a moment is given, what was stored later."""
        if self.result.known_at is None:
            return self.result.as_json()
        later = [
            {
                "hpr": each.fact.hpr,
                "fact": each.fact.id,
                "recorded_at": moment_text(each.fact.recorded_at),
                "stored_at": moment_text(each.stored_at),
            }
            for each in self.stored_later
        ]
        return {**self.result.as_json(), "known_before_stored_after": later}


class Casework:
    """The application service: `recording` and `importing` change, the rest is asked."""

    def __init__(self, store: Store) -> None:
        reference, cases = release_reference(), CaseCache()
        self._store = store
        self.recording = Recording(store, cases, reference)
        self.importing = Importing(store, cases, reference)
        self.book = Book(store)

    def doctor(self, hpr: str) -> list[Recorded]:
        """A doctor's events in the order stored; raises `Refused` (unknown-doctor)."""
        recorded = self._store.doctors([track_id(hpr)])
        if not recorded:
            raise refused("unknown-doctor", hpr=hpr)
        return recorded

    def replay(self, municipality: str, rules: RuleSet, known_at: datetime | None, *, traced: bool = False) -> Replay:
        """The result of a municipality under a rule set, from the log as known at a moment.

        Raises `Refused` (unknown-municipality).
        """
        where = rules.municipalities.current(municipality)
        by_doctor: dict[str, list[Fact]] = defaultdict(list)
        told = self._store.told_of_municipality(rules.municipalities.codes_of(where))
        for each in told:
            by_doctor[each.fact.hpr].append(each.fact)
        doctors = ((hpr, as_known(facts, known_at)) for hpr, facts in by_doctor.items())
        result = calculate(doctors, where, rules, known_at, traced=traced)
        return Replay(result, _stored_later(result, told))

    def reading(self) -> AbstractContextManager[Connection[Any]]:
        """A connection for asking the read side; raises `Refused` (store-unavailable, read-side-missing)."""
        return self._store.reading()

    def position_of(self, command_id: UUID) -> int:
        """The position to wait for to see what a command did; of one that stored nothing, where the log is now."""
        return self._store.last_position(command_id) or self._store.last_position() or 0

    def answers(self) -> bool:
        """Whether the database answers; raises `Refused` (store-unavailable)."""
        return self._store.answers()

    def steps(self) -> frozenset[str]:
        """The migrations that the database has; raises `Refused` (store-unavailable)."""
        return self._store.steps()


def _stored_later(result: Result, told: Sequence[Told]) -> tuple[Told, ...]:
    """What was known at the moment of the result, but stored after it."""
    moment, doctors = result.known_at, {line.hpr for line in result.lines}
    return tuple(
        each
        for each in told
        if moment and each.fact.hpr in doctors and each.fact.recorded_at <= moment < each.stored_at
    )
