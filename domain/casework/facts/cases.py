"""A doctor's case as loaded from the log: the facts, what they make, and the versions to extend."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.casework.commands.recent import Recent
from domain.casework.facts.stored_facts import StoredFacts
from domain.doctor.facts.agreements import AgreementFact
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.facts.positions import JobSwitched, PositionStarted
from domain.doctor.history import History, evolve, history_of
from domain.store import LoggedFact, Origin, Recorded
from domain.values.streams import agreement_id, track_id

CACHED_CASES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Versions:
    """The last version of a doctor's log over all streams, of each stream, and the stream of each fact."""

    doctor: int
    streams: dict[UUID, int]
    stream_of: dict[str, UUID]

    def next(self, fact: Fact, origin: Origin) -> "tuple[Recorded, Versions]":
        """The fact as the next event of its stream, and the versions after it."""
        stream = self._stream(fact)
        version = self.streams.get(stream, 0) + 1
        recorded = Recorded(stream, version, fact, origin, track_id(fact.hpr), self.doctor + 1, post_in(fact))
        after = Versions(
            self.doctor + 1,
            {**self.streams, stream: version},
            {**self.stream_of, fact.id: stream},
        )
        return recorded, after

    def _stream(self, fact: Fact) -> UUID:
        if isinstance(fact, AgreementFact):
            return agreement_id(fact.hpr, fact.agreement)
        if isinstance(fact, FactCorrected):
            return self.stream_of[fact.corrects]
        return track_id(fact.hpr)


@dataclass(frozen=True, slots=True)
class DoctorCase:
    """A doctor's facts in the order stored, with what they make."""

    facts: tuple[Fact, ...]
    history: History
    versions: Versions
    stored: StoredFacts

    def extended(self, fact: Fact, versions: Versions) -> "DoctorCase":
        """The case after a fact was stored."""
        return DoctorCase((*self.facts, fact), evolve(self.history, fact), versions, self.stored.and_also(fact))

    def as_known_now(self, fact: Fact) -> Fact:
        """A fact recorded by the service itself: it becomes known last, even if others stated later moments."""
        last = next(reversed(self.history.recorded.values()), None)
        spelt = self.stored.as_spelt(fact)
        if last is None or last.recorded_at <= spelt.recorded_at:
            return spelt
        return spelt.model_copy(update={"recorded_at": last.recorded_at})


def case_of(logged: Iterable[LoggedFact]) -> DoctorCase:
    """The case that a doctor's events make."""
    read = tuple(logged)
    facts, versions = facts_and_versions(read)
    return DoctorCase(facts, history_of(facts), versions, StoredFacts.of(read))


def facts_and_versions(logged: Iterable[LoggedFact]) -> tuple[tuple[Fact, ...], Versions]:
    """A doctor's facts in the order stored, and the versions to go on from."""
    facts, streams, stream_of, doctor = [], dict[UUID, int](), dict[str, UUID](), 0
    for each in logged:
        facts.append(each.fact)
        stream_of[each.fact.id] = each.stream
        streams[each.stream] = each.version
        doctor = each.doctor_version
    return tuple(facts), Versions(doctor, streams, stream_of)


def post_in(fact: Fact) -> str | None:
    """The municipality of the post that a fact is about; by it a municipality's doctors are found."""
    match fact:
        case PositionStarted(municipality=code):
            return code
        case JobSwitched(new=new):
            return new.municipality
        case FactCorrected(replacement={"municipality": str(code)}):
            return code
        case FactCorrected(replacement={"new": {"municipality": str(code)}}):
            return code
        case _:
            return None


class CaseCache:
    """The cases last worked on, so that a command need not read what it knows.

    It can be behind: then the append conflicts, and nothing is refused but on what was just read.
    """

    def __init__(self, epoch: Callable[[], int]) -> None:
        self._epoch = epoch
        self._cases: Recent[DoctorCase] = Recent(CACHED_CASES)

    def get(self, doctor: UUID) -> DoctorCase | None:
        """The case, if it is remembered of this very log."""
        return self._cases.get(doctor, self._epoch())

    def keep(self, doctor: UUID, case: DoctorCase) -> None:
        """Remember a case."""
        self._cases.keep(doctor, self._epoch(), case)

    def forget(self, doctors: Iterable[UUID]) -> None:
        """Read these from the log next time."""
        for doctor in doctors:
            self._cases.forget(doctor)
