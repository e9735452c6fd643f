"""A request that changes something: what its headers say, and how it is carried out once, however often it is sent."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import Depends, Header, Request, Response

from api.http.conditions import IfMatch, etag_of, if_match
from api.http.identity import Asking
from api.http.problems import KEY
from api.http.services import Services, Serving
from deploy.clock import new_id
from domain.casework.commands.commands import Actor, Command, request_digest
from domain.doctor.intake.plain import Json
from domain.store import REQUESTS_KEY
from domain.values import fields as values
from domain.values.refusals.refusal import refused

R = TypeVar("R")
S = TypeVar("S")
COMMAND: Final = "Alis-Command"
"""The header that names the command of a request; `Alis-After` of a read takes it."""
CREATED: Final = 201
OK: Final = 200
_COMMANDS: Final = uuid5(NAMESPACE_URL, "urn:alis:command")
_VISIBLE: Final = r"^[\x21-\x7e]{1,200}$"
values.WORDS[_VISIBLE] = "1 til 200 tegn: bokstavene a til z, sifre og skilletegn, uten mellomrom"


async def command_id(
    actor: Asking,
    key: Annotated[
        str | None,
        Header(
            alias=KEY,
            pattern=_VISIBLE,
            description="The caller's name for this request. Sent again with the same content it gets the first"
            " answer, with other content it is refused.",
            examples=["9000001-leave-2026-1"],
        ),
    ] = None,
) -> UUID:
    """The command that a request is: the same for an actor's same key, else a new one."""
    return new_id() if key is None else uuid5(_COMMANDS, f"{actor.subject}\n{key}")


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a command, as things stood right after it, so that a repeated request gets the first answer."""

    content: bytes
    location: str
    created: bool
    etag: str | None = None
    """The tag of what a condition is about, where that is more than the content."""


@dataclass(frozen=True, slots=True)
class Changing:
    """What a request for a change says besides its address and body."""

    request: Request
    serving: Services
    actor: Actor
    command_id: UUID
    condition: IfMatch | None

    def carry_out(self, body: Json, do: Callable[[Command], R], answered: Callable[[R], Answered]) -> Response:
        """Do what the body asks for, and answer as it was answered the first time."""
        answer = answered(do(self.command(body)))
        headers = {
            "ETag": answer.etag or etag_of(answer.content),
            "Location": answer.location,
            COMMAND: str(self.command_id),
        }
        return Response(answer.content, CREATED if answer.created else OK, headers, "application/json")

    def precondition(self, content_of: Callable[[S], bytes | None]) -> Callable[[S], None] | None:
        """A check that refuses (changed-meanwhile) if the content is not what the caller saw; None without `If-Match`.

        It is run on what the log has just before the change is appended.
        """
        condition = self.condition
        if condition is None:
            return None

        def check(stored: S) -> None:
            content = content_of(stored)
            if not condition.holds(None if content is None else etag_of(content)):
                raise refused("changed-meanwhile")

        return check

    def command(self, body: Json) -> Command:
        """The command; its digest is the same however the JSON is spaced and ordered."""
        asked = json.dumps({"path": self.request.url.path, "body": body}, sort_keys=True, separators=(",", ":"))
        digest = request_digest(self.serving.casework.store.keys.service_key(REQUESTS_KEY), asked.encode())
        return Command(self.command_id, self.actor, "api", self.request.state.correlation, digest)


def changing(what: str) -> Callable[..., Awaitable[Changing]]:
    """A dependency that reads a request for a change; `what` describes the subject of `If-Match`."""
    condition = Depends(if_match(what))

    async def read(
        request: Request,
        serving: Serving,
        actor: Asking,
        command_id: Annotated[UUID, Depends(command_id)],
        condition: Annotated[IfMatch | None, condition],
    ) -> Changing:
        return Changing(request, serving, actor, command_id, condition)

    return read
