"""Recording one fact: load, decide, append; a repeated command gets its first answer."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from domain.casework.commands.commands import Command
from domain.casework.facts.cases import Case, CaseCache, case_of
from domain.casework.facts.seeing import bounds_of, decide_for
from domain.doctor.facts.facts import Fact
from domain.doctor.history import Reference
from domain.store import CommandRecord, Conflict, LoggedFact, Recorded, Store
from domain.values.refusals.refusal import OF_THE_STORE, Refused, refused
from domain.values.streams import track_id

ATTEMPTS: Final = 50
_STRIPES: Final = 256
Precondition = Callable[[Sequence[Recorded]], None]
"""Looks at what a doctor's log holds; raises `Refused` where that is not what the caller saw."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a command: which fact it was about, and whether it was new."""

    hpr: str
    fact: str
    stored: bool

    def as_text(self) -> str:
        """The answer as kept with the command; nothing personal stands in it."""
        return json.dumps({"hpr": self.hpr, "fact": self.fact, "stored": self.stored})

    @classmethod
    def read(cls, text: str) -> "Receipt":
        """The answer that was kept."""
        return cls(**json.loads(text))


class Recording:
    """Records facts on doctors; writers in one process take turns on a doctor."""

    def __init__(self, store: Store, cases: CaseCache, reference: Reference) -> None:
        self._store = store
        self._cases = cases
        self._reference = reference
        self._turns = [threading.Lock() for _ in range(_STRIPES)]
        self._log: Any = structlog.get_logger("casework")

    def record(self, fact: Fact, command: Command, precondition: Precondition | None = None) -> Receipt:
        """Record a fact, or find that it is known; raises `Refused` with what is wrong."""
        doctor = track_id(fact.hpr)
        with self._turns[doctor.int % _STRIPES]:
            receipt = self._until_first(doctor, fact, command, precondition)
        self._log.info(
            "command",
            command=str(command.id),
            correlation=str(command.correlation_id),
            type=fact.topic,
            outcome="stored" if receipt.stored else "known",
        )
        return receipt

    def known(self, fact: Fact, command: Command) -> Receipt:
        """The answer to a command whose fact is known already; kept, so that its id stands for this request.

        Raises `Refused` (command-id-reused) where the id stood for another.
        """
        receipt = Receipt(fact.hpr, fact.id, stored=False)
        kept = CommandRecord(command.id, command.request, receipt.as_text(), command.actor.subject)
        return Receipt.read(self._store.keep(kept))

    def _until_first(self, doctor: UUID, fact: Fact, command: Command, precondition: Precondition | None) -> Receipt:
        remembered = None if precondition else self._cases.get(doctor)
        for _ in range(ATTEMPTS):
            try:
                if remembered is not None:
                    return self._once(remembered, fact, command, is_read=False)
                return self._once(case_of(self._read_log(doctor, precondition)), fact, command)
            except (Conflict, Refused) as hindrance:
                if isinstance(hindrance, Refused) and hindrance.code in OF_THE_STORE:
                    raise
                first = self._store.first_result(command.id, command.request)
                if first is not None:
                    return Receipt.read(first)
                if isinstance(hindrance, Refused) and remembered is None:
                    self._say_refused(hindrance, fact, command)
                    raise
                self._cases.forget([doctor])
                remembered = None  # what is remembered may be behind: only what was just read refuses, or is known
        raise refused("busy")

    def _read_log(self, doctor: UUID, precondition: Precondition | None) -> list[LoggedFact]:
        """What the log holds; where there is a precondition, the very events that it was asked of."""
        if precondition is None:
            return self._store.facts_of([doctor])
        recorded = self._store.doctors([doctor])
        precondition(recorded)
        return [LoggedFact.of(each) for each in recorded]

    def _once(self, case: Case, fact: Fact, command: Command, *, is_read: bool = True) -> Receipt:
        new = new_in(case, fact, self._reference, bounds_of(command.actor))
        if not new and not is_read:
            raise Conflict
        if not new:
            return self.known(case.stored.as_spelt(fact), command)
        receipt = Receipt(fact.hpr, new[0].id, stored=True)
        recorded, versions = case.versions.next(new[0], command.origin())
        kept = CommandRecord(command.id, command.request, receipt.as_text(), command.actor.subject)
        self._store.append([recorded], kept)
        self._cases.keep(track_id(fact.hpr), case.extended(new[0], versions))
        return receipt

    def _say_refused(self, refusal: Refused, fact: Fact, command: Command) -> None:
        self._log.warning(
            "command",
            command=str(command.id),
            correlation=str(command.correlation_id),
            type=fact.topic,
            outcome=refusal.code,
        )


def new_in(case: Case, fact: Fact, reference: Reference, municipality: str | None = None) -> Sequence[Fact]:
    """The fact as it is to be stored; nothing where it is stored already, whenever it became known.

    Raises `Refused` with what is wrong; to somebody who sees one municipality it tells of no other.
    """
    if case.stored.holds_but_for_the_moment(fact):
        return ()
    return decide_for(case.history, case.as_known_now(fact), reference, municipality)
