from typing import Any
from uuid import UUID

import httpx
import psycopg

from tests.api.asking import FACTS, HPR, POST, leave, logged

MINE = "6f1d3c52-5a5b-4a43-9f6c-0d1c2b3a4f5e"


def lines(logs: list[Any]) -> list[dict[str, Any]]:
    return [line for line in logs if line["event"] == "request"]


def test_a_callers_own_correlation_id_comes_back_and_is_stored_with_the_fact(
    client: httpx.Client, database_url: str
) -> None:
    response = client.post(FACTS, json=POST, headers={"Correlation-Id": MINE})
    assert response.headers["correlation-id"] == MINE
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT correlation_id::text, source, role, organisation FROM events WHERE doctor IS NOT NULL"
        )
        assert found.fetchall() == [(MINE, "api", "municipality", "1804")]


def test_what_is_no_uuid_is_replaced_by_one(client: httpx.Client) -> None:
    for given in (f"{HPR} har permisjon", "", "x" * 5000):
        response = client.get("health", headers={"Correlation-Id": given})
        assert str(UUID(response.headers["correlation-id"])) == response.headers["correlation-id"] != given


def test_each_request_is_one_line_with_the_route_and_never_the_path(client: httpx.Client) -> None:
    with logged(3) as logs:
        client.get(FACTS, headers={"Correlation-Id": MINE})
        client.get(f"nowhere/{HPR}")
        client.get("rule-sets")
    assert [(line["method"], line["route"], line["status"], line.get("problem")) for line in lines(logs)] == [
        ("GET", "/api/v1/doctors/{hpr}/facts", 404, "unknown-doctor"),
        ("GET", None, 404, "no-such-address"),
        ("GET", "/api/v1/rule-sets", 200, None),
    ]
    assert lines(logs)[0]["correlation"] == MINE
    assert all(line["ms"] >= 0 for line in lines(logs))


def test_no_line_holds_anything_personal(client: httpx.Client) -> None:
    secret = {"kind": "sick", "leave": "Hjertesykdom"}
    with logged(5) as logs:
        client.post(FACTS, json=leave("l1") | secret | {"id": "Hjertesykdom-1"})
        client.post(FACTS, json=leave("l1") | secret | {"reason": "Hjertesykdom"})
        client.post(FACTS, json={"type": "leave_ended", "leave": "Hjertesykdom-2", "last_day": "2026-01-01"})
        client.get(f"{FACTS}/Hjertesykdom-1", params={"known_at": "Hjertesykdom"})
        client.request(f"M{HPR}", FACTS)
    written = str(logs)
    assert len(lines(logs)) == 5
    for word in (HPR, "sick", "Hjertesykdom", "kommune:1804"):
        assert word not in written
