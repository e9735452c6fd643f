"""What no door lets in, put into the log behind every door, as an older release or a bug would."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import psycopg
from pydantic_core import to_json

from deploy.clock import new_id
from domain.doctor.facts.stored import stored_fact
from domain.store import CommandRecord, Recorded
from domain.values.streams import track_id
from tests.desk import command
from tests.projections.house import House

_SPOIL: Final = """
INSERT INTO events (stream, version, topic, payload, doctor, doctor_version, recorded_at, stored_at,
                    recorded_by, command_id, correlation_id, causation_id, source, hash)
SELECT %(stream)s, (SELECT coalesce(max(version), 0) + 1 FROM events WHERE stream = %(stream)s), %(topic)s,
       %(payload)s, %(doctor)s::uuid, CASE WHEN %(doctor)s::uuid IS NULL THEN NULL ELSE
       (SELECT coalesce(max(doctor_version), 0) + 1 FROM events WHERE doctor = %(doctor)s) END,
       clock_timestamp(), clock_timestamp(), 'import:odd', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
       'import', '' RETURNING position
"""
FIRST: Final[dict[str, Any]] = {"recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "import:odd"}


def stores(at: House, hpr: str, *facts: Mapping[str, Any]) -> None:
    """Store the facts of a doctor as they are."""
    stream, origin = track_id(hpr), command(source="import").origin()
    known = at.store.versions(doctors=[stream]).get(stream, 0)
    told = [stored_fact(to_json({**FIRST, **fact, "hpr": hpr})) for fact in facts]
    recorded = [Recorded(stream, known + n, fact, origin, stream, known + n) for n, fact in enumerate(told, 1)]
    at.store.append(recorded, CommandRecord(new_id(), "r", "{}", "import:odd"))


def spoils(url: str, stream: UUID, topic: str, payload: bytes, doctor: UUID | None = None) -> int:
    """Append bytes that are no event to a stream; gives the position."""
    given = {"stream": stream, "topic": topic, "payload": payload, "doctor": doctor}
    with psycopg.connect(url) as connection:
        found = connection.execute(_SPOIL, given).fetchone()
    assert found is not None
    return int(found[0])
