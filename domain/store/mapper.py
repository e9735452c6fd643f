"""Events to bytes and back: pydantic's JSON, personal fields sealed, topics explicit."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import Mapper, StoredEvent

from domain.claim.stream.events import CLAIM_EVENTS
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import BY_TOPIC
from domain.doctor.facts.stored import stored_event
from domain.doctor.key import KEY_EVENTS
from domain.municipality.events import MUNICIPALITY_EVENTS
from domain.persons.events import LINK_EVENTS
from domain.rulebook.rulebook import BOOK_EVENTS
from domain.store.log.recorded import Event, Lean, LoggedFact, Recorded, Row
from domain.store.sealed.key_ring import KeyRing
from domain.store.sealed.sealing import DoctorKey, holds_personal, is_erased, is_sealed, seal, unseal
from domain.store.sealed.text_sealing import owners_of, personal_texts, seal_texts, unseal_texts
from domain.ties.events import TIE_EVENTS
from domain.values.refusals.refusal import Refused, refused

_NAME: Final = re.compile(rb'"(?:hpr|claim|rule_set|question)": ?"([0-9A-Za-z._-]{1,64})"')


WITH_TEXTS: Final[Mapping[str, type[Event]]] = {**CLAIM_EVENTS, **MUNICIPALITY_EVENTS, **TIE_EVENTS}
"""The events whose personal texts are sealed one by one, by topic."""

_PLAIN: Final[Mapping[str, type[Event]]] = {**BOOK_EVENTS, **KEY_EVENTS, **LINK_EVENTS}
"""The events with nothing personal in them."""


class EventMapper(Mapper[UUID]):
    """Events to bytes and back: pydantic's JSON, personal fields sealed, topics explicit."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def to_stored_event(self, domain_event: Any) -> Row:  # noqa: ANN401 - the library's protocol
        """A recorded event as a row."""
        return self._row(domain_event, {})

    def to_rows(self, recorded: Sequence[Recorded]) -> list[Row]:
        """Many events as rows, with all their keys fetched at once."""
        private = {owner for each in recorded for owner in _owners(each)}
        keys = self._keys.for_writing(private)
        return [self._row(each, keys) for each in recorded]

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """A row as a recorded event."""
        assert isinstance(stored_event, Row)  # noqa: S101 - our recorder made it
        return self.to_recorded([stored_event])[0]

    def to_recorded(self, rows: Sequence[Row]) -> list[Recorded]:
        """Rows as recorded events, with all their keys fetched at once."""
        sealed = {owner for row in rows for owner in _sealed_for(row)}
        keys = self._keys.for_reading(sealed) if sealed else {}
        return [
            Recorded(
                row.originator_id,  # type: ignore[arg-type]
                row.originator_version,
                _readable(row, keys),
                row.origin,
                row.doctor,
                row.doctor_version,
                row.municipality,
                row.position,
                row.stored_at,
                _is_erased(row, keys),
            )
            for row in rows
        ]

    def to_facts(self, rows: Sequence[Lean], keys: Mapping[UUID, DoctorKey] | None = None) -> list[LoggedFact]:
        """Facts of doctors, read with these keys, or else with theirs, fetched all at once."""
        if keys is None:
            sealed = {row[0] for row in rows if is_sealed(row[3])}
            keys = self._keys.for_reading(sealed) if sealed else {}
        return [_logged(row, keys.get(row[0])) for row in rows]

    def to_readable_facts(self, rows: Sequence[Lean]) -> list[LoggedFact]:
        """Facts of doctors, without those that this release cannot read."""
        keys = self._keys.for_reading({row[0] for row in rows})
        found = []
        for row in rows:
            with suppress(Refused):
                found.append(_logged(row, keys.get(row[0])))
        return found

    def _row(self, each: Recorded, keys: Mapping[UUID, DoctorKey]) -> Row:
        return Row(
            each.originator_id,
            each.originator_version,
            each.event.event_topic,
            self._state(each, keys),
            each.doctor,
            each.doctor_version,
            each.municipality,
            each.event.recorded_at,
            each.origin,
        )

    def _state(self, each: Recorded, keys: Mapping[UUID, DoctorKey]) -> bytes:
        event, owners = each.event, _owners(each)
        if not owners:
            return event.model_dump_json().encode()
        opened = keys if owners <= keys.keys() else self._keys.for_writing(owners)
        if event.event_topic in WITH_TEXTS:
            texts = personal_texts(event, each.originator_id)
            return seal_texts(event, texts, opened, _bound_to(each.originator_id, each.originator_version))
        assert isinstance(event, Fact)  # noqa: S101 - only facts have other owners
        return seal(event, opened[next(iter(owners))])


def _logged(row: Lean, key: DoctorKey | None) -> LoggedFact:
    doctor, position, stored_at, payload, stream, version, doctor_version = row
    fact = _fact(payload, key, stream, version)
    return LoggedFact(doctor, position, stored_at, fact, stream, version, doctor_version, is_erased(payload, key))


def _is_erased(row: Row, keys: Mapping[UUID, DoctorKey]) -> bool:
    return row.doctor is not None and is_erased(row.state, keys.get(row.doctor))


def _owners(each: Recorded) -> frozenset[UUID]:
    """Whose keys the personal fields of an event are sealed under."""
    event = each.event
    if event.event_topic in WITH_TEXTS:
        return frozenset(personal_texts(event, each.originator_id))
    private = each.doctor is not None and isinstance(event, Fact) and holds_personal(event)
    return frozenset({each.doctor} if each.doctor and private else ())


def _sealed_for(row: Row) -> frozenset[UUID]:
    """Whose keys a row needs to be read."""
    if row.topic in WITH_TEXTS:
        return owners_of(row.state)
    return frozenset({row.doctor} if row.doctor and is_sealed(row.state) else ())


def _fact(payload: bytes, key: DoctorKey | None, stream: UUID, version: int) -> Fact:
    try:
        return unseal(payload, key)
    except Exception as error:
        raise _unreadable(payload, stream, version) from error


def _readable(row: Row, keys: Mapping[UUID, DoctorKey]) -> Event:
    """The event of a row; raises `Refused` (event-unreadable) if this release cannot read the bytes."""
    try:
        return _event(row, keys)
    except Exception as error:
        raise _unreadable(row.state, row.originator_id, row.originator_version) from error


def _unreadable(payload: bytes, stream: UUID | str, version: int) -> Refused:
    name = name_in(payload)
    return refused("event-unreadable", whose=name or str(stream), version=version, stream=str(stream))


def name_in(payload: bytes) -> str | None:
    """Whose an event is, as people call it, even if the event itself cannot be read."""
    found = _NAME.search(payload)
    return found[1].decode() if found else None


def _event(row: Row, keys: Mapping[UUID, DoctorKey]) -> Event:
    if row.topic in WITH_TEXTS:
        bound_to = _bound_to(row.originator_id, row.originator_version)
        return unseal_texts(WITH_TEXTS[row.topic], row.state, keys, bound_to)
    if row.topic in _PLAIN:
        return stored_event(_PLAIN[row.topic], row.state)
    if row.topic not in BY_TOPIC:
        raise LookupError(f"No event has the topic {row.topic}.")
    return unseal(row.state, keys.get(row.doctor) if row.doctor else None)


def _bound_to(stream: UUID | str, version: int) -> bytes:
    """A sealed text cannot be moved to another event."""
    return f"{stream}/{version}".encode()
