"""Asking the read side: one moment of the database, waiting for one's own write, and pages of a longer list."""

import asyncio
import base64
import binascii
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
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
from api.http.waiting import Waiting, not_yet_visible
from domain.rules.sets.rule_set import RuleSet
from domain.values.refusals.refusal import refused
from projections.doctors.eligible_months import EligibleMonths
from projections.doctors.grant_amounts import GrantAmounts
from projections.doctors.overview import Overview
from projections.engine.paging import MOST
from projections.engine.projection import Projection
from projections.engine.status import Behind, behind, names_aside

T = TypeVar("T")
_OF_RULES: Final = tuple(each.name for each in (EligibleMonths, GrantAmounts, Overview))
MOST_SECONDS: Final = 10
_WAIT: Final = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?([0-9]{1,9})\"?\s*(?=$|[,;])", re.ASCII | re.IGNORECASE)


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
    """Whether was waited until the read side has seen what the caller wants seen; no thread is held meanwhile."""
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
    """What every read of the read side consists of besides its address."""

    request: Request
    serving: Serving
    waited: Annotated[bool, Depends(_waited)]
    _seen: IfNoneMatch = None

    def ask(self, question: Callable[[Connection[Any]], T]) -> T:
        """Ask within one moment of the database, and note how far behind the log that is."""
        with self.serving.casework.reading() as connection:
            self.request.state.behind = behind(connection)
            return question(connection)

    def ask_of_round(self, round_id: str, question: Callable[[Connection[Any]], T]) -> T:
        """The same; raises `Problem` (rules-set-aside) where the sums go on without a rule set of the round."""
        published = self.serving.casework.book.current().published

        def asked(connection: Connection[Any]) -> T:
            _check_rules_shown(connection, round_id, published)
            return question(connection)

        return self.ask(asked)

    def ask_of_doctor(
        self, hpr: str, shown_by: Collection[type[Projection]], question: Callable[[Connection[Any]], T | None]
    ) -> T:
        """The same of one doctor; raises `Problem` (set-aside, not-yet-visible) or `Refused` (unknown-doctor)."""

        def asked(connection: Connection[Any]) -> T | None:
            if hpr in names_aside(connection, "doctor", [each.name for each in shown_by]):
                raise Problem("set-aside", hpr=hpr)
            return question(connection)

        found = self.ask(asked)
        if found is None:
            raise self._why_not_there(hpr)
        return found

    def _why_not_there(self, hpr: str) -> Exception:
        if self.serving.casework.is_registered(hpr):
            return not_yet_visible(self.request.state.behind)
        return refused("unknown-doctor", hpr=hpr)

    def answer(self, content: object, following: str | None = None) -> Response:
        """The content with its tag, where the list goes on, and whether was waited."""
        response = answer(self.request, to_json(content))
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


def _check_rules_shown(connection: Connection[Any], round_id: str, published: Mapping[str, RuleSet]) -> None:
    for name in names_aside(connection, "rules", _OF_RULES):
        if name in published and published[name].round.id == round_id:
            raise Problem("rules-set-aside", round=round_id, rules=name)


def _seconds(preference: str) -> int | None:
    """How long the caller would wait; what is not understood is no preference (RFC 7240)."""
    found = _WAIT.search(preference)
    return min(int(found[1]), MOST_SECONDS) if found else None


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
