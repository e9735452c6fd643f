from collections.abc import Callable
from datetime import timedelta
from typing import Final

import httpx
import pytest
from fastapi import FastAPI

from api.door.once import HEADERS as ONCE
from deploy.clock import now
from domain.casework.service import Casework
from tests.api.asking import CLERK, FACTS, HPR, POST, STARTED, Json, errors, imported, leave, refusal, register
from tests.api.recorded import EXAMPLES

CORRECTED: Final[Json] = {
    "type": "fact_corrected",
    "id": "c1",
    "corrects": "p",
    "replacement": {"percent": 60},
    "reason": "kontrakten",
}
WITHDRAWN: Final[Json] = {**CORRECTED, "id": "c2", "corrects": "l", "replacement": None}
EARLY: Final = "2025-01-01T00:00:00Z"
IMPORTED: Final = f"""
{{"id": "1", "type": "track_started", "hpr": "{HPR}", "recorded_at": "2024-09-01T08:00:00+02:00",
  "recorded_by": "kommune:1804", "on": "2024-09-01", "scheme": "new"}}
{{"id": "2", "type": "leave_registered", "hpr": "{HPR}", "recorded_at": "2025-06-01T09:00:00Z",
  "recorded_by": "kommune:1804", "leave": "l1", "kind": "sick", "first_day": "2025-06-01"}}
""".replace(",\n ", ",")


def facts(client: httpx.Client, address: str = FACTS) -> list[Json]:
    found: list[Json] = client.get(address).json()["facts"]
    return found


def history(client: httpx.Client, **query: str) -> Json:
    found: Json = client.get(f"doctors/{HPR}/history", params=query).json()
    return found


def test_facts_tell_what_has_become_of_them(client: httpx.Client) -> None:
    register(client, POST | {"id": "p"}, STARTED, leave("l1", id="l"), CORRECTED, WITHDRAWN)
    by_id = {entry["fact"]["id"]: entry for entry in facts(client)}
    post, gone, correction = by_id["p"], by_id["l"], by_id["c1"]
    assert (post["state"], post["corrections"]) == ("corrected", ["c1"])
    assert (post["fact"]["percent"], post["standing"]["percent"]) == ("80", "60")
    assert (gone["state"], gone["corrections"], gone["standing"]) == ("withdrawn", ["c2"], None)
    assert (correction["state"], correction["standing"]) == ("standing", correction["fact"])
    assert by_id["c2"]["fact"]["replacement"] is None


def test_facts_can_be_read_as_they_were_known(client: httpx.Client, casework: Casework) -> None:
    imported(casework, IMPORTED.encode())
    then = client.get(FACTS, params={"known_at": "2025-01-01T01:00:00+01:00"})
    assert then.json()["known_at"] == EARLY
    assert [entry["fact"]["id"] for entry in then.json()["facts"]] == ["1"]
    assert facts(client, f"{FACTS}?known_at=2024-09-01T06:00:00Z") == then.json()["facts"]
    assert facts(client, f"{FACTS}?known_at=2024-09-01T05:59:59.999999Z") == []
    assert [entry["fact"]["id"] for entry in facts(client)] == ["1", "2"]


def test_a_correction_that_was_not_known_then_had_not_happened(client: httpx.Client, casework: Casework) -> None:
    imported(casework, IMPORTED.encode())
    register(client, {**WITHDRAWN, "corrects": "2"})
    assert facts(client)[1]["state"] == "withdrawn"
    assert facts(client, f"{FACTS}?known_at=2025-07-01T00:00:00Z")[1]["state"] == "standing"
    assert history(client)["leaves"] == []
    assert len(history(client, known_at="2025-07-01T00:00:00Z")["leaves"]) == 1


def test_facts_come_in_the_order_known_with_the_moment_stored_beside(client: httpx.Client, casework: Casework) -> None:
    client.headers.update(CLERK)
    register(client, leave("l2", id="now"))
    imported(casework, IMPORTED.encode())
    found = facts(client)
    assert [entry["fact"]["id"] for entry in found] == ["1", "2", "now"]
    assert [entry["source"] for entry in found] == ["import", "import", "api"]
    assert found[0]["fact"]["recorded_at"] == "2024-09-01T06:00:00Z"
    assert found[0]["stored_at"] > found[2]["stored_at"] > found[2]["fact"]["recorded_at"]


