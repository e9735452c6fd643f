"""Traces from a request to its SQL, and of a worker's pages, if a collector is configured.

OpenTelemetry's own variables decide. If they name no collector, none of its code is loaded and requests cost
nothing more.
"""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from domain.store import Store

if TYPE_CHECKING:
    from fastapi import FastAPI

    from deploy.tracing import Pages

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether a collector is named, and tracing is not turned off."""
    off = (
        environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or environment.get("OTEL_TRACES_EXPORTER") == "none"
    )
    return not off and any(environment.get(name) for name in ENDPOINTS)


def install(app: "FastAPI", store: Store) -> Callable[[], None]:
    """Trace the application's requests and the store's statements, if wanted; returns a function that ends it."""
    if not wanted(os.environ):
        return lambda: None
    from deploy import tracing  # noqa: PLC0415 - loaded by nobody who did not ask for it

    return tracing.install(app, store)


def install_worker(store: Store) -> "tuple[Pages | None, Callable[[], None]]":
    """Trace the pages of a worker's projections, if wanted; returns what watches them and a function that ends it."""
    if not wanted(os.environ):
        return None, lambda: None
    from deploy import tracing  # noqa: PLC0415 - as above

    return tracing.install_worker(store)
