"""Recording one fact: load, decide, append; a repeated command gets its first answer."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from domain.casework.access.sight import Sight, sight_of
from domain.casework.commands.carrying_out import KeptAnswer, carry_out, keep, kept_with
from domain.casework.commands.commands import Actor, Command
from domain.casework.facts.cases import CaseCache, DoctorCase, case_of
from domain.casework.facts.registering import check_reason
from domain.casework.facts.seeing import decide_for
from domain.casework.registers.ties import StoredTies
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Reference
from domain.store import Conflict, IfNoTieSince, LoggedFact, Recorded, Store
from domain.values.refusals.refusal import OF_THE_STORE, Refused
from domain.values.streams import track_id

_STRIPES: Final = 256
REGISTERING: Final = "facts.register"
"""In the table of rights."""
Precondition = Callable[[Sequence[Recorded]], None]
"""Looks at what a doctor's log holds; raises `Refused` where that is not what the caller saw."""


@dataclass(frozen=True, slots=True)
class Receipt(KeptAnswer):
    """The answer to a command: which fact it was about, and whether it was new."""

    hpr: str
    fact: str
    stored: bool


class Recording:
    """Records facts on doctors; writers in one process take turns on a doctor."""

    def __init__(self, store: Store, cases: CaseCache, reference: Reference, ties: StoredTies) -> None:
        self._ties = ties
        self._store = store
        self._cases = cases
        self._reference = reference
        self._turns = [threading.Lock() for _ in range(_STRIPES)]
        self._log: Any = structlog.get_logger("casework")

    def record(self, fact: Fact, command: Command, precondition: Precondition | None = None) -> Receipt:
        """Record a fact, or find that it is known; raises `Refused` with what is wrong."""
        doctor, actor = track_id(fact.hpr), command.actor
        try:
            sight = sight_of(actor, REGISTERING)
            self._check_ties(fact, actor)
            check_reason(actor)
            with self._turns[doctor.int % _STRIPES]:
                receipt = carry_out(
                    self._store, command, Receipt, lambda: self._attempt(sight, fact, command, precondition)
                )
        except Refused as refusal:
            self._log.warning("command", type=fact.event_topic, outcome=refusal.code, **command.about)
            raise
        self._log.info(
            "command", type=fact.event_topic, outcome="stored" if receipt.stored else "known", **command.about
        )
        return receipt

    def known(self, fact: Fact, command: Command) -> Receipt:
        """The answer to a command whose fact is known already; kept, so that its id stands for this request.

        Raises `Refused` (command-id-reused) where the id stood for another.
        """
        return keep(self._store, command, Receipt(fact.hpr, fact.id, stored=False))

    def _check_ties(self, fact: Fact, actor: Actor) -> Sequence[IfNoTieSince]:
        """Raise `Refused` (disqualified) where somebody has a tie; gives on which condition that still holds."""
        disqualified, no_tie_since = self._ties.of(actor, fact.recorded_at)
        disqualified.check(actor.role, [fact.hpr], fact.municipalities())
        return no_tie_since

    def _attempt(self, sight: Sight, fact: Fact, command: Command, precondition: Precondition | None) -> Receipt:
        """Extend the remembered case; it may be behind, so only what was just read refuses, or is known already."""
        doctor = track_id(fact.hpr)
        remembered = None if precondition else self._cases.get(doctor)
        if remembered is None:
            return self._once(case_of(self._read_log(doctor, precondition)), fact, command, sight)
        try:
            return self._once(remembered, fact, command, sight, is_read=False)
        except (Conflict, Refused) as hindrance:
            self._cases.forget([doctor])
            if isinstance(hindrance, Refused) and hindrance.code in OF_THE_STORE:
                raise
            raise Conflict from hindrance

    def _read_log(self, doctor: UUID, precondition: Precondition | None) -> list[LoggedFact]:
        """What the log holds; where there is a precondition, the very events that it was asked of."""
        if precondition is None:
            return self._store.facts_of([doctor])
        recorded = self._store.doctors([doctor])
        precondition(recorded)
        return [LoggedFact.of(each) for each in recorded]

    def _once(self, case: DoctorCase, fact: Fact, command: Command, sight: Sight, *, is_read: bool = True) -> Receipt:
        new = new_in(case, fact, self._reference, sight)
        if not new and not is_read:
            raise Conflict
        if not new:
            return self.known(case.stored.as_spelt(fact), command)
        receipt = Receipt(fact.hpr, new[0].id, stored=True)
        recorded, versions = case.versions.next(new[0], command.origin())
        no_tie_since = self._check_ties(fact, command.actor)
        self._store.append([recorded], kept_with(command, receipt), conditions=no_tie_since)
        self._cases.keep(track_id(fact.hpr), case.extended(new[0], versions))
        return receipt


def new_in(case: DoctorCase, fact: Fact, reference: Reference, sight: Sight) -> Sequence[Fact]:
    """The fact as it is to be stored; nothing where it is stored already, whenever it became known.

    Raises `Refused` with what is wrong, or not for this person; it tells of nothing that they do not see.
    """
    if case.stored.holds_but_for_the_moment(fact):
        return ()
    return decide_for(case.history, case.as_known_now(fact), reference, sight)
