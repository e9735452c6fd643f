"""Every answer about a case is in the access log before it is sent."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg.rows import dict_row

from api.access.operations import OPEN, OPERATIONS, WITHOUT_CASES
from api.described.openapi import Described
from api.http.services import RequestLimits
from api.main import create_app
from domain.casework.service import Casework
from domain.store import Store
from domain.store.access.doctors import NAMED, doctors_in
from tests.api.asking import FACTS, HPR, KEY, POST, STARTED, as_, refusal, register, serving
from tests.issuer import SUPPLIED, SUPPLIER, identity, machine_token

CASEWORKER: Final = as_("saksbehandler:ada")
ROUND: Final = "municipalities/1804/rounds/2026"
MINUTE: Final = datetime(2026, 11, 30, 12, 15, 18, tzinfo=UTC)
HPR_SHAPE: Final = "^[0-9]{7,9}$"


@pytest.fixture
def looking(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def entries(looking: psycopg.Connection[Any], *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of all entries, the oldest first."""
    cursor = looking.cursor(row_factory=dict_row)
    rows = cursor.execute("SELECT * FROM access_log ORDER BY position").fetchall()
    return [tuple(row[name] for name in columns) for row in rows]


def test_a_read_says_who_read_whom_in_which_role_and_for_whom(
    client: httpx.Client, looking: psycopg.Connection[Any]
) -> None:
    answer = client.get(ROUND + "/calculation", headers=CASEWORKER)
    assert answer.status_code == 200
    [found] = entries(looking, "role", "organisation", "operation", "municipality", "outcome", "code", "channel")
    assert found == ("caseworker", None, "rounds.read", "1804", "answered", None, "api")
    [(correlation,)] = entries(looking, "correlation_id")
    assert str(correlation) == answer.headers["correlation-id"]


def test_a_suppliers_machine_is_logged_with_the_supplier(
    client: httpx.Client, looking: psycopg.Connection[Any]
) -> None:
    supplied = {"Authorization": f"Bearer {machine_token(SUPPLIED)}"}
    assert client.get(FACTS, headers=supplied).status_code == client.get(FACTS).status_code == 404
    assert entries(looking, "subject", "on_behalf_of") == [("kommune:1804", SUPPLIER), ("kommune:1804", None)]


def test_a_registration_is_logged_with_the_doctor_and_the_municipality(
    client: httpx.Client, looking: psycopg.Connection[Any]
) -> None:
    register(client, POST)
    [found] = entries(looking, "operation", "organisation", "municipality", "doctors", "outcome")
    assert found == ("facts.register", "1804", "1804", [HPR], "answered")


