"""A doctor's facts as a caller sees them: as recorded, and what has become of each."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import JsonValue, WithJsonSchema
from pydantic_core import to_json

from domain.casework.facts.viewing import Viewer
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.history import known, standing
from domain.store import Recorded, Source

FactJson = Annotated[dict[str, JsonValue], WithJsonSchema({"component": "Fact"})]
State = Literal["standing", "corrected", "withdrawn"]


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A fact as it was recorded, and what has become of it since.

    `stored_at` is when this program stored it, which for an import can be long after `recorded_at`, when it became
    known. `corrections` are the ids of the facts that corrected or withdrew it, in order; `standing` is the content
    that holds now, null where the fact is withdrawn.
    """

    fact: FactJson
    stored_at: datetime
    source: Source
    state: State
    corrections: tuple[str, ...]
    standing: FactJson | None


@dataclass(frozen=True, slots=True)
class DoctorFacts:
    """A doctor's facts in the order in which they became known, as known at a moment or (null) now."""

    hpr: str
    known_at: datetime | None
    facts: tuple[FactEntry, ...]

    def as_bytes(self) -> bytes:
        """The answer; its digest is the `ETag` of the doctor's facts."""
        return to_json(self)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a doctor's log says as known at a moment: facts in order, as they stand, and by what they were corrected.

    `hide` leaves out of a fact what the reader is not told; its second argument is the fact that it corrects, if any.
    """

    facts: Sequence[Fact]
    standing: Mapping[str, Fact | None]
    corrections: Mapping[str, Sequence[str]]
    stored: Mapping[str, Recorded]
    hide: Callable[[Fact, Fact | None], Fact]

    def told(self, fact: Fact) -> Fact:
        """A fact as the reader is told it."""
        corrects = self.stored[fact.corrects].event if isinstance(fact, FactCorrected) else None
        return self.hide(fact, corrects if isinstance(corrects, Fact) else None)

    def stored_at(self, fact: Fact) -> datetime:
        """When a fact was stored, in UTC."""
        stored_at = self.stored[fact.id].stored_at
        assert stored_at is not None  # noqa: S101 - it was read from the store
        return stored_at.astimezone(UTC)


def knowledge(recorded: Sequence[Recorded], known_at: datetime | None, viewer: Viewer) -> Knowledge:
    """What the events that somebody is told of a doctor say, as known at a moment or (None) now."""
    stored = {each.event.id: each for each in recorded if isinstance(each.event, Fact)}
    facts = known((each.event for each in stored.values() if isinstance(each.event, Fact)), known_at)
    corrections: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, FactCorrected):
            corrections[fact.corrects].append(fact.id)
    return Knowledge(facts, standing(facts), corrections, stored, viewer.hide)


def doctor_facts(
    hpr: str, recorded: Sequence[Recorded], viewer: Viewer, known_at: datetime | None = None
) -> DoctorFacts:
    """The facts that somebody is told of a doctor, as known at a moment or (None) now."""
    what = knowledge(recorded, known_at, viewer)
    return DoctorFacts(hpr, known_at, tuple(_entry(what, fact) for fact in what.facts))


def _entry(what: Knowledge, fact: Fact) -> FactEntry:
    now, corrections = what.standing[fact.id], tuple(what.corrections.get(fact.id, ()))
    state: State = "withdrawn" if now is None else "corrected" if corrections else "standing"
    return FactEntry(
        what.told(fact).as_json(),
        what.stored_at(fact),
        what.stored[fact.id].origin.source,
        state,
        corrections,
        None if now is None else what.told(now).as_json(),
    )
