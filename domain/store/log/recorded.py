"""Events with their metadata, on the way into the log and out of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, NamedTuple, Self
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from pydantic_core import to_json

from domain.doctor.facts.fact import Fact
from domain.values.event import Event as Event  # noqa: PLC0414 - readers of the log find it here

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Source = Literal["page", "api", "import", "release", "terminal"]


Lean = tuple[UUID, int, datetime, bytes, UUID, int, int]
"""Of an event: doctor, position, moment stored, payload, stream, version, the doctor's version."""


class Origin(NamedTuple):
    """Where an event came from: who, by which command, in which conversation, by which way."""

    recorded_by: str
    role: str | None
    organisation: str | None
    command_id: UUID
    correlation_id: UUID
    causation_id: UUID
    source: Source


class Recorded(NamedTuple):
    """An event in its stream, with its metadata; position, time and hash once it is stored.

    `doctor_version` counts a doctor's events over all streams, so that one writer wins each. `erased` says that the
    key of its personal fields is gone.
    """

    originator_id: UUID
    originator_version: int
    event: Event
    origin: Origin
    doctor: UUID | None = None
    doctor_version: int | None = None
    municipality: str | None = None
    position: int | None = None
    stored_at: datetime | None = None
    erased: bool = False


@dataclass(frozen=True)
class Row(StoredEvent):
    """A stored event as the table has it."""

    doctor: UUID | None
    doctor_version: int | None
    municipality: str | None
    recorded_at: datetime
    origin: Origin
    position: int | None = None
    stored_at: datetime | None = None

    def content(self) -> bytes:
        """The digest of the stored bytes and all metadata but what the database adds."""
        head = (
            self.originator_id,
            self.originator_version,
            self.topic,
            self.doctor,
            self.doctor_version,
            self.municipality,
            self.recorded_at.isoformat(),
            *self.origin,
        )
        return hashlib.sha256(to_json(head) + self.state).digest()


class LoggedFact(NamedTuple):
    """A fact with where it stands in the log, its stream and its doctor's: an event without its origin."""

    doctor: UUID
    position: int
    stored_at: datetime
    fact: Fact
    stream: UUID
    version: int
    doctor_version: int
    erased: bool = False

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        """A stored event of a doctor without its origin."""
        at, fact = recorded.stored_at, recorded.event
        assert recorded.doctor and recorded.position and at and isinstance(fact, Fact)  # noqa: S101, PT018
        return cls(
            recorded.doctor,
            recorded.position,
            at,
            fact,
            recorded.originator_id,
            recorded.originator_version,
            recorded.doctor_version or 0,
            recorded.erased,
        )


@dataclass(frozen=True, slots=True)
class Touched:
    """The part that one doctor (None: the rule book and the claims) has in a page of the log.

    A doctor's events `first` to `last` of all the doctor's are in the page, the last at `position`.
    """

    doctor: UUID | None
    first: int | None
    last: int | None
    position: int
    events: int


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """What is kept of a command, so that repeating it gives the first result."""

    id: UUID
    request: str
    result: str
    actor: str


@dataclass(frozen=True, slots=True)
class IfUnchangedSince:
    """Append only where nothing of these doctors and streams came after a position: what was read is all there is."""

    doctors: Sequence[UUID]
    streams: Sequence[UUID]
    after: int


@dataclass(frozen=True, slots=True)
class IfNoTieSince:
    """Append only where no tie was declared or ended after a position: who may handle the case is as it was read."""

    after: int


Condition = IfUnchangedSince | IfNoTieSince


def genesis(row: Row) -> bytes:
    """What a stream's chain begins with."""
    return UUID(str(row.originator_id)).bytes


def chained(before: bytes, row: Row) -> bytes:
    """The hash that an event must have after another, as the database computes it."""
    stored_at = row.stored_at or EPOCH
    microseconds = (stored_at - EPOCH) // timedelta(microseconds=1)
    return hashlib.sha256(before + row.content() + microseconds.to_bytes(8, "big", signed=True)).digest()