def test_the_history_is_state_with_the_facts_behind_it(client: httpx.Client) -> None:
    client.headers.update(CLERK)
    register(client, *({"id": f"{n}-{fact['type']}", **fact} for n, fact in enumerate(EXAMPLES)))
    found = history(client)
    assert [(track["scheme"], track["converted_on"], track["last_day"]) for track in found["tracks"]] == [
        ("old", "2024-09-01", "2027-08-31")
    ]
    first, second = found["positions"]
    assert [(each["first_day"], each["value"]) for each in first["percent"]] == [
        ("2024-09-01", "80"),
        ("2025-06-01", "100"),
    ]
    assert first["workplace"][0]["value"] == "Sentrum legesenter"
    ids = {fact["type"]: f"{n}-{fact['type']}" for n, fact in enumerate(EXAMPLES)}
    assert first["facts"] == ["stilling-2024", ids["job_switched"], ids["position_changed"]]
    assert (second["municipality"], second["last_day"]) == ("1839", "2027-08-31")
    assert found["guidance"] == [
        {
            "municipality": "1804",
            "month": "2025-06",
            "hours": "5.5",
            "confirmed": "0",
            "facts": ["veiledning-2025-06"],
        },
        {
            "municipality": "1804",
            "month": "2025-07",
            "hours": "1.5",
            "confirmed": "0",
            "facts": [ids["guidance_held"]],
        },
    ]
    assert found["name"] == "Áŋŋel Bjørk"
    assert found["sessions"][0]["confirmed_by_supervisor"] == ids["guidance_confirmed"]
    assert found["group_guidance"][0]["leader"] == "9000101"
    [cost] = found["costs"]
    assert (cost["project_code"], cost["kind"], cost["gross"], cost["kroner"]) == ("4711", "course", 14000, 11500)
    assert [supervisor["name"] for supervisor in found["supervisors"]] == ["Kari Nordmann", "Ola Nordmann"]
    assert found["leaves"][0]["kind"] == "parental"
    assert found["services"][0]["institution"] == "Nordlandssykehuset"
    assert found["affiliations"][0]["agency"] == "Vikarlegene"
    assert found["interruptions"][0]["last_day"] == "2026-01-31"
    agreement = found["agreements"][0]
    assert [each["value"] for each in agreement["percent"]] == ["80", "100"]
    assert agreement["elements"][0]["value"] == ["practice_compensation", "learning_activities", "supervision"]
    assert [(each["municipality"], each["first_day"], each["last_day"]) for each in found["agreements_in_force"]] == [
        ("1804", "2024-09-01", "2026-04-30")
    ]
    assert [event["type"] for event in found["events"]] == [fact["type"] for fact in EXAMPLES]
    assert found["events"][0]["topic"] == "track.doctor-named.v1"


def test_the_history_names_the_corrections_behind_what_it_says(client: httpx.Client) -> None:
    changed = {"type": "position_changed", "id": "w", "position": "p1", "first_day": "2025-01-01", "workplace": "Ny"}
    register(client, POST | {"id": "p", "workplace": "Gammel"}, CORRECTED, changed)
    position = history(client)["positions"][0]
    assert position["facts"] == ["p", "c1", "w"]
    assert position["percent"] == [{"first_day": "2024-09-01", "value": "60", "fact": "p"}]
    assert [(each["value"], each["fact"]) for each in position["workplace"]] == [("Gammel", "p"), ("Ny", "w")]


def test_what_was_erased_says_so_and_the_rest_stays(client: httpx.Client, erases: Callable[[str], None]) -> None:
    register(client, POST | {"id": "p", "workplace": "Hemmelig"}, leave("l1", kind="sick"))
    before = client.get(FACTS).headers["etag"]
    erases(HPR)
    after = client.get(FACTS)
    assert "Hemmelig" not in after.text
    assert after.headers["etag"] != before
    assert history(client)["leaves"][0]["kind"] == "erased_extending"


@pytest.mark.parametrize("address", ["doctors/7654321/facts", "doctors/7654321/facts/x", "doctors/7654321/history"])
def test_a_doctor_whom_nobody_registered_is_not_found(client: httpx.Client, address: str) -> None:
    assert refusal(client.get(address)) == (404, "unknown-doctor")


