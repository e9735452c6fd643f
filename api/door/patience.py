"""Ends a computation for a request when its caller has left, or its time is up."""

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
    ends = time.monotonic() + serving.limits.compute_seconds
    gone = getattr(request.state, GONE, bool)

    def tick() -> None:
        if gone():
            raise Problem("aborted")
        if time.monotonic() > ends:
            raise Problem("takes-too-long", seconds=round(serving.limits.compute_seconds))

    with patient(tick):
        yield


@contextmanager
def heavy(request: Request, serving: Services) -> Iterator[None]:
    """The same for a long computation: only some run at a time, so that other requests are answered meanwhile.

    Raises `Problem` (crowded) if too many are running already.
    """
    if not serving.heavy.acquire(blocking=False):
        raise Problem("crowded")
    try:
        with computing(request, serving):
            yield
    finally:
        serving.heavy.release()
