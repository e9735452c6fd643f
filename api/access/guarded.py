"""The one kind of route: asks who acts and what they may before it looks at anything else of a request."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.access.operations import OPEN, OPERATIONS
from api.http.identity import actor_of
from domain.casework.access.sight import sight_of


class Guarded(APIRoute):
    """A route with a row in the table of rights; how far the caller sees is in `request.state.sight`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Ask for the right first: before the body, an earlier answer to the same key, and conditions."""
        handle, operation = super().get_route_handler(), OPERATIONS[str(self.operation_id)]

        async def guarded(request: Request) -> Response:
            if operation != OPEN:
                request.state.actor = await actor_of(request)
                request.state.sight = sight_of(request.state.actor, operation)
            return await handle(request)

        return guarded
