"""Asking the read side: one moment of the database, waiting for one's own write, and pages of a longer list."""

import base64
import binascii
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from psycopg import Connection
from pydantic_core import to_json

from api.etags import answer
from api.parameters import COMMAND, IfNoneMatch
from api.problems import FieldError, Problem
from api.services import Services, Serving
from domain.errors import refused
from projections.status import states_behind

T = TypeVar("T")
MOST_SECONDS: Final = 10
_PAUSE: Final = 0.02
_WAIT: Final = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?([0-9]{1,9})\"?\s*(?=$|[,;])", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reader:
    """What every read of the read side consists of besides its address."""

    request: Request
    serving: Serving
    _seen: IfNoneMatch = None
    prefer: Annotated[
        str | None,
        Header(
            alias="Prefer",
            description=f"`wait=N`: wait N seconds, at most {MOST_SECONDS}, until what `Alis-After` names is seen.",
            examples=["wait=5"],
        ),
    ] = None
    after: Annotated[
        UUID | None,
        Header(
            alias="Alis-After",
            description=f"The `{COMMAND}` of a registration, which the answer shall show; used with `Prefer`.",
        ),
    ] = None

    def ask(self, question: Callable[[Connection[Any]], T]) -> T:
        """Ask within one moment of the database, which has seen what the caller wants seen."""
        wanted = self._seconds()
        if wanted is not None and self.after is not None:
            _wait(self.serving, self.serving.casework.position_of(self.after), wanted)
        with self.serving.casework.reading() as connection:
            return question(connection)

    def answer(self, content: object, following: str | None = None) -> Response:
        """The content with its tag, where the list goes on, and whether was waited."""
        response = answer(self.request, to_json(content))
        if following is not None:
            kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "cursor"]
            query = urlencode([*kept, ("cursor", following)])
            response.headers["Link"] = f'<{self.request.scope["raw_path"].decode("ascii")}?{query}>; rel="next"'
        if self._seconds() is not None and self.after is not None:
            response.headers["Preference-Applied"] = "wait"
        return response

    def _seconds(self) -> int | None:
        """How long the caller would wait; what is not understood is no preference (RFC 7240)."""
        found = _WAIT.search(",".join(self.request.headers.getlist("prefer")))
        return min(int(found[1]), MOST_SECONDS) if found else None


Reading = Annotated[Reader, Depends()]


def _wait(serving: Services, position: int, seconds: int) -> None:
    """Wait until the projections have seen a position; no connection is held meanwhile.

    Raises `Problem` (not-yet-visible) when the time is out, or at once where one has stopped short of it.
    """
    deadline = time.monotonic() + seconds
    while True:
        with serving.casework.reading() as connection:
            behind = states_behind(connection, position)
        if not behind:
            return
        left = deadline - time.monotonic()
        if "stopped" in behind or left <= 0:
            raise Problem("not-yet-visible")
        time.sleep(min(_PAUSE, left))


def cursor_of(kind: str, key: str | None) -> str | None:
    """Where a list goes on, as the caller is told: to be sent back, not to be read."""
    return None if key is None else base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def key_of(kind: str, cursor: str | None, pattern: str = r"[0-9]{4,9}") -> str | None:
    """The key of a cursor of this kind; raises `Problem` for any other text."""
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise bad_cursor() from None
    found = re.fullmatch(rf"{kind}:({pattern})", text, re.ASCII)
    if not found or cursor_of(kind, found[1]) != cursor:
        raise bad_cursor()
    return found[1]


def bad_cursor() -> Problem:
    """A cursor that this list has not given."""
    return Problem.invalid([FieldError.of(refused("bad-text", field="cursor", wanted="slik next var i et svar"))])
