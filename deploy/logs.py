"""The log: one line per request and command on standard error, JSON outside a terminal."""

import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from pydantic_core import to_json

QUIET: Final = "quiet"
"""Bound in the context by whoever tells in another way how it goes."""


def _as_json(event: object, **_: object) -> str:
    return to_json(event, serialize_unknown=True).decode()


def _unless_quiet(_logger: object, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what went as it should where nobody asked to hear it; what went wrong is always told."""
    if event.pop(QUIET, False) and level == "info":
        raise structlog.DropEvent
    return event


def configure(log_format: str = "auto") -> None:
    """Set the log up once for the process; `log_format` is json, text or auto (text in a terminal)."""
    as_text = sys.stderr.isatty() if log_format == "auto" else log_format == "text"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _unless_quiet,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(_as_json),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
