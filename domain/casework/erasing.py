"""Erasing what is personal about a doctor: one person asks, another confirms, and then the key is destroyed."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import structlog

from domain.casework.access.table import roles_of
from domain.casework.commands.carrying_out import KeptAnswer, carry_out, kept_with
from domain.casework.commands.commands import Command
from domain.casework.facts.cases import CaseCache
from domain.doctor.facts.fact import Fact
from domain.doctor.key import (
    LAPSES_AFTER,
    ErasureReason,
    KeyDestroyed,
    KeyEvent,
    KeyNow,
    destroy,
    request,
    withdraw,
)
from domain.rules.result import moment_text
from domain.store import Recorded, SealedUnder, Store
from domain.values.refusals.refusal import refused
from domain.values.streams import key_id, track_id


@dataclass(frozen=True, slots=True)
class AskedFor(KeptAnswer):
    """The answer to a request: whose key is to be destroyed, why, and when the request lapses."""

    hpr: str
    key: str
    reason: str
    lapses_at: str


@dataclass(frozen=True, slots=True)
class TakenBack(KeptAnswer):
    """The answer to a withdrawal: the key that is not to be destroyed after all."""

    hpr: str
    key: str


@dataclass(frozen=True, slots=True)
class Erased(KeptAnswer):
    """The answer: whose key was destroyed, its name, why, and how many of the doctor's keys have been by now.

    `requested_by` asked for it; answers from when one person was enough have nobody.
    """

    hpr: str
    key: str
    reason: str
    times: int
    requested_by: str | None = None

    def as_json(self) -> dict[str, Any]:
        """All of it by name."""
        return asdict(self)


Answer = TypeVar("Answer", AskedFor, TakenBack, Erased)
Step = Callable[[KeyNow, Sequence[object]], tuple[KeyEvent, Answer]]
"""What a step decides of the doctor's key as it is now, and of all that became of the doctor's keys."""
Before = Callable[[KeyDestroyed], None]


def _nothing(_: KeyDestroyed) -> None:
    """What is done where nobody else has to know."""


def _times(earlier: Sequence[object]) -> int:
    return 1 + sum(isinstance(each, KeyDestroyed) for each in earlier)


class Erasing:
    """Destroys keys of doctors."""

    def __init__(self, store: Store, cases: CaseCache) -> None:
        self._store = store
        self._cases = cases
        self._log: Any = structlog.get_logger("casework")

    def goes(self, hpr: str) -> SealedUnder:
        """What is gone when the doctor's key is; raises `Refused` (unknown-doctor, nothing-to-erase)."""
        self._check_known(hpr)
        found = self._store.personal.under_key_of(track_id(hpr))
        if found is None:
            raise refused("nothing-to-erase", hpr=hpr)
        return found

    def request(self, hpr: str, reason: str, command: Command, now: datetime) -> AskedFor:
        """Ask that a doctor's key be destroyed; repeated, it gives the first answer.

        Raises `Refused` (unknown-doctor, erasing-not-allowed, unknown-reason, nothing-to-erase, erasure-requested).
        """

        def decide(key: KeyNow, _: object) -> tuple[KeyEvent, AskedFor]:
            asked = request(key, reason, now, command.actor.subject)
            return asked, AskedFor(hpr, asked.key, asked.reason, moment_text(now + LAPSES_AFTER))

        return self._done(hpr, command, AskedFor, decide, now)

    def withdraw(self, hpr: str, command: Command, now: datetime) -> TakenBack:
        """Take the request back; raises `Refused` (unknown-doctor, erasing-not-allowed, erasure-not-requested)."""

        def decide(key: KeyNow, _: object) -> tuple[KeyEvent, TakenBack]:
            taken = withdraw(key, now, command.actor.subject)
            return taken, TakenBack(hpr, taken.key)

        return self._done(hpr, command, TakenBack, decide, now)

    def confirm(self, hpr: str, command: Command, now: datetime, before: Before = _nothing) -> Erased:
        """Destroy the key of a doctor as another person asked, and keep that it was, in one step.

        `before` is told of it before the key goes; where it raises, nothing is destroyed. Raises `Refused`
        (unknown-doctor, erasing-not-allowed, nothing-to-erase, erasure-not-requested, own-erasure).
        """

        def decide(key: KeyNow, earlier: Sequence[object]) -> tuple[KeyEvent, Erased]:
            done = destroy(key, now, command.actor.subject, *command.actor.called)
            before(done)
            requested_by = key.requested.recorded_by if key.requested else None
            return done, Erased(hpr, done.key, done.reason, _times(earlier), requested_by)

        return self._done(hpr, command, Erased, decide, now)

    def again(self, doctor: UUID, key: str, reason: ErasureReason, command: Command, now: datetime) -> None:
        """Keep that a key which a backup brought back was destroyed again, unless the log knows that it was.

        Of somebody without facts nothing was erased that the log would have to tell of.
        """
        hpr = next((each.event.hpr for each in self._store.doctors([doctor]) if isinstance(each.event, Fact)), None)
        if hpr is None:
            return
        stream = key_id(hpr)
        earlier = [each.event for each in self._store.stream(stream)]
        if any(isinstance(each, KeyDestroyed) and each.key == key for each in earlier):
            return
        done = KeyDestroyed(hpr=hpr, key=key, reason=reason, recorded_at=now, recorded_by=command.actor.subject)
        answer = Erased(hpr, key, reason, _times(earlier))
        recorded = Recorded(stream, len(earlier) + 1, done, command.origin())
        self._store.erase(doctor, recorded, kept_with(command, answer))

    def _done(self, hpr: str, command: Command, kind: type[Answer], decide: "Step[Answer]", now: datetime) -> Answer:
        """Take a step; repeated, it gives the first answer."""
        if command.actor.role not in roles_of("keep"):
            raise refused("erasing-not-allowed", by=command.actor.subject)
        return carry_out(self._store, command, kind, lambda: self._attempt(hpr, command, decide, now))

    def _attempt(self, hpr: str, command: Command, decide: "Step[Answer]", now: datetime) -> Answer:
        self._check_known(hpr)
        doctor, stream = track_id(hpr), key_id(hpr)
        before = [each.event for each in self._store.stream(stream)]
        event, answer = decide(KeyNow.of(hpr, self._store.keys.name_of(doctor), before, now), before)
        recorded = Recorded(stream, len(before) + 1, event, command.origin())
        if isinstance(event, KeyDestroyed):
            self._store.erase(doctor, recorded, kept_with(command, answer))
        else:
            self._store.append([recorded], kept_with(command, answer))
        self._cases.forget([doctor])
        self._log.info(event.type.replace("_", "-"), command=str(command.id), key=event.key)
        return answer

    def _check_known(self, hpr: str) -> None:
        if not self._store.versions(doctors=[track_id(hpr)]):
            raise refused("unknown-doctor", hpr=hpr)
