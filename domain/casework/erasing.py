"""Erasing what is personal about a doctor: the key is destroyed, and that it was is kept."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from domain.casework.cases import CaseCache
from domain.casework.commands import Command
from domain.casework.store import CommandRecord, Conflict, Recorded, Store
from domain.doctor_key import check_role, destroy
from domain.errors import refused
from domain.streams import key_id, track_id

_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Erased:
    """The answer: whose key was destroyed, its name, why, and how many of the doctor's keys have been by now."""

    hpr: str
    key: str
    reason: str
    times: int

    def as_json(self) -> dict[str, Any]:
        """All of it by name."""
        return asdict(self)


class Erasing:
    """Destroys keys of doctors."""

    def __init__(self, store: Store, cases: CaseCache) -> None:
        self._store = store
        self._cases = cases
        self._log: Any = structlog.get_logger("casework")

    def erase(self, hpr: str, reason: str, command: Command, now: datetime) -> Erased:
        """Destroy the key of a doctor, and keep that it was, in one step; repeated, it gives the first answer.

        Raises `Refused` (unknown-doctor, erasing-not-allowed, unknown-reason, nothing-to-erase).
        """
        check_role(command.actor.subject, command.actor.role)
        for _ in range(_ATTEMPTS):
            first = self._store.first_result(command.id, command.request)
            if first is not None:
                return Erased(**json.loads(first))
            try:
                done = self._once(hpr, reason, command, now)
            except Conflict:
                continue
            self._cases.forget([track_id(hpr)])
            self._log.info("erased", command=str(command.id), reason=done.reason, key=done.key)
            return done
        raise refused("busy")

    def _once(self, hpr: str, reason: str, command: Command, now: datetime) -> Erased:
        doctor, stream = track_id(hpr), key_id(hpr)
        if not self._store.versions(doctors=[doctor]):
            raise refused("unknown-doctor", hpr=hpr)
        before, key = self._store.stream(stream), self._store.keys.name_of(doctor)
        event = destroy(hpr, key, reason, now, command.actor.subject)
        done = Erased(hpr, event.key, event.reason, len(before) + 1)
        recorded = Recorded(stream, done.times, event, command.origin())
        kept = CommandRecord(command.id, command.request, json.dumps(done.as_json()), command.actor.subject)
        self._store.erase(doctor, recorded, kept)
        return done
