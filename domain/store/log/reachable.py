"""Saying in one sentence that the database does not answer, or not in time."""

from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import InterfaceError, OperationalError

from domain.store.log.datastore import OnlyRead, TooSlow
from domain.values.refusals.refusal import refused


@contextmanager
def reachable() -> Iterator[None]:
    """Say it in one sentence when the database does not answer, after the retries, not in time, or can only be read."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise refused("store-unavailable") from error
    except TooSlow as error:
        raise refused("store-busy") from error
    except OnlyRead as error:
        raise refused("store-read-only") from error
