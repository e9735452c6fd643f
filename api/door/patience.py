"""How long is computed for a request: until its caller has left, or its time is out."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request

from api.door.connections import GONE
from api.http.problems import Problem
from api.http.services import Services
from domain.values.patience import patient


@contextmanager
def computing(request: Request, serving: Services) -> Iterator[None]:
    """Compute for a request within this block; raises `Problem` (takes-too-long, aborted)."""
    ends = time.monotonic() + serving.compute_seconds
    gone = getattr(request.state, GONE, bool)

    def tick() -> None:
        if gone():
            raise Problem("aborted")
        if time.monotonic() > ends:
            raise Problem("takes-too-long", seconds=round(serving.compute_seconds))

    with patient(tick):
        yield


@contextmanager
def heavy(request: Request, serving: Services) -> Iterator[None]:
    """The same for a long computation: so many of them go on at a time that others are answered meanwhile.

    Raises `Problem` (crowded) where there is no place for another.
    """
    if not serving.heavy.acquire(blocking=False):
        raise Problem("crowded")
    try:
        with computing(request, serving):
            yield
    finally:
        serving.heavy.release()
