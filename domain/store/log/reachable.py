"""Asking the database: again when a connection breaks, and refusing in one sentence when it does not answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from eventsourcing.persistence import InterfaceError, OperationalError
from eventsourcing.utils import retry

from domain.store.log.datastore import OnlyRead, TooSlow
from domain.values.refusals.refusal import refused

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def reachable() -> Iterator[None]:
    """Raises `Refused` if the database is silent (store-unavailable), too slow (store-busy) or read-only."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise refused("store-unavailable") from error
    except TooSlow as error:
        raise refused("store-busy") from error
    except OnlyRead as error:
        raise refused("store-read-only") from error


def asked(ask: Callable[P, R]) -> Callable[P, R]:
    """Ask again for some seconds when a connection breaks, as when the database restarts; then as `reachable`."""
    again: Callable[P, R] = retry((InterfaceError, OperationalError), max_attempts=10, wait=0.3)(ask)
    return reachable()(again)
