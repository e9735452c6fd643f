"""The events: that each is as it was stored, in its place, and says the same as what stands beside it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from eventsourcing.persistence import StoredEvent

from domain.casework.verifying.findings import LogFinding, Names, own_stream
from domain.claim.stream.events import ClaimEvent
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.key import KeyDestroyed
from domain.rulebook.book_event import BookEvent
from domain.store import Event, EventMapper, Recorded, Row, Store
from domain.store.log.recorded import chained, genesis
from domain.store.mapper import WITH_TEXTS
from domain.store.sealed.master import WrongMasterKey
from domain.store.sealed.sealing import is_sealed, key_named
from domain.store.sealed.text_sealing import keys_named
from domain.values.refusals.person import same_person
from domain.values.refusals.refusal import OF_THE_STORE, Refused
from domain.values.streams import track_id

_PAGE: Final = 500
UNREADABLE: Final = (
    ValueError, LookupError, TypeError, AttributeError, AssertionError, InvalidTag, Refused, WrongMasterKey
)  # fmt: skip
"""What reading can raise if somebody changed the stored bytes."""


def check_answered(error: BaseException) -> None:
    """Raise the error again if it is the database that does not answer: that says nothing about what is stored."""
    if isinstance(error, Refused) and error.code in OF_THE_STORE:
        raise error


@dataclass(slots=True)
class LogReading:
    """What was read of the log, for comparing the rest of the database with it."""

    names: Names = field(default_factory=Names)
    findings: list[LogFinding] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)
    claims: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    book: list[Recorded] = field(default_factory=list)
    destroyed: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    sealed: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The names of the keys that stand in sealed events, by owner."""
    events: int = 0
    _stream: UUID | None = None
    _facts: set[tuple[str, str]] = field(default_factory=set)
    """The facts of the stream that is gone through, by doctor and id."""

    def count(self, row: Row) -> None:
        """One event more of its stream."""
        stream = UUID(str(row.originator_id))
        self.events += 1
        self.versions[stream] = max(row.originator_version, self.versions.get(stream, 0))

    def is_in_place(self, stream: UUID, event: Event) -> bool:
        """Whether an event says what its stream is about; a correction stands behind what it corrects."""
        if stream != self._stream:
            self._stream, self._facts = stream, set()
        behind = isinstance(event, FactCorrected) and (event.hpr, event.corrects) in self._facts
        if not behind and own_stream(event) != stream:
            return False
        if isinstance(event, Fact):
            self._facts.add((event.hpr, event.id))
        return True

    def wrong(self, code: str, sentence: str, position: int | None = None) -> None:
        """Keep what was found."""
        self.findings.append(LogFinding(code, sentence, position))


def read_log(store: Store, mapper: EventMapper, last: int) -> LogReading:
    """Go through every stream in order, up to a position of the log."""
    seen, chain = LogReading(), _Chain()
    with closing(store.chained(last)) as rows:
        while page := list(islice(rows, _PAGE)):
            for (row, stored_hash), recorded in zip(page, _read(mapper, [row for row, _ in page]), strict=True):
                seen.count(row)
                in_place = recorded is not None and seen.is_in_place(UUID(str(row.originator_id)), recorded.event)
                if recorded is not None and in_place:
                    _learn(seen, row, recorded)
                chain.check(seen, row, stored_hash)
                _check_content(seen, row, recorded, in_place=in_place)
    return seen


def _read(mapper: EventMapper, rows: Sequence[Row]) -> list[Recorded | None]:
    """The events of rows; None for one that cannot be read."""
    try:
        return list(mapper.to_recorded(rows))
    except UNREADABLE as error:
        check_answered(error)
        return [_read_one(mapper, row) for row in rows]


def _read_one(mapper: EventMapper, row: StoredEvent) -> Recorded | None:
    try:
        return mapper.to_domain_event(row)
    except UNREADABLE as error:
        check_answered(error)
        return None


def _learn(seen: LogReading, row: Row, recorded: Recorded) -> None:
    seen.names.learn(UUID(str(row.originator_id)), recorded.event)
    match recorded.event:
        case ClaimEvent(claim=name):
            seen.claims[name].append(recorded)
        case BookEvent():
            seen.book.append(recorded)
        case KeyDestroyed(hpr=hpr, key=key):
            seen.destroyed[track_id(hpr)].add(key)
    for owner, key in _sealed_under(row):
        seen.sealed[owner].add(key)


def _sealed_under(row: Row) -> Iterator[tuple[UUID, str]]:
    """The keys that an event was sealed with, and whose they were."""
    if not is_sealed(row.state):
        return
    if row.topic in WITH_TEXTS:
        yield from keys_named(row.state)
    elif row.doctor:
        yield row.doctor, key_named(row.state)


class _Chain:
    """The hash chain of the stream that is gone through."""

    def __init__(self) -> None:
        self._stream: object = None
        self._before = b""
        self._version = 0

    def check(self, seen: LogReading, row: Row, stored_hash: bytes) -> None:
        """One event after the one before it; after a break it goes on from what is stored, so each break is found."""
        if row.originator_id != self._stream:
            self._stream, self._before, self._version = row.originator_id, genesis(row), 0
        event = seen.names.event(row.originator_id, row.originator_version, row.stored_at)
        if row.originator_version != self._version + 1:
            missing = f"hendelse {self._version + 1}" + (
                f" til {row.originator_version - 1}" if row.originator_version > self._version + 2 else ""
            )
            seen.wrong("event-missing", f"{event} følger ikke etter den før: {missing} mangler.", row.position)
        elif chained(self._before, row) != stored_hash:
            seen.wrong("event-changed", f"{event} er ikke slik den ble lagret.", row.position)
        self._before, self._version = stored_hash, row.originator_version


def _check_content(seen: LogReading, row: Row, recorded: Recorded | None, *, in_place: bool) -> None:
    """What an event says, against the columns beside it."""
    name = seen.names.event(row.originator_id, row.originator_version, row.stored_at)
    if recorded is None:
        seen.wrong("event-unreadable", f"{name} kan ikke leses.", row.position)
        return
    event = recorded.event
    if not in_place or _other_doctor(row, recorded):
        seen.wrong("event-misplaced", f"{name} sier at den gjelder noe annet enn der den står.", row.position)
    if event.recorded_at != row.recorded_at or _other_person(row, event):
        seen.wrong(
            "event-differs", f"{name} sier noe annet om når eller av hvem enn det som står ved den.", row.position
        )


def _other_person(row: Row, event: Event) -> bool:
    """Of what is reported one by one, the column has who reported it, and the fact whom it names."""
    named_apart = isinstance(event, Fact) and row.origin.source != "import"
    return not named_apart and not same_person(event.recorded_by, row.origin.recorded_by)


def _other_doctor(row: Row, recorded: Recorded) -> bool:
    event = recorded.event
    return row.doctor != (track_id(event.hpr) if isinstance(event, Fact) else None)
