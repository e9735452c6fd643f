"""The one kind of route: asks who acts and what they may before it looks at anything else of a request."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.access.bearer import actor_of, with_names
from api.access.limited import address_of, count
from api.access.logged import logged
from api.access.operations import OPEN, OPERATIONS, WITHOUT_CASES
from api.http.identity import reason_of
from domain.casework.access.sight import sight_of
from domain.casework.commands.commands import Actor


class Guarded(APIRoute):
    """A route with a row in the table of rights; how far the caller sees is in `request.state.sight`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Ask for the right first: before the body, an earlier answer to the same key, and conditions."""
        handle, operation = super().get_route_handler(), OPERATIONS[str(self.operation_id)]

        async def seen(request: Request) -> Response:
            request.state.sight = sight_of(request.state.actor, operation)
            request.state.actor = replace(request.state.actor, reason=reason_of(request) or "")
            return await handle(request)

        async def guarded(request: Request) -> Response:
            if operation == OPEN:
                return await handle(request)
            request.state.actor = await _counted_actor(request)
            answer = await (seen(request) if operation in WITHOUT_CASES else logged(request, operation, seen))
            return await with_names(answer, request.app.state.services.casework.store.persons)

        return guarded


async def _counted_actor(request: Request) -> Actor:
    """Who acts, if not too often: a client that nobody knows is counted by its address."""
    try:
        return await actor_of(request)
    finally:
        somebody = getattr(request.state, "somebody", None)
        count(request, somebody.client if somebody else address_of(request))
