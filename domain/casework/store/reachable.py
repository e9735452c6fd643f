"""Saying in one sentence that the database does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import InterfaceError, OperationalError

from domain.errors import UNAVAILABLE, refused


@contextmanager
def reachable() -> Iterator[None]:
    """Say it in one sentence when the database does not answer, after the retries."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise refused(UNAVAILABLE) from error
