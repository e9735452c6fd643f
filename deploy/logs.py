"""The log: one line per request and command on standard error, JSON outside a terminal."""

import sys

import structlog


def configure(log_format: str = "auto") -> None:
    """Set the log up once for the process; `log_format` is json, text or auto (text in a terminal)."""
    as_text = sys.stderr.isatty() if log_format == "auto" else log_format == "text"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
