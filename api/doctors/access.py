"""Who looks at a doctor: how far they see, and why they look, as the request says."""

from typing import Annotated, Final

from fastapi import Depends, Header, Request

from api.http.identity import REASON, Asking
from domain.casework.facts.viewing import Viewer

_DESCRIPTION: Final = (
    "Why, in a sentence of UTF-8, at most 500 characters: a caseworker says so of every fact that is registered, an"
    " auditor to be told names and free text. It is kept in the access log."
)


async def _viewer(
    request: Request,
    actor: Asking,
    _given: Annotated[
        str | None, Header(alias=REASON, description=_DESCRIPTION, examples=["Kommunen har meldt fra om feil dag."])
    ] = None,
) -> Viewer:
    """Whoever asks; the route has found out how far they see."""
    return Viewer(actor, request.state.sight)


Viewing = Annotated[Viewer, Depends(_viewer)]
