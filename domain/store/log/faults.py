"""Whose fault an error is: the stored event's, or the server's and the network's."""

from collections.abc import Iterator
from enum import Enum
from typing import Final

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError

from domain.values.refusals.refusal import OF_THE_STORE, Refused

_OF_EVENT: Final = frozenset({"22", "23", "54"})
"""Classes of SQLSTATE: data, constraints, limits of the program (such as the size of a row in an index)."""
_PASSING: Final = frozenset({"08", "25", "28", "3D", "40", "53", "55", "57", "58"})
"""Connections, read-only or ended transactions, passwords, conflicts, resources, locks, shutdowns, the disk."""


class Fault(Enum):
    """An error of an event comes back with that event and no other; a passing one goes away by itself."""

    EVENT = "event"
    PASSING = "passing"
    UNKNOWN = "unknown"


def fault_of(error: BaseException) -> Fault:
    """Whose fault an error is; unknown if one of our statements is itself wrong."""
    if isinstance(error, Refused):
        return Fault.PASSING if error.code in OF_THE_STORE else Fault.EVENT
    for each in _causes(error):
        if isinstance(each, psycopg.Error):
            return _of_database(each)
        if isinstance(each, OperationalError | InterfaceError | MemoryError):
            return Fault.PASSING
    return Fault.EVENT if isinstance(error, Exception) else Fault.UNKNOWN


def _of_database(error: psycopg.Error) -> Fault:
    """By SQLSTATE, for psycopg calls an exceeded limit an OperationalError, as it does a broken connection."""
    if error.sqlstate is None:
        passing = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return Fault.PASSING if passing else Fault.EVENT
    kind = error.sqlstate[:2]
    if kind in _OF_EVENT:
        return Fault.EVENT
    return Fault.PASSING if kind in _PASSING else Fault.UNKNOWN


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
