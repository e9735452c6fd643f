"""Importing a file of facts: checked outside any lock, stored all or nothing."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Self

import structlog

from domain.casework.commands.carrying_out import KeptAnswer, carry_out, keep, kept_with
from domain.casework.commands.commands import Actor, Command
from domain.casework.facts.cases import CaseCache, Versions, facts_and_versions
from domain.casework.facts.sifting import Candidate, by_doctor_of, candidates, sift
from domain.casework.facts.stored_facts import StoredFacts
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Reference, in_order
from domain.doctor.intake.intake import Placed
from domain.doctor.judging import judge
from domain.store import Recorded, Store
from domain.values.refusals.refusal import Problem, Rejected
from domain.values.streams import track_id

CHUNK: Final = 500
"""How many doctors are loaded and checked at a time."""
Progress = Callable[[str, int, int], None]
"""LoggedFact what goes on, how many doctors or facts are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Imported(KeptAnswer):
    """What an import did (contract.md section 2)."""

    facts: int
    stored: int
    already_stored: int
    doctors: int
    erased_doctors: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The four numbers by name; and, where there are any, the doctors with something stored before and erased."""
        found = asdict(self)
        erased = found.pop("erased_doctors")
        return {**found, "erased_doctors": list(erased)} if erased else found

    def as_text(self) -> str:
        """The answer as JSON, as it is given."""
        return json.dumps(self.as_json())

    @classmethod
    def read(cls, text: str) -> Self:
        """The answer that was kept."""
        found = json.loads(text)
        return cls(**{**found, "erased_doctors": tuple(found.get("erased_doctors", ()))})


class Importing:
    """Stores whole files of facts."""

    def __init__(self, store: Store, cases: CaseCache, reference: Reference) -> None:
        self._store = store
        self._cases = cases
        self._reference = reference
        self._log: Any = structlog.get_logger("casework")

    def import_facts(
        self,
        read: tuple[Sequence[Placed], Sequence[Problem]],
        command: Command,
        now: datetime,
        progress: Progress = lambda *_: None,
    ) -> Imported:
        """Store the facts of a file as read by `domain.doctor.intake.intake`.

        Each keeps its `recorded_at`, which is not after now.

        Raises `Rejected` with every problem of the file; then nothing is stored.
        """
        by_doctor, problems = candidates(read)
        facts = sum(map(len, by_doctor.values()))

        def attempt() -> Imported:
            new, found, erased = self._judge(by_doctor, command, now, progress)
            if problems or found:
                self._log.warning("import", outcome="rejected", **command.about)
                raise Rejected([*problems, *found])
            counts = Imported(facts, len(new), facts - len(new), len(by_doctor), tuple(erased))
            if new:
                self._store.append(new, kept_with(command, counts))
            else:
                counts = keep(self._store, command, counts)
            progress("lagret", len(new), len(new))
            return counts

        done = carry_out(self._store, command, Imported, attempt)
        self._cases.forget(track_id(hpr) for hpr in by_doctor)
        told = asdict(done) | {"erased_doctors": len(done.erased_doctors)}
        self._log.info("import", outcome="stored", **told, **command.about)
        return done

    def _judge(
        self,
        by_doctor: Mapping[str, Sequence[Candidate]],
        command: Command,
        now: datetime,
        progress: Progress,
    ) -> tuple[list[Recorded], list[Problem], list[str]]:
        """The events to store, all problems, and the doctors of whom something stored before was erased."""
        new, problems, erased = list[Recorded](), list[Problem](), list[str]()
        names = list(by_doctor)
        for start in range(0, len(names), CHUNK):
            chunk = names[start : start + CHUNK]
            stored = by_doctor_of(self._store, chunk)
            for hpr in chunk:
                logged = stored.get(track_id(hpr), ())
                facts, versions = facts_and_versions(logged)
                before = StoredFacts.of(logged)
                fresh, wrong = sift(before, by_doctor[hpr], now)
                accepted, found = judge(facts, fresh, self._reference)
                problems += [*wrong, *found]
                erased += [hpr] if any(before.has_erased(each.fact) for each in by_doctor[hpr]) else []
                new.extend(_numbered(in_order(accepted), versions, command))
            progress("kontrollert", min(start + CHUNK, len(names)), len(names))
        new.sort(key=lambda each: each.event.recorded_at)
        return new, problems, erased


def _numbered(facts: Sequence[Fact], versions: Versions, command: Command) -> list[Recorded]:
    """A doctor's new facts as the next events of their streams."""
    made = []
    for fact in facts:
        recorded, versions = versions.next(fact, command.origin(Actor.named(fact.recorded_by)))
        made.append(recorded)
    return made
