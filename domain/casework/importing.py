"""Importing a file of facts: checked outside any lock, stored all or nothing."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from domain.casework.bulk import collector_at_rest
from domain.casework.cases import NOTHING, CaseCache, Versions, facts_and_versions
from domain.casework.commands import Actor, Command
from domain.casework.store import CommandRecord, Conflict, Recorded, Store, Told
from domain.errors import Problem, Rejected, refused
from domain.facts import Fact
from domain.history import Reference, in_order, judge
from domain.intake import Placed
from domain.streams import track_id

ATTEMPTS: Final = 5
CHUNK: Final = 500
"""So many doctors are loaded and checked at a time."""
Progress = Callable[[str, int, int], None]
"""Told what goes on, how many doctors or facts are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did (contract.md section 2)."""

    facts: int
    stored: int
    already_stored: int
    doctors: int

    def as_json(self) -> dict[str, int]:
        """The four numbers by name."""
        return asdict(self)


class Importing:
    """Stores whole files of facts."""

    def __init__(self, store: Store, cases: CaseCache, reference: Reference) -> None:
        self._store = store
        self._cases = cases
        self._reference = reference
        self._log: Any = structlog.get_logger("casework")

    @collector_at_rest()
    def import_facts(
        self,
        read: tuple[Sequence[Placed], Sequence[Problem]],
        command: Command,
        progress: Progress = lambda *_: None,
    ) -> Imported:
        """Store the facts of a file as read by `domain.intake`; each keeps its `recorded_at`.

        Raises `Rejected` with every problem of the file; then nothing is stored.
        """
        placed, problems = read
        by_doctor: dict[str, list[tuple[int | None, Fact]]] = defaultdict(list)
        for place, fact in placed:
            by_doctor[fact.hpr].append((place, fact))
        for _ in range(ATTEMPTS):
            new, found = self._judge(by_doctor, command, progress)
            if problems or found:
                self._log.warning("import", outcome="rejected", **_about(command))
                raise Rejected(sorted([*problems, *found], key=lambda p: p.place or 0))
            counts = Imported(len(placed), len(new), len(placed) - len(new), len(by_doctor))
            done = self._stored(new, counts, command, progress)
            if done:
                self._cases.forget(track_id(hpr) for hpr in by_doctor)
                self._log.info("import", outcome="stored", **done.as_json(), **_about(command))
                return done
        raise refused("busy")

    def _judge(
        self,
        by_doctor: Mapping[str, Sequence[tuple[int | None, Fact]]],
        command: Command,
        progress: Progress,
    ) -> tuple[list[Recorded], list[Problem]]:
        new: list[Recorded] = []
        problems: list[Problem] = []
        names = list(by_doctor)
        for start in range(0, len(names), CHUNK):
            chunk = names[start : start + CHUNK]
            stored = self._stored_facts(chunk)
            for hpr in chunk:
                facts, versions = stored.get(hpr, ((), NOTHING))
                accepted, found = judge(facts, by_doctor[hpr], self._reference)
                problems.extend(found)
                new.extend(_numbered(in_order(accepted), versions, command))
            progress("kontrollert", min(start + CHUNK, len(names)), len(names))
        new.sort(key=lambda each: each.event.recorded_at)
        return new, problems

    def _stored_facts(self, names: Sequence[str]) -> dict[str, tuple[tuple[Fact, ...], Versions]]:
        by_doctor: dict[UUID, list[Told]] = defaultdict(list)
        for each in self._store.told([track_id(hpr) for hpr in names]):
            by_doctor[each.doctor].append(each)
        return {hpr: facts_and_versions(by_doctor[track_id(hpr)]) for hpr in names if track_id(hpr) in by_doctor}

    def _stored(
        self, new: Sequence[Recorded], counts: Imported, command: Command, progress: Progress
    ) -> Imported | None:
        """Append everything; None where another writer was first on one of the doctors.

        A command whose answer was lost finds itself stored, and gets its first answer.
        """
        result = json.dumps(counts.as_json())
        kept = CommandRecord(command.id, command.request, result, command.actor.subject)
        try:
            if new:
                self._store.append(new, kept)
            else:
                counts = Imported(**json.loads(self._store.keep(kept)))
        except Conflict:
            first = self._store.first_result(command.id, command.request)
            return Imported(**json.loads(first)) if first else None
        progress("lagret", len(new), len(new))
        return counts


def _numbered(facts: Sequence[Fact], versions: Versions, command: Command) -> list[Recorded]:
    """A doctor's new facts as the next events of their streams."""
    made = []
    for fact in facts:
        recorded, versions = versions.next(fact, command.origin(Actor.named(fact.recorded_by)))
        made.append(recorded)
    return made


def _about(command: Command) -> dict[str, str]:
    return {"command": str(command.id), "correlation": str(command.correlation_id)}
