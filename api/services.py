"""What the routes ask: the casework behind the application, and the key that requests are digested with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import Depends, Request

from deploy import clock
from domain.casework.service import Casework
from domain.norwegian_time import norwegian_day

DOCUMENT_MAX_BYTES: Final = 10 * 1024 * 1024
"""The most that a document can be, unless the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class Services:
    """Given to `create_app`, and through the application's state to every route."""

    casework: Casework
    master_key: bytes
    document_max_bytes: int = DOCUMENT_MAX_BYTES
    now: Callable[[], datetime] = clock.now

    def today(self) -> date:
        """The day in Norway."""
        return norwegian_day(self.now())


def services(request: Request) -> Services:
    """The services of the application that a request came to."""
    found = request.app.state.services
    assert isinstance(found, Services)  # noqa: S101 - create_app put it there
    return found


Serving = Annotated[Services, Depends(services)]
