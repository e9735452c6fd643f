"""What Prometheus is told, of a service that runs."""

import threading
from collections.abc import Iterator
from typing import Final

import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.door import metrics
from api.main import create_app
from tests.api.asking import FACTS, HPR, POST, as_, serving
from tests.desk import Desk, desk
from tests.issuer import identity

Numbers = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url, pool_size=2) as opened:
        opened.publishes()
        yield opened


@pytest.fixture
def address(at: Desk) -> Iterator[str]:
    app = create_app(at.casework, identity=identity(at.casework))
    metrics.install(app, at.store)
    with serving(app) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{address}/api/v1", headers=as_("kommune:1804"), timeout=60) as made:
        yield made


def numbers(address: str) -> Numbers:
    answer = httpx.get(f"{address}/metrics", timeout=20)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def of(found: Numbers, name: str, **labels: str) -> float:
    return found[name, tuple(sorted(labels.items()))]


def test_requests_are_counted_by_the_template_of_their_route_and_never_by_their_path(
    client: httpx.Client, address: str
) -> None:
    for _ in range(2):
        client.post(FACTS, json=POST, headers={"Idempotency-Key": "a"})
    client.get(FACTS)
    client.get("ingen/slik/9000001")
    text = httpx.get(f"{address}/metrics", timeout=60).text
    assert HPR not in text
    found = numbers(address)
    route = "/api/v1/doctors/{hpr}/facts"
    assert of(found, "alis_http_request_seconds_count", method="POST", route=route, status="201") == 2
    assert of(found, "alis_http_request_seconds_count", method="GET", route=route, status="200") == 1
    assert of(found, "alis_http_request_seconds_count", method="GET", route="none", status="404") == 1
    assert of(found, "alis_http_request_seconds_count", method="GET", route="/metrics", status="200") == 1


NO_SUCH_LEAVE: Final = {"type": "leave_ended", "leave": "x", "last_day": "2025-01-31"}


def test_commands_are_counted_by_what_became_of_them_and_refusals_by_code(client: httpx.Client, address: str) -> None:
    assert client.post(FACTS, json=POST | {"id": "1"}).status_code == 201
    assert client.post(FACTS, json=POST | {"id": "1"}).status_code == 200
    assert client.post(FACTS, json=NO_SUCH_LEAVE).status_code == 422
    assert client.get("doctors/1234567/facts").status_code == 404
    found = numbers(address)
    assert [of(found, "alis_commands_total", outcome=each) for each in ("stored", "known", "refused")] == [1, 1, 1]
    assert of(found, "alis_refusals_total", code="unknown-leave") == 1
    assert of(found, "alis_refusals_total", code="unknown-doctor") == 1


def test_each_projection_tells_its_position_its_lag_and_whether_it_has_stopped(at: Desk, address: str) -> None:
    head = at.store.last_position() or 0
    for row in (("up", 1, "live", head), ("late", 1, "live", 1), ("late", 2, "building", 0), ("sick", 1, "stopped", 1)):
        at.asks("INSERT INTO projections (name, generation, shape, status, position) VALUES (%s, %s, '', %s, %s)", *row)
    found = numbers(address)

    def told(what: str, name: str, generation: str = "1") -> float:
        return of(found, f"alis_projection_{what}", projection=name, generation=generation)

    assert of(found, "alis_log_position") == head
    assert of(found, "alis_database_up") == 1
    assert (told("position", "up"), told("lag_positions", "up"), told("lag_seconds", "up")) == (head, 0, 0)
    assert (told("position", "late"), told("lag_positions", "late")) == (1, head - 1)
    assert 0 < told("lag_seconds", "late") < 600
    assert [told("serving", "late", each) for each in "12"] == [1, 0]
    assert [told("stopped", each) for each in ("up", "late", "sick")] == [0, 0, 1]


def test_the_pool_tells_who_waits_also_when_no_connection_is_left(at: Desk, address: str) -> None:
    with at.store.datastore.get_connection(), at.store.datastore.get_connection():
        waiter = threading.Thread(target=at.store.answers)
        waiter.start()
        found = numbers(address)
    waiter.join()
    assert of(found, "alis_pool_in_use") == of(found, "alis_pool_limit") == 2
    assert of(found, "alis_pool_waiting") >= 1
    assert of(found, "alis_database_up") == 0


def test_a_scrape_answers_soon_when_a_table_is_locked(at: Desk, address: str) -> None:
    with psycopg.connect(at.url) as blocker:
        blocker.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        found = numbers(address)
    assert of(found, "alis_database_up") == 0
    assert of(numbers(address), "alis_database_up") == 1