def test_a_fact_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    register(client, POST)
    assert refusal(client.get(f"{FACTS}/x")) == (404, "unknown-fact")


@pytest.mark.parametrize(
    "moment",
    ["2025-01-01", "2025-01-01T00:00:00", "i går", "", "2025-01-01T00:00:00 02:00", "0001-01-01T00:00:00+14:00"],
)
def test_a_moment_has_a_day_a_time_and_an_offset(client: httpx.Client, moment: str) -> None:
    for address in (FACTS, f"doctors/{HPR}/history", "municipalities/1804/rounds/2026/months"):
        assert errors(client.get(address, params={"known_at": moment})) == [("known_at", "bad-moment")]


AS_KNOWN: Final = (
    "municipalities/1804",
    FACTS,
    f"doctors/{HPR}/history",
    f"doctors/{HPR}/meters",
    "posts",
    "posts/squares",
    "posts/stability",
    "municipalities/1804/rounds/2026/months",
    "municipalities/1804/rounds/2026/calculation",
    f"municipalities/1804/rounds/2026/calculation/{HPR}",
)


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=36_500)])
@pytest.mark.parametrize("address", AS_KNOWN)
def test_what_is_known_at_a_moment_to_come_is_refused(client: httpx.Client, address: str, ahead: timedelta) -> None:
    moment = (now() + ahead).isoformat()
    assert errors(client.get(address, params={"known_at": moment})) == [("known_at", "moment-to-come")]


def test_every_address_that_is_asked_as_of_a_moment_refuses_one_to_come(app: FastAPI) -> None:
    asked = {
        path
        for path, operations in app.openapi()["paths"].items()
        if any(each["name"] == "known_at" for each in operations.get("get", {}).get("parameters", ()))
    }
    given = {"hpr": HPR, "municipality": "1804", "round": "2026"}
    assert {path.format_map(given) for path in asked} == {f"/api/v1/{address}" for address in AS_KNOWN}


def test_a_side_to_explain_at_a_moment_to_come_is_refused(client: httpx.Client) -> None:
    address, moment = "municipalities/1804/rounds/2026/explanation", (now() + timedelta(days=1)).isoformat()
    assert errors(client.get(address, params={"from": moment})) == [("from", "bad-side")]
    assert errors(client.get(address, params={"from": "now", "to": moment})) == [("to", "bad-side")]
    response = client.post(address, json={"from": {"known_at": moment}, "to": {}})
    assert errors(response) == [("from.known_at", "moment-to-come")]


@pytest.mark.parametrize("address", [*AS_KNOWN, "health", "doctors", "claims", "overview", "docs", "openapi.json"])
def test_a_parameter_that_stands_twice_is_refused(client: httpx.Client, address: str) -> None:
    for query in (f"known_at={EARLY}&known_at={EARLY}", "known_at=&known%5Fat=", "limit=1&known_at&x=1&known_at=2"):
        assert errors(client.get(f"{address}?{query}")) == [("known_at", "parameter-twice")]


@pytest.mark.parametrize("name", [name for name in ONCE if name != "Host"])
def test_a_header_that_stands_twice_and_is_no_list_is_refused(client: httpx.Client, name: str) -> None:
    lines = [(name, "kommune:1804"), (name.lower(), "kommune:1804")]
    for response in (client.get(FACTS, headers=lines), client.post(FACTS, content=b"{}", headers=lines)):
        assert errors(response) == [(name, "header-twice")]


def test_a_header_that_is_a_list_may_stand_twice(client: httpx.Client) -> None:
    register(client, POST)
    tag = client.get(FACTS).headers["etag"]
    assert client.get(FACTS, headers=[("If-None-Match", '"x"'), ("If-None-Match", tag)]).status_code == 304
    lines = [("If-Match", '"x"'), ("If-Match", tag)]
    assert client.post(FACTS, json=leave("l1"), headers=lines).status_code == 201


@pytest.mark.parametrize(
    "address",
    [
        FACTS,
        f"{FACTS}/x",
        f"doctors/{HPR}/history",
        "municipalities/1804/rounds/2026/calculation",
        "rule-sets",
        "health",
    ],
)
def test_a_misspelt_parameter_is_refused_rather_than_answered_as_of_now(client: httpx.Client, address: str) -> None:
    assert errors(client.get(address, params={"knownat": EARLY})) == [("knownat", "unknown-parameter")]
