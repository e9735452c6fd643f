"""Events to bytes and back: pydantic's JSON, personal fields sealed, topics explicit."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Mapper, StoredEvent

from domain.casework.sealing import DoctorKey, KeyRing, holds_personal, is_sealed, seal, unseal
from domain.casework.store.recorded import Event, Recorded, Row, Told
from domain.casework.store.recorder import Lean
from domain.facts import BY_TOPIC, Fact
from domain.rulebook import BOOK_EVENTS


class EventMapper(Mapper[UUID]):
    """Events to bytes and back: pydantic's JSON, personal fields sealed, topics explicit."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def to_stored_event(self, domain_event: Any) -> Row:  # noqa: ANN401 - the library's protocol
        """A recorded event as a row."""
        return self._row(domain_event, {})

    def to_rows(self, recorded: Sequence[Recorded]) -> list[Row]:
        """Many events as rows, with all their keys fetched at once."""
        private = {r.doctor for r in recorded if isinstance(r.event, Fact) and holds_personal(r.event)}
        keys = self._keys.for_writing(doctor for doctor in private if doctor)
        return [self._row(each, keys) for each in recorded]

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """A row as a recorded event."""
        assert isinstance(stored_event, Row)  # noqa: S101 - our recorder made it
        return self.to_recorded([stored_event])[0]

    def to_recorded(self, rows: Sequence[Row]) -> list[Recorded]:
        """Rows as recorded events, with all their keys fetched at once."""
        sealed = {row.doctor for row in rows if row.doctor and is_sealed(row.state)}
        keys = self._keys.for_reading(sealed) if sealed else {}
        return [
            Recorded(
                row.originator_id,  # type: ignore[arg-type]
                row.originator_version,
                _event(row, keys),
                row.origin,
                row.doctor,
                row.doctor_version,
                row.municipality,
                row.position,
                row.stored_at,
            )
            for row in rows
        ]

    def to_told(self, rows: Sequence[Lean]) -> list[Told]:
        """Facts of doctors, with all their keys fetched at once."""
        sealed = {row[0] for row in rows if is_sealed(row[3])}
        keys = self._keys.for_reading(sealed) if sealed else {}
        return [
            Told(doctor, position, stored_at, unseal(payload, keys.get(doctor)), stream, version, doctor_version)
            for doctor, position, stored_at, payload, stream, version, doctor_version in rows
        ]

    def _row(self, each: Recorded, keys: Mapping[UUID, DoctorKey]) -> Row:
        return Row(
            each.originator_id,
            each.originator_version,
            each.event.topic,
            self._state(each, keys),
            each.doctor,
            each.doctor_version,
            each.municipality,
            each.event.recorded_at,
            each.origin,
        )

    def _state(self, each: Recorded, keys: Mapping[UUID, DoctorKey]) -> bytes:
        event, doctor = each.event, each.doctor
        if doctor is None or not isinstance(event, Fact) or not holds_personal(event):
            return event.model_dump_json().encode()
        return seal(event, keys.get(doctor) or self._keys.for_writing([doctor])[doctor])


def _event(row: Row, keys: Mapping[UUID, DoctorKey]) -> Event:
    if row.topic in BOOK_EVENTS:
        return BOOK_EVENTS[row.topic].model_validate_json(row.state)
    if row.topic not in BY_TOPIC:
        raise LookupError(f"No event has the topic {row.topic}.")
    return unseal(row.state, keys.get(row.doctor) if row.doctor else None)
