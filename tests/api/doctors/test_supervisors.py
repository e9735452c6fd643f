"""Supervisors over HTTP, with real workers beside the service."""

from collections.abc import Iterator

import httpx
import pytest

from domain.casework.service import Casework
from domain.store import Store
from projections.all import ALL
from projections.workers import Workers
from tests.api.asking import FACTS, Json, as_, imported, refusal
from tests.api.recorded import check
from tests.scenario import BEIARN, BODO, full_time, lines_of

KARI = "9000101"
CASEWORKER = as_("caseworker:ab")


@pytest.fixture
def asked(client: httpx.Client, casework: Casework, store: Store, database_url: str) -> Iterator[httpx.Client]:
    """The service with a doctor in each of two municipalities, both guided by Kari."""
    story = full_time().add("supervisor_assigned", supervisor=KARI, first_day="2025-01-01")
    other = full_time(municipality=BEIARN).add("supervisor_assigned", supervisor=KARI, first_day="2025-01-01")
    imported(casework, lines_of([*story.facts, *(fact | {"hpr": "9000002"} for fact in other.facts)]))
    with Workers(ALL, store, database_url):
        known = client.post(FACTS, json={"type": "doctor_named", "name": "Per Vik"}).headers["alis-command"]
        seen = client.get("supervisors", headers={"Prefer": "wait=10", "Alis-After": known})
        assert seen.status_code == 200, seen.text
        yield client


def found(client: httpx.Client, actor: dict[str, str] = CASEWORKER, **query: str) -> list[Json]:
    response = client.get("supervisors", params={"day": "2025-09-01", **query}, headers=actor)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return [
        place | {"supervisor": each["supervisor"]} for each in answer["supervisors"] for place in each["municipalities"]
    ]


def test_a_caseworker_sees_who_guides_over_municipal_borders(asked: httpx.Client) -> None:
    assert [(each["supervisor"], each["municipality"]) for each in found(asked, across="true")] == [
        (KARI, BODO),
        (KARI, BEIARN),
    ]
    assert found(asked, municipality=BEIARN)[0]["doctors"][0]["hpr"] == "9000002"
    assert found(asked, day="2024-12-31") == []


def test_a_municipality_sees_its_own_and_nothing_of_what_a_supervisor_does_elsewhere(asked: httpx.Client) -> None:
    own = as_(f"kommune:{BODO}")
    assert [each["municipality"] for each in found(asked, own)] == [BODO]
    assert found(asked, own, municipality=BEIARN) == []
    assert found(asked, own, across="true") == []


def test_the_guided_have_names_for_those_who_may_see_them(asked: httpx.Client) -> None:
    for actor, names in ((f"kommune:{BODO}", {"9000001": "Per Vik"}), (f"kommune:{BEIARN}", {}), ("auditor:gh", {})):
        found = asked.get("supervisors", headers=as_(actor))
        assert found.json()["names"] == names, actor
    assert asked.get("supervisors", headers=CASEWORKER).json()["names"] == {"9000001": "Per Vik"}


def test_a_municipality_or_a_cursor_that_nobody_knows_is_refused(asked: httpx.Client) -> None:
    assert refusal(asked.get("supervisors?municipality=9999")) == (404, "unknown-municipality")
    assert refusal(asked.get("supervisors?cursor=x")) == (422, "invalid-request")
    assert refusal(asked.get("supervisors?day=2025-02-30")) == (422, "invalid-request")


def test_free_places_are_told_to_the_whole_county_and_who_the_supervisors_are_to_nobody(asked: httpx.Client) -> None:
    offer = {"type": "supervisor_offered", "supervisor": KARI, "places": 3, "first_day": "2025-01-01"}
    asked.post(f"municipalities/{BEIARN}/entries", json=offer, headers=as_(f"kommune:{BEIARN}"))
    here = {"municipality": BODO, "day": "2025-09-01"}
    answer = asked.get("supervisors/places", params=here, headers=as_(f"kommune:{BODO}"))
    assert answer.json()["municipalities"] == [{"municipality": BEIARN, "places": 3, "free": 1}]
    check("list_supervisor_places", 200, answer.json())
    assert KARI not in answer.text
    before = asked.get("supervisors/places", params={**here, "day": "2024-12-31"}, headers=as_(f"kommune:{BODO}"))
    assert before.json()["municipalities"] == []
    elsewhere = asked.get("supervisors/places", params=here, headers=as_("kommune:0301"))
    assert refusal(elsewhere) == (404, "unknown-municipality")