def test_the_doctors_are_those_of_the_answer_also_where_the_caller_has_it_already(
    client: httpx.Client, looking: psycopg.Connection[Any]
) -> None:
    register(client, POST, STARTED)
    asked = f"{ROUND}/calculation"
    first = client.get(asked)
    assert client.get(asked, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert client.head(asked).status_code == 200
    assert entries(looking, "operation", "doctors", "outcome")[2:] == [("rounds.read", [HPR], "answered")] * 3


def test_what_is_not_found_and_what_is_refused_is_logged_with_its_code(
    client: httpx.Client, looking: psycopg.Connection[Any]
) -> None:
    client.get("doctors/9000009/facts", headers=CASEWORKER)
    client.get(FACTS, headers=as_("operator:kari"))
    client.get(FACTS, params={"known_at": "nå"}, headers=CASEWORKER)
    client.get("claims/1804-2026", headers=CASEWORKER)
    assert entries(looking, "operation", "doctors", "claim", "outcome", "code") == [
        ("facts.read", ["9000009"], None, "not_found", "unknown-doctor"),
        ("facts.read", [HPR], None, "refused", "wrong-role"),
        ("facts.read", [HPR], None, "refused", "invalid-request"),
        ("claims.read", [], "1804-2026", "not_found", "unknown-claim"),
    ]


def test_what_tells_of_no_case_is_not_logged(client: httpx.Client, looking: psycopg.Connection[Any]) -> None:
    for address in ("health", "openapi.json", "rule-sets", "rulings", "projections", "nowhere"):
        client.get(address)
    client.get(FACTS, headers=dict.fromkeys(as_("x"), ""))
    assert entries(looking, "operation") == []


def test_every_operation_is_logged_but_those_that_tell_of_no_case() -> None:
    unlogged = {name for name, operation in OPERATIONS.items() if operation in {OPEN, *WITHOUT_CASES}}
    others = {name for name in unlogged if "rule_set" not in name and "ruling" not in name}
    assert others == {"ask_question", "read_projections", "read_health", "read_readiness"}


def test_what_is_not_logged_has_no_place_for_a_doctor_or_a_claim(app: FastAPI) -> None:
    assert isinstance(app, Described)
    described = app.openapi()
    schemas = described["components"]["schemas"]
    routes = [route for path in described["paths"].values() for route in path.values()]
    fields = {route["operationId"]: fields_of(route["responses"], schemas) for route in routes}
    unlogged = {name for name, operation in OPERATIONS.items() if operation in {OPEN, *WITHOUT_CASES}}
    assert {"hpr", "claim"} <= fields["read_ruling_decisions"]
    assert not {"hpr", "claim", "doctors", "names"} & {each for name in unlogged for each in fields[name]}


def fields_of(shape: object, schemas: dict[str, Any], seen: frozenset[str] = frozenset()) -> set[str]:
    """Every field in a shape, also in those that it refers to."""
    match shape:
        case {"$ref": str(reference)} if (name := reference.rpartition("/")[2]) in schemas and name not in seen:
            return fields_of(schemas[name], schemas, seen | {name})
        case dict():
            own = shape.get("properties")
            inner = (fields_of(each, schemas, seen) for each in shape.values())
            return set(own if isinstance(own, dict) else ()).union(*inner)
        case list():
            return set().union(*(fields_of(each, schemas, seen) for each in shape))
    return set()


def test_every_field_in_which_an_answer_names_a_doctor_is_read(app: FastAPI) -> None:
    assert isinstance(app, Described)
    schemas = app.openapi()["components"]["schemas"]
    fields = [field for schema in schemas.values() for field in schema.get("properties", {}).items()]
    naming = {(name, "items" in shape) for name, field in fields if HPR_SHAPE in (shape := json.dumps(field))}
    assert {("hpr", False), ("lines", True)} <= naming
    for name, several in naming:
        assert NAMED.search(json.dumps({name: [HPR] if several else HPR}).encode()), name


def test_every_doctor_of_every_recorded_answer_is_found() -> None:
    for file in Path("api/described/answers").glob("*.json"):
        content = file.read_bytes()
        assert numbers_of(json.loads(content)) <= doctors_in(content), file.name


def numbers_of(value: object, key: str = "") -> set[str]:
    """Every text that is a doctor's number, or has one in a sentence."""
    match value:
        case dict():
            keys = {name for name in value if name.isdigit() and 7 <= len(name) <= 9}
            return keys.union(*(numbers_of(each, name) for name, each in value.items()))
        case list():
            return set().union(*(numbers_of(each, key) for each in value))
        case str() if value.isdigit() and 7 <= len(value) <= 9 and key != "organisation_number":
            return {value}
    return set()


# ---------------------------------------------------------------- what cannot be logged


@pytest.fixture
def hasty(casework: Casework) -> Iterator[httpx.Client]:
    """A service whose answers wait for the log no longer than the settings say."""
    casework.store.access_log.open()
    with (
        serving(create_app(casework, limits=RequestLimits(log_seconds=0.05), identity=identity(casework))) as address,
        httpx.Client(base_url=f"{address}/api/v1", headers=as_("kommune:1804"), timeout=60) as made,
    ):
        yield made


def test_what_cannot_be_logged_is_not_answered(
    hasty: httpx.Client, client: httpx.Client, database_url: str, looking: psycopg.Connection[Any]
) -> None:
    register(client, POST)
    with psycopg.connect(database_url) as holding:
        holding.execute("LOCK TABLE access_log")
        answers = [hasty.get(FACTS), hasty.get("doctors/9000009/facts"), hasty.post(FACTS, json=STARTED)]
        assert {refusal(each) for each in answers} == {(503, "access-log-unavailable")}
        assert {each.headers["retry-after"] for each in answers} == {"5"}
        assert not any(HPR in each.text for each in answers)
        assert hasty.get("health").status_code == hasty.get("rule-sets").status_code == 200
    assert client.get(FACTS).status_code == 200
    assert [found for found in entries(looking, "operation") if found == ("facts.read",)]


def test_a_registration_that_could_not_be_logged_is_answered_when_it_is_sent_again(
    hasty: httpx.Client, client: httpx.Client, database_url: str
) -> None:
    register(client, POST)
    key = {"Idempotency-Key": "once"}
    with psycopg.connect(database_url) as holding:
        holding.execute("LOCK TABLE access_log")
        assert refusal(hasty.post(FACTS, json=STARTED, headers=key)) == (503, "access-log-unavailable")
    assert client.post(FACTS, json=STARTED, headers=key).status_code == 201
    assert len(client.get(FACTS).json()["facts"]) == 2


# ---------------------------------------------------------------- how many


def limited(casework: Casework, most: int) -> FastAPI:
    """A service in one minute that does not end."""
    return create_app(
        casework, now=lambda: MINUTE, limits=RequestLimits(requests_per_minute=most), identity=identity(casework)
    )


def test_beyond_the_limit_a_client_waits_for_the_next_minute_and_others_do_not(casework: Casework) -> None:
    with serving(limited(casework, 5)) as address, httpx.Client(base_url=f"{address}/api/v1") as client:
        statuses = [client.get("rule-sets", headers=as_("kommune:1804")).status_code for _ in range(7)]
        assert statuses == [200] * 5 + [429] * 2
        slowed = client.get(FACTS, headers=as_("kommune:1804"))
        assert (refusal(slowed), slowed.headers["retry-after"]) == ((429, "too-many-requests"), "42")
        assert client.get("rule-sets", headers=as_("kommune:1806")).status_code == 200


def test_who_does_not_sign_in_is_counted_by_the_address(casework: Casework) -> None:
    with serving(limited(casework, 5)) as address, httpx.Client(base_url=f"{address}/api/v1") as client:
        assert [client.get(FACTS).status_code for _ in range(7)] == [401] * 5 + [429] * 2
        assert client.get("health").status_code == 200


def test_two_services_count_together(casework: Casework, database_url: str) -> None:
    with (
        closing(Store(database_url, KEY)) as other,
        serving(limited(casework, 40)) as here,
        serving(limited(Casework(other), 40)) as there,
        httpx.Client(headers=as_("kommune:1804")) as client,
    ):
        asked = [f"{address}/api/v1/{FACTS}" for _ in range(30) for address in (here, there)]
        statuses = [client.get(each).status_code for each in asked]
    assert statuses[:40] == [404] * 40
    assert set(statuses[42:]) == {429}, "each service may miss one that the other has just answered"


@pytest.mark.long
def test_two_thousand_requests_a_minute_are_answered_and_the_next_ones_are_not(casework: Casework) -> None:
    with serving(limited(casework, 2_000)) as address, httpx.Client(headers=as_("kommune:1804")) as client:
        statuses = [client.get(f"{address}/api/v1/{FACTS}").status_code for _ in range(2_100)]
    assert statuses == [404] * 2_000 + [429] * 100
