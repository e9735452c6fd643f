"""`/metrics` for Prometheus: requests, commands and refusals of this process, its pool, and where the projections are.

Nothing personal is in it: an address is counted by the template of its route, a refusal by its code.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import psycopg
from fastapi import FastAPI, Response
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from psycopg_pool import PoolTimeout

from api.door.arriving import METRICS
from api.door.door import Application, Message, Receive, Scope, Send
from domain.store import Store

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
ANSWER_SECONDS: Final = 2.0
"""A scrape waits this long for the database; that it did not answer is a metric too."""
_BUCKETS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_COMMANDS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_ANSWERED: Final = {200: "known", 201: "stored"}
_BAD_REQUEST: Final = 400
_NEW: Final = """
SELECT clock_timestamp() AS clock, p.name, p.generation, p.status, p.position, head.position AS head,
       coalesce(extract(epoch FROM clock_timestamp() - (
           SELECT e.stored_at FROM events e WHERE e.position > p.position ORDER BY e.position LIMIT 1)), 0) AS waited,
       (SELECT count(*) FROM set_aside s WHERE (s.projection, s.generation) = (p.name, p.generation)) AS aside,
       (SELECT count(*) FROM workers w WHERE p.name = ANY(w.projections)
        AND w.seen_at > clock_timestamp() - interval '15 seconds') AS workers
FROM (SELECT coalesce(max(position), 0) AS position FROM events) head
LEFT JOIN projections p ON true
ORDER BY p.name, p.generation
"""


def install(app: FastAPI, store: Store) -> None:
    """Count the requests of the application, and answer at `/metrics`; must be the last middleware to be added."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Pool(store))
    registry.register(_ReadSide(store, app.state.services.now))

    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=None, headers={"Content-Type": CONTENT_TYPE})

    app.add_api_route(METRICS, metrics, include_in_schema=False)
    app.add_middleware(_Counting, registry=registry)


class _Counting:
    """The outermost middleware: it sees the answer as the caller does."""

    def __init__(self, app: Application, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ("method", "route", "status")
        self._seconds = Histogram(
            "alis_http_request_seconds", "Time of a request.", labels, buckets=_BUCKETS, registry=registry
        )
        self._commands = Counter("alis_commands", "Commands by what became of them.", ("outcome",), registry=registry)
        self._refusals = Counter("alis_refusals", "Problems answered, by code.", ("code",), registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._count(scope, status, time.perf_counter() - began)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        template = route.path if isinstance(route, APIRoute) else "none"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._seconds.labels(method, template, status).observe(seconds)
        problem = scope.get("state", {}).get("problem")
        if problem:
            self._refusals.labels(problem).inc()
        if method in _COMMANDS and template != "none":
            outcome = _ANSWERED.get(status, "done") if status < _BAD_REQUEST else "refused"
            self._commands.labels(outcome).inc()


class _Pool(Collector):
    """How many database connections this process has, uses, and waits for."""

    def __init__(self, store: Store) -> None:
        self._pool = store.datastore.pool

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        stats = self._pool.get_stats()
        size, idle = stats.get("pool_size", 0), stats.get("pool_available", 0)
        yield GaugeMetricFamily("alis_pool_connections", "Connections of the pool.", size)
        yield GaugeMetricFamily("alis_pool_in_use", "Connections in use.", max(0, size - idle))
        yield GaugeMetricFamily("alis_pool_waiting", "Requests that wait for one.", stats.get("requests_waiting", 0))
        yield GaugeMetricFamily("alis_pool_limit", "Connections at most.", stats.get("pool_max", 0))


class _ReadSide(Collector):
    """The positions of the log and of every projection, read from the database, so the same for all processes."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._datastore = store.datastore
        self._now = now

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        rows = self._rows()
        answers = GaugeMetricFamily("alis_database_up", "Whether the database answered.", int(bool(rows)))
        yield answers
        if rows:
            ahead = (self._now() - rows[0]["clock"]).total_seconds()
            yield GaugeMetricFamily("alis_clock_difference_seconds", "This clock ahead of the database's.", ahead)
            yield GaugeMetricFamily("alis_log_position", "The position of the last event.", rows[0]["head"])
            yield from _of_projections([row for row in rows if row["name"]])

    def _rows(self) -> list[dict[str, Any]]:
        try:
            self._datastore.pool.open()
            with self._datastore.pool.connection(timeout=ANSWER_SECONDS) as connection, connection.transaction():
                connection.execute(f"SET LOCAL statement_timeout = {int(ANSWER_SECONDS * 1000)}".encode())
                return connection.execute(_NEW).fetchall()
        except (psycopg.Error, PoolTimeout):
            return []


def _of_projections(rows: list[dict[str, Any]]) -> Iterator[Metric]:
    labels = ("projection", "generation")
    position = GaugeMetricFamily("alis_projection_position", "The last event in its rows.", labels=labels)
    events = GaugeMetricFamily("alis_projection_lag_positions", "Positions behind the log.", labels=labels)
    seconds = GaugeMetricFamily(
        "alis_projection_lag_seconds", "How long the oldest event that it lacks has waited.", labels=labels
    )
    stopped = GaugeMetricFamily(
        "alis_projection_stopped", "Whether it has stopped, as nobody can be taken.", labels=labels
    )
    aside = GaugeMetricFamily("alis_projection_set_aside", "Doctors, claims and rule sets it lacks.", labels=labels)
    workers = GaugeMetricFamily("alis_projection_workers", "Workers that say that they run it.", labels=labels)
    serving = GaugeMetricFamily("alis_projection_serving", "Whether readers see this generation.", labels=labels)
    for row in rows:
        which = (row["name"], str(row["generation"]))
        position.add_metric(which, row["position"])
        events.add_metric(which, max(0, row["head"] - row["position"]))
        seconds.add_metric(which, max(0.0, float(row["waited"])))
        stopped.add_metric(which, int(row["status"] == "stopped"))
        aside.add_metric(which, row["aside"])
        workers.add_metric(which, row["workers"])
        serving.add_metric(which, int(row["status"] != "building"))
    yield from (position, events, seconds, stopped, aside, workers, serving)
