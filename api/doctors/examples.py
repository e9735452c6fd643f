"""Examples for the documentation: one of every type of fact, in an order in which a doctor's history could hold them.

The example answers are made of them by the very code that answers, so they cannot come to differ from it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic_core import to_json

from api.doctors.facts import DoctorFacts, doctor_facts
from api.doctors.history import doctor_history
from domain.casework.preview import Preview, changes_of
from domain.casework.replaying import Replay
from domain.doctor.facts.facts import FACT, Fact
from domain.doctor.history import as_known
from domain.rulebook.release import choose_rule_set
from domain.rules.result import calculate
from domain.store import Origin, Recorded
from domain.values.streams import track_id

Json = dict[str, Any]
HPR: Final = "9000001"
ACTOR: Final = "kommune:1804"
ROUND: Final = "2026"
MUNICIPALITY: Final = "1804"
FACT_ID: Final = "stilling-2024"
SIMPLE: Final = "leave_registered"
"""A type that builds on nothing, so that its example can be registered on any doctor."""
_IDS: Final = UUID("6c1f2f0e-6a52-5f0c-9b0b-0d9b3a3f1c55")
_BEGAN: Final = datetime(2024, 9, 1, 8, tzinfo=UTC)

FACTS: Final[tuple[Json, ...]] = (
    {"type": "track_started", "on": "2022-09-01", "scheme": "old", "expected_end": "2027-08-31"},
    {"type": "track_converted", "on": "2024-09-01"},
    {
        "type": "position_started",
        "id": FACT_ID,
        "position": "p1",
        "municipality": "1804",
        "category": "gp",
        "percent": 80,
        "first_day": "2024-09-01",
        "workplace": "Sentrum legesenter",
        "title": "ALIS",
        "employment": "self_employed",
    },
    {
        "type": "agreement_signed",
        "agreement": "a1",
        "municipality": "1804",
        "signed_on": "2024-08-20",
        "first_day": "2024-09-01",
        "template": "hdir-2023",
        "percent": 80,
        "elements": ["practice_compensation", "learning_activities", "supervision"],
    },
    {
        "type": "supervisor_assigned",
        "supervisor": "9000101",
        "municipality": "1804",
        "first_day": "2024-09-01",
        "name": "Kari Nordmann",
    },
    {"type": "leave_registered", "leave": "l1", "kind": "parental", "first_day": "2025-02-01", "percent": 50},
    {"type": "leave_ended", "leave": "l1", "last_day": "2025-04-30"},
    {
        "type": "supervisor_replaced",
        "supervisor": "9000101",
        "replaced_by": "9000102",
        "first_day": "2025-05-01",
        "name": "Ola Nordmann",
    },
    {"type": "position_changed", "position": "p1", "first_day": "2025-06-01", "percent": 100},
    {
        "type": "agreement_amended",
        "agreement": "a1",
        "signed_on": "2025-05-20",
        "first_day": "2025-06-01",
        "percent": 100,
    },
    {
        "type": "guidance_recorded",
        "id": "veiledning-2025-06",
        "municipality": "1804",
        "month": "2025-06",
        "hours": 6.5,
    },
    {
        "type": "fact_corrected",
        "corrects": "veiledning-2025-06",
        "replacement": {"hours": 5.5},
        "reason": "En time var ført to ganger.",
    },
    {
        "type": "institutional_service_registered",
        "service": "s1",
        "institution": "Nordlandssykehuset",
        "municipal": False,
        "first_day": "2025-08-01",
    },
    {"type": "institutional_service_ended", "service": "s1", "last_day": "2025-10-31"},
    {"type": "track_interrupted", "interruption": "i1", "first_day": "2026-01-01"},
    {"type": "track_resumed", "interruption": "i1", "on": "2026-02-01"},
    {"type": "agency_affiliation_registered", "affiliation": "v1", "agency": "Vikarlegene", "first_day": "2026-03-02"},
    {"type": "agency_affiliation_ended", "affiliation": "v1", "last_day": "2026-03-15"},
    {
        "type": "costs_reported",
        "municipality": "1804",
        "round": "2026",
        "element": "learning_activities",
        "kroner": 11500,
        "project_code": "4711",
    },
    {
        "type": "job_switched",
        "position": "p1",
        "last_day": "2026-04-30",
        "reason": "Ny fastlegehjemmel",
        "new": {
            "position": "p2",
            "municipality": "1839",
            "category": "gp",
            "percent": 100,
            "first_day": "2026-05-01",
        },
    },
    {"type": "agreement_ended", "agreement": "a1", "last_day": "2026-04-30", "reason": "Flyttet"},
    {"type": "supervisor_ended", "supervisor": "9000102", "last_day": "2026-04-30"},
    {"type": "position_ended", "position": "p2", "last_day": "2027-08-31", "reason": "Spesialist"},
    {"type": "track_discontinued", "on": "2027-06-30"},
    {"type": "track_completed", "on": "2027-08-31"},
)


def by_type() -> Mapping[str, Json]:
    """The example of each type."""
    return {fact["type"]: fact for fact in FACTS}


def recorded() -> list[Recorded]:
    """The examples as the log would hold them, an hour apart."""
    return [_recorded(number, fact) for number, fact in enumerate(FACTS)]


def facts() -> DoctorFacts:
    """The answer to reading the doctor's facts."""
    return doctor_facts(HPR, recorded())


def history() -> object:
    """The answer to reading the doctor's history."""
    return doctor_history(HPR, recorded(), None, choose_rule_set(None, ROUND))


def calculation(*, traced: bool = False) -> Json:
    """The answer to reading the calculation, with the trace where that is wanted."""
    doctor = as_known(each.event for each in recorded() if isinstance(each.event, Fact))
    result = calculate(
        [(HPR, doctor)], MUNICIPALITY, choose_rule_set(None, ROUND), _BEGAN + timedelta(days=900), traced=traced
    )
    return Replay(result, ()).as_json(assumptions=True)


def preview() -> Json:
    """The answer to the preview of the job switch, by the facts that became known before it."""
    number = [fact["type"] for fact in FACTS].index("job_switched")
    facts = [each.event for each in recorded() if isinstance(each.event, Fact)]
    before, after = as_known(facts[:number]), as_known(facts[: number + 1])
    found = changes_of(HPR, before, after, [choose_rule_set(None, ROUND)])
    return Preview(1, 1, 1, tuple(found)).as_json()


def _recorded(number: int, given: Json) -> Recorded:
    name, moment = uuid5(_IDS, str(number)), _BEGAN + timedelta(hours=number)
    common = {"hpr": HPR, "recorded_at": moment, "recorded_by": ACTOR}
    fact = FACT.validate_json(to_json({"id": str(name), **given, **common}))
    origin = Origin(ACTOR, "municipality", MUNICIPALITY, name, name, name, "api")
    stored_at = moment + timedelta(milliseconds=12)
    return Recorded(track_id(HPR), number + 1, fact, origin, track_id(HPR), number + 1, None, number + 1, stored_at)
