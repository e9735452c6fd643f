"""The spans themselves, made by hand so that nothing personal can be in one.

The ready-made instrumentations, FastAPI's own too, write the path, which names a doctor, and the words of a database
error, which quote rows. So no global provider is set, which FastAPI would find and use. Here a request is known by
its route's template, and a statement by its verb and first table.
"""

import os
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import psycopg
from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from psycopg import sql
from psycopg.abc import Params, Query

from domain.store import Store

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SERVER_ERROR: Final = 500
_COLLECTOR_SECONDS: Final = 3
"""The longest that an unreachable collector may delay shutdown."""
_PROPAGATOR: Final = TraceContextTextMapPropagator()
_LITERAL: Final = re.compile(r"'(?:[^']|'')*'")
_TABLE: Final = r'\s+"?([a-z_][a-z_0-9]*(?:"?\."?[a-z_][a-z_0-9]*)?)'
_CHANGE: Final = re.compile(rf"\b(INSERT) INTO{_TABLE}|\b(UPDATE){_TABLE}|\b(DELETE) FROM{_TABLE}|\b(COPY){_TABLE}")
_READ: Final = re.compile(rf"\bFROM{_TABLE}")
_WORD: Final = re.compile(r"\s*([A-Z]+)")


def install(app: FastAPI, store: Store) -> Callable[[], None]:
    """Send spans in batches to the collector that the environment names; returns a function that ends it."""
    provider = _provider("alis")
    tracer = provider.get_tracer("alis")
    app.add_middleware(_Traced, tracer=tracer)
    _trace_pool(store, tracer)
    return provider.shutdown


def install_worker(store: Store) -> "tuple[Pages, Callable[[], None]]":
    """The same for a worker; returns what makes a span of each page and a function that ends it."""
    provider = _provider("alis-worker")
    tracer = provider.get_tracer("alis")
    _trace_pool(store, tracer)
    return Pages(tracer), provider.shutdown


class Pages:
    """One span per page that a projection takes, with its statements."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self.cursor = _cursor(tracer)

    @contextmanager
    def page(self, projection: str, generation: int, last: int, events: int) -> Iterator[None]:
        """A span around the work on a page; an error is recorded by its kind alone."""
        with self._tracer.start_as_current_span(
            f"page {projection}",
            attributes={
                "alis.projection": projection,
                "alis.generation": generation,
                "alis.position": last,
                "alis.events": events,
            },
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR))
                span.set_attribute("error.type", type(error).__name__)
                raise


def _provider(service: str) -> TracerProvider:
    name = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": service}
    provider = TracerProvider(resource=Resource.create(name))  # sends the last of them when the process ends
    patience = None if os.environ.get("OTEL_EXPORTER_OTLP_TIMEOUT") else _COLLECTOR_SECONDS
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=patience)))
    return provider


def _trace_pool(store: Store, tracer: Tracer) -> None:
    """Give the pool traced connections."""
    pool = store.datastore.pool
    pool.kwargs = {**(pool.kwargs or {}), "cursor_factory": _cursor(tracer)}  # type: ignore[dict-item]
    if not pool.closed:
        pool.drain()


class _Traced:
    """One span per request."""

    def __init__(self, app: Application, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        with self._tracer.start_as_current_span(
            method,
            context=_caller(scope["headers"]),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= _SERVER_ERROR:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            try:
                await self._app(scope, receive, noting)
            finally:
                _describe(span, method, scope)


def _describe(span: trace.Span, method: str, scope: Scope) -> None:
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str):
        span.update_name(f"{method} {template}")
        span.set_attribute("http.route", template)
    state = scope.get("state", {})
    for name, value in (("alis.correlation", state.get("correlation")), ("error.type", state.get("problem"))):
        if value:
            span.set_attribute(name, str(value))


def _caller(headers: Iterable[tuple[bytes, bytes]]) -> Context:
    """Continue the caller's trace, but without its free text (`tracestate`, `baggage`)."""
    given = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers if name == b"traceparent"}
    caller = trace.get_current_span(_PROPAGATOR.extract(given, Context())).get_span_context()
    if not caller.is_valid:
        return Context()
    bare = SpanContext(caller.trace_id, caller.span_id, is_remote=True, trace_flags=caller.trace_flags)
    return trace.set_span_in_context(NonRecordingSpan(bare), Context())


def _cursor(tracer: Tracer) -> type[psycopg.Cursor[Any]]:
    """A cursor that makes a span of each statement within a request, and none outside."""

    class Traced(psycopg.Cursor[Any]):
        def execute(
            self,
            query: Any,  # noqa: ANN401 - whatever psycopg takes, on newer Pythons templates too
            params: Params | None = None,
            *,
            prepare: bool | None = None,
            binary: bool | None = None,
        ) -> "Traced":
            with _statement(tracer, _text(query, self)):
                super().execute(query, params, prepare=prepare, binary=binary)
            return self

        @contextmanager
        def copy(self, statement: Query, params: Params | None = None, **how: Any) -> Iterator[psycopg.Copy]:  # noqa: ANN401
            with _statement(tracer, _text(statement, self)), super().copy(statement, params, **how) as copy:
                yield copy

    return Traced


@contextmanager
def _statement(tracer: Tracer, text: str) -> Iterator[None]:
    if not trace.get_current_span().is_recording():
        yield
        return
    summary = summary_of(text)
    with tracer.start_as_current_span(
        summary,
        kind=SpanKind.CLIENT,
        attributes={"db.system.name": "postgresql", "db.query.summary": summary},
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except psycopg.Error as error:
            span.set_status(Status(StatusCode.ERROR))
            span.set_attribute("db.response.status_code", error.sqlstate or "none")
            raise


def _text(query: object, cursor: psycopg.Cursor[Any]) -> str:
    if isinstance(query, bytes):
        return query.decode("utf-8", "replace")
    return query.as_string(cursor) if isinstance(query, sql.Composable) else str(query)


@lru_cache(maxsize=256)
def summary_of(text: str) -> str:
    """The verb of a statement and the first table it is about; never a value."""
    bare = _LITERAL.sub("''", text)
    if change := _CHANGE.search(bare):
        return " ".join(part.replace('"', "") for part in change.groups() if part)
    if read := _READ.search(bare):
        return "SELECT " + read[1].replace('"', "")
    word = _WORD.match(bare)
    return word[1] if word else "statement"
