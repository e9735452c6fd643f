"""What is stored already is found by its id and compared by its content, before any bound of new input is asked."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

import pytest
from pydantic_core import to_json

from deploy.clock import new_id, now
from domain.doctor.facts.stored import stored_fact
from domain.store import CommandRecord, Recorded
from domain.values.refusals.refusal import Rejected
from domain.values.streams import track_id
from tests.desk import Desk, command, refusal
from tests.scenario import Json, full_time, track

DOCTOR: Final = full_time().add("supervisor_assigned", supervisor="8000001", first_day="2024-10-01", name="Vigdis Å")
ODD: Final = track("2024-10-01", hpr="09000001").position("p" * 150, percent="33.3333333", workplace="x" * 300)


def stores(at: Desk, facts: Iterable[Json]) -> None:
    """Put facts into the log that no door lets in any more."""
    told = [stored_fact(to_json(fact)) for fact in facts]
    stream, origin = track_id(told[0].hpr), command(source="import").origin()
    recorded = [Recorded(stream, n, fact, origin, stream, n) for n, fact in enumerate(told, 1)]
    at.store.append(recorded, CommandRecord(new_id(), "r", "{}", "import:old"))


def refused(at: Desk, facts: Iterable[Json]) -> set[tuple[str | None, str]]:
    with pytest.raises(Rejected) as rejected:
        at.imports(facts)
    return {(each.fact, each.refusal.code) for each in rejected.value.problems}


def test_the_monthly_export_after_a_doctor_was_erased_stores_what_is_new_and_leaves_the_erased_erased(at: Desk) -> None:
    erased = DOCTOR.leave("l1", "2025-10-01", "2025-10-05", kind="sick").corrected("4", name="Vigdis Ås").facts
    at.imports(erased)
    at.erases("9000001")
    new = [fact | {"hpr": "9000003"} for fact in DOCTOR.facts]
    done = at.imports([*erased, *new])
    assert done.as_json() == {
        "facts": len(erased) + len(new),
        "stored": len(new),
        "already_stored": len(erased),
        "doctors": 2,
        "erased_doctors": ["9000001"],
    }
    assert at.casework.preview.of_fact(at.casework.doctor("9000003")[0].event).new == 0  # type: ignore[arg-type]
    assert all("Vigdis" not in str(each.event) for each in at.casework.doctor("9000001"))


def test_what_was_not_erased_of_an_erased_fact_is_still_compared(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    at.erases("9000001")
    assert refused(at, [DOCTOR.facts[3] | {"first_day": "2024-11-01"}]) == {("4", "fact-id-used")}


@pytest.mark.parametrize("erasing", [False, True], ids=["as stored", "after erasing"])
def test_a_number_written_another_way_is_the_same_content_also_in_a_correction(at: Desk, *, erasing: bool) -> None:
    told = DOCTOR.corrected("2", percent=50, workplace="Rønvik").facts
    at.imports(told)
    if erasing:
        at.erases("9000001")
    again = [*told[:1], told[1] | {"percent": "100.00"}, *told[2:-1]]
    for percent in (50.0, "50", "50.00"):
        written = told[-1] | {"replacement": {"workplace": "Rønvik", "percent": percent}}
        assert at.imports([*again, written]).already_stored == len(told)
    assert refused(at, [told[-1] | {"replacement": {"percent": 60, "workplace": "Rønvik"}}]) == {("5", "fact-id-used")}


def test_what_is_stored_from_before_the_bounds_is_stored_already_and_goes_on(at: Desk) -> None:
    stores(at, ODD.facts)
    assert at.imports(ODD.facts).stored == 0
    assert refused(at, [ODD.facts[1] | {"id": "new"}]) == {("new", "bad-text"), ("new", "out-of-range")}
    withdrawn = ODD.withdrawn("2").facts[-1]
    assert at.imports([withdrawn]).stored == 1


def test_one_field_of_a_fact_from_before_the_bounds_can_be_corrected(at: Desk) -> None:
    odd = track("2024-10-01").position("p1", percent="33.3333333", workplace="x" * 300)
    stores(at, odd.facts)
    assert refused(at, odd.corrected("2", workplace="y" * 201).facts[2:]) == {("3", "correction-invalid")}
    assert at.imports(odd.corrected("2", percent=50).facts[2:]).stored == 1
    assert at.imports(odd.corrected("2", percent=50).ended("p1", "2026-01-31").facts[3:]).stored == 1


def test_a_fact_builds_on_one_whose_id_was_stored_decomposed(at: Desk) -> None:
    before = track("2024-10-01").position("vikar-e\u0301n", workplace="Ga\u030ard")
    stores(at, before.facts)
    assert at.imports(before.facts).stored == 0
    assert at.imports(before.ended("vikar-\u00e9n", "2026-01-31").facts[2:]).stored == 1


def test_a_moment_more_than_five_minutes_from_now_is_refused_by_an_import_and_its_preview(at: Desk) -> None:
    told = now()
    soon, later = (told + timedelta(minutes=minutes) for minutes in (4, 10))
    assert at.imports([DOCTOR.facts[0] | {"recorded_at": soon.isoformat()}]).stored == 1
    for moment in (later.isoformat(), "2062-09-01T09:00:00Z", "9999-12-31T23:59:59Z"):
        assert refused(at, [DOCTOR.facts[1] | {"recorded_at": moment}]) == {("2", "recorded-too-late")}


def test_what_the_service_records_after_a_moment_to_come_becomes_known_then(at: Desk) -> None:
    told: list[Any] = [fact | {"recorded_at": "2062-09-01T09:00:00Z"} for fact in DOCTOR.facts]
    stores(at, told[:2])
    end = DOCTOR.ended("p1", "2026-01-31").facts[-1] | {"recorded_at": now().isoformat()}
    assert at.records(end).stored
    assert [each.event.recorded_at.year for each in at.casework.doctor("9000001")] == [2062, 2062, 2062]


def test_a_correction_registered_twice_is_stored_once(at: Desk) -> None:
    at.imports(DOCTOR.facts)
    correction = DOCTOR.corrected("2", percent=50).facts[-1]
    assert at.records(correction | {"id": "first"}).stored
    assert refusal(lambda: at.records(correction | {"id": "second"})) == "correction-changes-nothing"
