"""Asking the read side: a snapshot of the database, waiting for one's own write, and pages of a long list."""

import asyncio
import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from psycopg import Connection
from pydantic import Field
from pydantic_core import to_json

from api.http.commands import COMMAND
from api.http.conditions import answer
from api.http.parameters import IfNoneMatch, NoQuery
from api.http.problems import FieldError, Problem
from api.http.services import Serving
from domain.casework.access.sight import Sight
from domain.casework.service import Casework
from domain.store import Sees
from domain.values.refusals.refusal import refused
from projections.engine.paging import MOST
from projections.engine.status import Behind, behind

T = TypeVar("T")
MOST_SECONDS: Final = 10
MOST_WAITING: Final = 500
"""How many may wait at the same time; the others are asked at once to come again."""
_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 0.1
_WAIT: Final = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?([0-9]{1,9})\"?\s*(?=$|[,;])", re.ASCII | re.IGNORECASE)


@dataclass(slots=True)
class Waiting:
    """The requests that wait for the read side, on the event loop. One of them asks the database for all."""

    casework: Casework
    waiters: int = 0
    """How many are waiting."""
    _look: "asyncio.Task[Behind] | None" = field(default=None)

    async def until(self, request: Request, position: int, seconds: float) -> None:
        """Wait until the projections have reached a position, or the caller has left.

        Raises `Problem` (not-yet-visible) when the time is out, there are too many, or one has stopped short of it.
        """
        deadline, pause = asyncio.get_running_loop().time() + seconds, _PAUSE
        self.waiters += 1
        try:
            while not (found := await self._seen()).has(position):
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0 or self.waiters > MOST_WAITING or found.stops_before(position):
                    raise not_yet_visible(found)
                await asyncio.sleep(min(pause, left))
                pause = min(pause * 1.5, _LONGEST_PAUSE)
                if await request.is_disconnected():
                    raise Problem("aborted")
        finally:
            self.waiters -= 1

    async def _seen(self) -> Behind:
        """Where the projections are; requests that ask while another one does share its answer."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(asyncio.to_thread(self._ask))
        return await asyncio.shield(self._look)

    def _ask(self) -> Behind:
        with self.casework.store.reading(None) as connection:
            return behind(connection)


def not_yet_visible(found: Behind) -> Problem:
    """The read side is behind what is stored, and by how many seconds."""
    return Problem("not-yet-visible", seconds=found.seconds)


async def _waited(
    request: Request,
    serving: Serving,
    prefer: Annotated[
        str | None,
        Header(
            alias="Prefer",
            description=f"`wait=N`: wait N seconds, at most {MOST_SECONDS}, until what `Alis-After` names is seen.",
            examples=["wait=5"],
        ),
    ] = None,
    after: Annotated[
        UUID | None,
        Header(
            alias="Alis-After",
            description=f"The `{COMMAND}` of a registration, which the answer shall show; used with `Prefer`.",
        ),
    ] = None,
) -> bool:
    """Wait until the read side shows what the caller wants to see, if asked to; uses no thread meanwhile."""
    seconds = None if prefer is None else _seconds(",".join(request.headers.getlist("prefer")))
    if seconds is None or after is None:
        return False
    position = await asyncio.to_thread(serving.casework.position_of, after)
    waiting: Waiting = request.app.state.waiting
    await waiting.until(request, position, seconds)
    return True


class PageQuery(NoQuery):
    """Some of a longer list."""

    cursor: str | None = Field(
        default=None,
        max_length=400,
        description="The `next` of an answer: go on after it. It means nothing else.",
    )
    limit: int = Field(default=MOST, ge=1, le=MOST, description="How many at most.")


@dataclass(frozen=True, slots=True)
class Reader:
    """A request to the read side, and how it is asked and answered."""

    request: Request
    serving: Serving
    waited: Annotated[bool, Depends(_waited)]
    _seen: IfNoneMatch = None

    def ask(self, question: Callable[[Connection[Any]], T]) -> T:
        """Ask within one snapshot of the database, of the rows that the caller sees."""
        sight: Sight = self.request.state.sight
        return self._asked(question, sight.rows)

    def ask_of_all(self, question: Callable[[Connection[Any]], T]) -> T:
        """Ask of everybody's rows, for sums that tell of nobody alone."""
        return self._asked(question, None)

    def _asked(self, question: Callable[[Connection[Any]], T], sees: Sees) -> T:
        """Note how far behind the log the snapshot is."""
        with self.serving.casework.store.reading(sees) as connection:
            self.request.state.behind = behind(connection)
            return question(connection)

    def answer(self, content: object, following: str | None = None) -> Response:
        """The content with its tag, the link to the next page, and whether the request waited."""
        return self._completed(answer(self.request, to_json(content)), following)

    def drawn(self, drawing: str, following: str | None = None) -> Response:
        """The same of a drawing, which is answered as it is."""
        return self._completed(answer(self.request, drawing.encode(), media_type="image/svg+xml"), following)

    def _completed(self, response: Response, following: str | None) -> Response:
        if following is not None:
            kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "cursor"]
            query = urlencode([*kept, ("cursor", following)])
            response.headers["Link"] = f'<{self.request.scope["raw_path"].decode("ascii")}?{query}>; rel="next"'
        if self.waited:
            response.headers["Preference-Applied"] = "wait"
        for name, value in self._how_complete():
            response.headers[name] = str(value)
        return response

    def _how_complete(self) -> Iterator[tuple[str, int]]:
        found: Behind | None = getattr(self.request.state, "behind", None)
        if found is not None and found.positions:
            yield "Alis-Behind", found.positions
        if found is not None and found.set_aside:
            yield "Alis-Set-Aside", found.set_aside


Reading = Annotated[Reader, Depends()]


def _seconds(preference: str) -> int | None:
    """How long the caller will wait; a preference that is not understood is ignored (RFC 7240)."""
    found = _WAIT.search(preference)
    return min(int(found[1]), MOST_SECONDS) if found else None


def cursor_of(kind: str, key: str | None) -> str | None:
    """An opaque cursor for the next page."""
    return None if key is None else base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def key_of(kind: str, cursor: str | None, pattern: str = r"[0-9]{4,9}") -> str | None:
    """The key in a cursor of this kind; raises `Problem` for any other text."""
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
    """The cursor did not come from this list."""
    return Problem.invalid([FieldError.of(refused("bad-text", field="cursor", wanted="slik next var i et svar"))])
