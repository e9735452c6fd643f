"""All that the program logs while the tests run is looked through: nothing that opens anything, and nothing personal.

Every line of structlog in a test process is, also one that a test captures or that a process would write later, and
what services that the tests start write to their logs. The test during which such a line was found fails.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import IO, Any, Final

import pytest
import structlog
from pydantic_core import to_json
from structlog._base import BoundLoggerBase

from deploy.logs import EXCEPTIONS

WORDS: Final = (
    "hemmelig",  # what tests call what nobody may see
    "kvrxz",  # tests/projections/doctors/test_personal_words.py
    "ravnfjell|ulvdal|gaupnes",  # tests/api/access/country.py
    "nordmann|solberg",
    "nordbyen|nordlandssykehuset|legesenter",
    "søsken",
)
SECRETS: Final = {
    "a token": r"eyJ[\w-]+\.[\w-]+\.",
    "a secret of webhooks": r"whsec_",
    "a private key": r"PRIVATE KEY",
    "a key of 32 bytes": r"[\w+/]{43}=",
    "a cookie": r"(?:__Host-alis|alis_loopback)[\w-]*=",
    "a national identity number": r"(?<![\w.-])\d{11}(?![\w.-])",
}
PERSONAL: Final = {
    "a doctor": r"(?<![\w.-])9\d{6}(?![\w.-])",
    "a kind of leave": r"(?<![\w-])(?:sick|parental|statutory)(?![\w-])",
    "a name or a text": f"(?i:{'|'.join(WORDS)})",
}
_MARKS: Final = {**SECRETS, **PERSONAL}
_ALL: Final = re.compile("|".join(f"({pattern})" for pattern in _MARKS.values()))
_SEEDED: Final[set[str]] = set()
_FOUND: Final[list[str]] = []


def seed(secret: str) -> str:
    """Have a secret looked for that is made anew in each run."""
    _SEEDED.add(secret)
    return secret


def told_in(line: str) -> str | None:
    """What a line of a log tells that it should not; None where it tells nothing."""
    if found := _ALL.search(line):
        return list(_MARKS)[(found.lastindex or 1) - 1]
    return "a secret of this run" if any(each in line for each in _SEEDED) else None


def look_through(said: str) -> None:
    """Look through what a process wrote; a line of its log is JSON, the others are meant for a person."""
    for line in said.splitlines():
        if line.startswith("{"):
            _look(line)


def look_through_pipe(pipe: IO[str] | None) -> None:
    """Look through what is left in a pipe, without waiting for whoever may still hold its other end."""
    if pipe is None or pipe.closed:
        return
    said = b""
    os.set_blocking(pipe.fileno(), False)
    with suppress(BlockingIOError):
        while block := os.read(pipe.fileno(), 65_536):
            said += block
    look_through(said.decode("utf-8", "replace"))


def taken() -> list[str]:
    """What was found until now, each once."""
    found = list(_FOUND)
    _FOUND.clear()
    return found


def _look(line: str) -> None:
    if what := told_in(line):
        _FOUND.append(f"{what}: {line}")


def _in_json(event: Mapping[str, Any]) -> str:
    return to_json(event, serialize_unknown=True).decode()


def _watched(process: Any) -> Any:  # noqa: ANN401 - structlog's own
    """The one way of every line through structlog, with its words looked at as they would be written."""

    def watching(logger: Any, method: str, event: str | None, fields: dict[str, Any]) -> Any:  # noqa: ANN401
        known = structlog.contextvars.get_contextvars()
        _look(_in_json(EXCEPTIONS(None, method, {**known, **logger._context, **fields, "event": event})))  # noqa: SLF001
        written = process(logger, method, event, fields)
        look_through(str(written[0][0]) if written[0] else "")
        return written

    return watching


BoundLoggerBase._process_event = _watched(BoundLoggerBase._process_event)  # type: ignore[method-assign]  # noqa: SLF001


@pytest.fixture(autouse=True)
def nothing_told() -> Iterator[None]:
    """Fail the test during which a log told what it should not."""
    yield
    if found := taken():
        pytest.fail("\n".join(["The log tells what it should not:", *found]), pytrace=False)
