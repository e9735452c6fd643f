"""The log: one line per request and command on standard error, JSON outside a terminal."""

import logging  # noqa: TID251 - what libraries say through it is written as everything else is
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any, Final

import structlog
from pydantic_core import to_json
from structlog.typing import ExcInfo

QUIET: Final = "quiet"
"""Bound in the context by code that reports progress in another way."""
_ANSWERED: Final = frozenset({"command", "import"})
MOST: Final = 100
WITHIN_SECONDS: Final = 60.0
_KINDS: Final = 1_000
"""Kinds of lines counted separately; beyond this, counting starts over."""
_BAD_REQUEST: Final = 400
Event = MutableMapping[str, Any]


def _as_json(event: object, **_: object) -> str:
    return to_json(event, serialize_unknown=True).decode()


def _unless_quiet(_logger: object, level: str, event: Event) -> Event:
    """Drop lines on success where the context is quiet; failures are always logged."""
    if event.pop(QUIET, False) and level == "info":
        raise structlog.DropEvent
    return event


class Sparing:
    """Limits the rate of lines per kind of failure. Lines on success are all written.

    The last line of a period says that more are left out, and the first of the next period how many.
    """

    def __init__(self, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._counted: dict[tuple[object, ...], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def __call__(self, _logger: object, level: str, event: Event) -> Event:
        """Pass a line on, or drop it."""
        if level == "info" and event.get("status", 0) < _BAD_REQUEST:
            return event
        kind = (level, *(event.get(name) for name in ("event", "status", "problem", "route", "error", "outcome")))
        with self._lock:
            number, left_out = self._number(kind)
        if number > self._most:
            raise structlog.DropEvent
        if left_out:
            event["left_out"] = left_out
        if number == self._most:
            event["rest_left_out_for_seconds"] = WITHIN_SECONDS
        return event

    def _number(self, kind: tuple[object, ...]) -> tuple[int, int]:
        """Its number within its kind and period, and how many lines the last period left out."""
        if kind not in self._counted and len(self._counted) >= _KINDS:
            self._counted.clear()
        now = self._clock()
        began, number = self._counted.get(kind, (now, 0))
        over = now - began >= WITHIN_SECONDS
        self._counted[kind] = (now, 1) if over else (began, number + 1)
        return self._counted[kind][1], max(0, number - self._most) if over else 0


class _ToStructlog(logging.Handler):
    """Turns what libraries log into our lines: the kind of an exception, never its message."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        said: Any = structlog.get_logger(record.name)
        said.log(record.levelno, str(record.msg).splitlines()[0], **({"error": error} if error else {}))


def _where(exc_info: ExcInfo) -> str:
    """Where an exception was raised and its kind, and those behind it; none of their words, which may quote a case."""
    return "\n".join(
        f"{type(each).__name__}\n{''.join(traceback.format_tb(each.__traceback__))}" for each in _chain(exc_info[1])
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


EXCEPTIONS: Final = structlog.processors.ExceptionRenderer(_where)


def _unless_answered(_logger: object, _level: str, event: Event) -> Event:
    """Drop lines that only repeat the answer of a command."""
    if event["event"] in _ANSWERED:
        raise structlog.DropEvent
    return event


def configure(log_format: str = "auto") -> None:
    """Set up the log once for the process; `log_format` is json, text or auto (text in a terminal).

    In a terminal the command's own answer says how it went, so lines are dropped unless text is chosen.
    """
    in_terminal = log_format == "auto" and sys.stderr.isatty()
    as_text = in_terminal or log_format == "text"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _unless_quiet,
            *([_unless_answered] if in_terminal else []),
            Sparing(),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            EXCEPTIONS,
            structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(_as_json),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_ToStructlog()], level=logging.WARNING, force=True)
