"""Who guides whom, in which municipality, and what was held and confirmed."""

from datetime import date
from decimal import Decimal
from typing import Any

from projections.doctors.supervisors import Supervisor, Supervisors, SupervisorsAsked, supervisors
from tests.projections.house import House
from tests.scenario import BEIARN, BODO, Told, full_time

KARI = "9000101"
ON = date(2025, 9, 1)


def guided(told: Told, supervisor: str = KARI, first: str = "2025-01-01", **more: object) -> Told:
    return told.add("supervisor_assigned", supervisor=supervisor, first_day=first, **more)


def asked(at: House, on: date = ON, **more: Any) -> list[Supervisor]:  # noqa: ANN401
    with at.reads() as connection:
        return supervisors(connection, SupervisorsAsked(on, **more)).items


def short(found: list[Supervisor]) -> dict[str, dict[str, list[str]]]:
    """The doctors by supervisor and municipality."""
    return {
        each.supervisor: {place.municipality: [one.hpr for one in place.doctors] for place in each.municipalities}
        for each in found
    }


def test_who_guides_in_two_municipalities_is_found_and_each_municipality_sees_its_own(at: House) -> None:
    at.imports(guided(full_time()).facts)
    at.imports([fact | {"hpr": "9000002"} for fact in guided(full_time(municipality=BEIARN)).facts])
    at.imports([fact | {"hpr": "9000003"} for fact in guided(full_time(), "9000102").facts])
    at.levels([Supervisors])
    both = {KARI: {BODO: ["9000001"], BEIARN: ["9000002"]}}
    assert short(asked(at)) == {**both, "9000102": {BODO: ["9000003"]}}
    assert short(asked(at, across=True)) == both
    assert short(asked(at, municipality=BEIARN)) == {KARI: {BEIARN: ["9000002"]}}
    assert short(asked(at, municipality=BEIARN, across=True)) == {}


def test_a_supervisor_without_a_municipality_guides_where_the_doctor_has_a_post_that_day(at: House) -> None:
    at.imports(guided(full_time().switched("p1", "2025-10-31", BEIARN)).facts)
    at.levels([Supervisors])
    assert short(asked(at)) == {KARI: {BODO: ["9000001"]}}
    assert short(asked(at, date(2025, 11, 1))) == {KARI: {BEIARN: ["9000001"]}}
    assert short(asked(at, date(2024, 12, 31))) == {}
    [place] = asked(at)[0].municipalities
    assert (place.doctors[0].first_day, place.doctors[0].last_day) == (date(2025, 1, 1), date(2025, 10, 31))


def test_the_former_supervisor_guides_until_the_day_before_the_next(at: House) -> None:
    replaced = {"supervisor": KARI, "replaced_by": "9000102", "first_day": "2025-09-01"}
    at.imports(guided(full_time(), approved=False).add("supervisor_replaced", **replaced).facts)
    at.levels([Supervisors])
    assert short(asked(at, date(2025, 8, 31))) == {KARI: {BODO: ["9000001"]}}
    assert short(asked(at)) == {"9000102": {BODO: ["9000001"]}}
    assert [asked(at, on)[0].municipalities[0].doctors[0].approved for on in (date(2025, 8, 31), ON)] == [False, True]


def test_hours_are_those_of_the_sessions_with_this_supervisor_and_confirmed_by_both(at: House) -> None:
    told = guided(full_time())
    for name, hours in (("v1", 1.5), ("v2", 2)):
        session = {"municipality": BODO, "on": "2025-09-03", "hours": hours, "supervisor": KARI}
        told = told.add("guidance_held", session=name, **session)
    told = told.add("guidance_confirmed", session="v1", by="doctor").add(
        "guidance_confirmed", session="v1", by="supervisor"
    )
    at.imports(told.add("guidance_confirmed", session="v2", by="doctor").facts)
    at.levels([Supervisors])
    [one] = asked(at)[0].municipalities[0].doctors
    assert (one.sessions, one.hours, one.confirmed) == (2, Decimal("3.5"), Decimal("1.5"))
    assert at.differs_from_fresh(Supervisors) == 0


def test_a_long_list_is_read_in_slices_without_gap_or_repeat(at: House) -> None:
    told = full_time()
    for number in range(7):
        told = guided(told, f"900010{number}")
    at.imports(told.facts)
    at.levels([Supervisors])
    found: list[Supervisor] = []
    after = None
    with at.reads() as connection:
        while True:
            part = supervisors(connection, SupervisorsAsked(ON), after, limit=3)
            found += part.items
            after = part.after
            if after is None:
                break
    assert [each.supervisor for each in found] == [f"900010{number}" for number in range(7)]
