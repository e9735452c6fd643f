"""The log: one line per request and command on standard error, JSON outside a terminal."""

import sys

import structlog
from pydantic_core import to_json


def _as_json(event: object, **_: object) -> str:
    return to_json(event, serialize_unknown=True).decode()


def configure(log_format: str = "auto") -> None:
    """Set the log up once for the process; `log_format` is json, text or auto (text in a terminal)."""
    as_text = sys.stderr.isatty() if log_format == "auto" else log_format == "text"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(_as_json),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
