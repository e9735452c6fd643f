"""Writes the golden file of a new event, as the store would keep it today: once, and never again.

`python -m tests.domain.casework.golden_event TOPIC '{"field": "value"}'`; what every event has is filled in.
A type that got optional fields later has one more file with them, named `TOPIC+fields`.
"""

import json
import sys
from typing import Any, Final

from domain.claim.stream.events import CLAIM_EVENTS
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import BY_TOPIC
from domain.doctor.key import KEY_EVENTS
from domain.municipality.events import MUNICIPALITY_EVENTS
from domain.persons.events import LINK_EVENTS
from domain.rulebook.rulebook import BOOK_EVENTS
from domain.store import Recorded
from domain.ties.events import TIE_EVENTS
from tests.domain.casework.test_event_versions import (
    DOCTOR,
    FOLDER,
    SOMEBODY,
    WITH_KEY,
    WITHOUT_KEY,
    plain,
    read,
    stream_of,
)

EVENTS: Final[dict[str, Any]] = {
    **BY_TOPIC,
    **CLAIM_EVENTS,
    **BOOK_EVENTS,
    **KEY_EVENTS,
    **MUNICIPALITY_EVENTS,
    **TIE_EVENTS,
    **LINK_EVENTS,
}
COMMON: Final = {
    "id": "f1",
    "hpr": "9000001",
    "claim": "1804-2026",
    "municipality": "1804",
    "entry": "e1",
    "tie": "t1",
    "person": f"p-{'a' * 20}",
    "other": f"p-{'b' * 20}",
    "recorded_at": "2026-08-01T09:00:00.123456Z",
    "recorded_by": "kommune:1804",
}


def main(name: str, fields: str) -> None:
    topic = name.partition("+")[0]
    cls = EVENTS[topic]
    common = {name: value for name, value in COMMON.items() if name in cls.model_fields}
    event = cls.model_validate_json(json.dumps(common | json.loads(fields)))
    doctor = DOCTOR if isinstance(event, Fact) else None
    row = WITH_KEY.to_stored_event(Recorded(stream_of(topic), 1, event, SOMEBODY, doctor, 1))
    kept = {"topic": topic, "payload": row.state.decode(), "event": plain(event)}
    erased = plain(read(WITHOUT_KEY, kept))
    if erased != kept["event"]:
        kept["erased"] = erased
    file = FOLDER / f"{name}.json"
    with file.open("x", encoding="utf-8") as to:
        to.write(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    print(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
