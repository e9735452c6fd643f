"""Traces: from the request to its SQL where a collector is named, nothing at all elsewhere, and never a name."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from api.main import create_app
from deploy.telemetry import install, install_worker, wanted
from deploy.tracing import summary_of
from projections.doctors.case_history import CaseHistory
from projections.engine.status import wait_for
from projections.workers import Workers
from tests.api.asking import FACTS, HPR, POST, as_, leave, serving
from tests.desk import Desk, desk
from tests.issuer import identity
from tests.projections.fragile import Fragile
from tests.scenario import full_time

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = f"00-{TRACE}-b7ad6b7169203331-01"


class Collector(http.server.ThreadingHTTPServer):
    """A collector of spans: what it was sent, as bytes and as spans."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.bodies: list[bytes] = []

    def spans(self) -> list[Span]:
        sent = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [span for each in sent for r in each.resource_spans for s in r.scope_spans for span in s.spans]


class _Taking(http.server.BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url) as opened:
        opened.publishes()
        yield opened


@pytest.fixture
def client(at: Desk, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    app = create_app(at.casework, identity=identity(at.casework))
    stop = install(app, at.store)
    with (
        serving(app) as address,
        httpx.Client(base_url=f"{address}/api/v1", headers=as_("kommune:1804"), timeout=60) as made,
    ):
        yield made
    stop()


def arrived(collector: Collector, requests: int) -> list[Span]:
    """The spans, when so many requests are among them."""
    for _ in range(200):
        found = collector.spans()
        if sum(span.kind == Span.SPAN_KIND_SERVER for span in found) >= requests:
            return found
        threading.Event().wait(0.05)
    raise AssertionError("the spans did not arrive")


def sent(collector: Collector) -> list[Span]:
    """The spans, when no more come."""
    before, found = -1, collector.spans()
    while len(found) != before:
        threading.Event().wait(0.5)
        before, found = len(found), collector.spans()
    return found


def attributes(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value or str(each.value.int_value) for each in span.attributes}


def test_a_request_is_a_span_in_the_callers_trace_with_its_statements_below_it(
    client: httpx.Client, collector: Collector
) -> None:
    answer = client.post(FACTS, json=POST, headers={"traceparent": CALLER})
    spans = arrived(collector, 1)
    (request,) = (span for span in spans if span.kind == Span.SPAN_KIND_SERVER)
    statements = [span for span in spans if span.kind == Span.SPAN_KIND_CLIENT]
    assert request.name == "POST /api/v1/doctors/{hpr}/facts"
    assert request.trace_id.hex() == TRACE
    assert attributes(request)["http.response.status_code"] == "201"
    assert attributes(request)["alis.correlation"] == answer.headers["correlation-id"]
    assert {span.parent_span_id for span in statements} == {request.span_id}
    assert {"INSERT events", "SELECT events"} <= {span.name for span in statements}


def test_no_number_name_kind_or_word_of_an_error_is_in_a_span(client: httpx.Client, collector: Collector) -> None:
    baggage = {"traceparent": CALLER, "tracestate": "navn=Kari", "baggage": "navn=Kari"}
    for fact in (POST, leave("Karis permisjon", kind="sick"), leave("Karis permisjon", kind="sick")):
        client.post(FACTS, json=fact, headers=baggage)
    client.get(f"{FACTS}?known_at=2026-01-01T00:00:00Z", headers=baggage)
    client.get("doctors/Kari/history", headers=baggage)
    arrived(collector, 5)
    for body in collector.bodies:
        for secret in (HPR, "Kari", "sick", "2026-01-01", "kommune:1804", "alis-test"):
            assert secret.encode() not in body


def test_a_failed_statement_tells_its_code_and_nothing_else(
    at: Desk, client: httpx.Client, collector: Collector
) -> None:
    at.asks("ALTER TABLE events RENAME COLUMN hash TO gone")
    assert client.post(FACTS, json=POST).status_code == 500
    failed = [span for span in arrived(collector, 1) if span.status.code == 2]
    assert {span.name for span in failed} == {"POST /api/v1/doctors/{hpr}/facts", "INSERT events"}
    assert not any(span.events or span.status.message for span in failed)
    assert any(attributes(span).get("db.response.status_code") == "42703" for span in failed)


def test_what_runs_outside_of_a_request_makes_no_spans(at: Desk, client: httpx.Client, collector: Collector) -> None:
    at.store.verify()
    client.get("health")
    assert [span.name for span in arrived(collector, 1)] == ["GET /api/v1/health"]


@pytest.mark.parametrize(
    ("statement", "summary"),
    [
        ("SELECT position FROM events WHERE doctor = 'from kari'", "SELECT events"),
        ("WITH new AS (VALUES (1)) INSERT INTO events (a) SELECT 1 FROM new", "INSERT events"),
        ("DELETE FROM read.search_1 WHERE x = 'insert into kari'", "DELETE read.search_1"),
        ('UPDATE "read"."overview_2" SET a = 1', "UPDATE read.overview_2"),
        ("SET LOCAL statement_timeout = 2000", "SET"),
        ("SELECT 'Kari'", "SELECT"),
    ],
)
def test_a_statement_is_known_by_its_verb_and_its_table(statement: str, summary: str) -> None:
    assert summary_of(statement) == summary


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_traces_are_sent_only_where_a_collector_is_named(environment: dict[str, str], *, expected: bool) -> None:
    assert wanted(environment) is expected


def test_without_a_collector_nothing_that_sends_is_loaded_and_nothing_stands_in_the_way() -> None:
    program = """
import sys
from fastapi import FastAPI
import workers.running.serving
from deploy import telemetry

app = FastAPI()
telemetry.install(app, None)
assert not app.user_middleware
assert not [name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))]
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, env={})
    assert done.returncode == 0, done.stderr


@pytest.fixture
def traced_worker(at: Desk, collector: Collector, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """A worker of two projections, of which one is mended only of the facts that it can take."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    watcher, stop = install_worker(at.store)
    with Workers([CaseHistory, Fragile], at.store, at.url, watcher) as made:
        yield made
    stop()


def level(at: Desk) -> None:
    with psycopg.connect(at.url) as connection:
        wait_for(connection, at.store.last_position() or 0, 20)


def test_a_page_of_a_worker_is_a_span_with_its_statements_below_it(
    at: Desk, traced_worker: Workers, collector: Collector
) -> None:
    level(at)
    at.records({**full_time().facts[0]})
    level(at)
    traced_worker.stop()
    spans = sent(collector)
    pages = [span for span in spans if span.name == "page case_history"]
    page = pages[-1]
    assert attributes(page) == {
        "alis.projection": "case_history",
        "alis.generation": "1",
        "alis.position": str(at.store.last_position()),
        "alis.events": "1",
    }
    below = {span.name for span in spans if span.parent_span_id == page.span_id}
    assert {"SELECT read.case_history_1", "COPY read.case_history_1", "UPDATE projections"} <= below
    assert not any(HPR.encode() in body for body in collector.bodies)


def test_a_page_that_fails_tells_the_kind_of_error_and_not_its_words(
    at: Desk, traced_worker: Workers, collector: Collector
) -> None:
    at.records({**full_time().facts[0], "id": "poison"})
    level(at)
    traced_worker.stop()
    failed = [span for span in sent(collector) if span.status.code == 2]
    assert {(span.name, attributes(span)["error.type"]) for span in failed} == {("page fragile", "ValueError")}
    assert not any(b"cannot take" in body for body in collector.bodies)


def test_without_a_collector_nobody_watches_a_worker(at: Desk) -> None:
    assert install_worker(at.store)[0] is None
