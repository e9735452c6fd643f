"""All checks, one after the other, over the log as far as it went when they began."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.casework.claims.claim_repeat import repeat
from domain.casework.commands.book import Book
from domain.casework.verifying.access import access_findings
from domain.casework.verifying.claims import claim_findings
from domain.casework.verifying.findings import LogFinding
from domain.casework.verifying.kept import book_findings, document_findings, key_findings, list_findings
from domain.casework.verifying.log import UNREADABLE, LogReading, check_answered, read_log
from domain.casework.verifying.order import command_findings, order_findings, sequence_findings
from domain.store import EventMapper, Store
from domain.store.sealed.key_ring import KeyRing
from domain.store.sealed.master import MasterKeys


@dataclass(frozen=True, slots=True)
class Verified:
    """What was gone through, and what is wrong with it, in the order of the log."""

    streams: int
    events: int
    decisions: int
    findings: tuple[LogFinding, ...]


class _NoKeys:
    """Reads what is not sealed."""

    def find(self, _: Iterable[UUID]) -> Mapping[UUID, bytes]:
        """None."""
        return {}

    def any(self) -> Mapping[UUID, bytes]:
        """None."""
        return {}

    def keep(self, keys: Mapping[UUID, bytes], _: str) -> bool:
        """Nobody writes here."""
        raise NotImplementedError(keys)

    def service_keys(self) -> Mapping[str, bytes | None]:
        """None."""
        return {}

    def keep_service_key(self, name: str, _: bytes, __: str) -> bool:
        """Nobody writes here."""
        raise NotImplementedError(name)

    def sealing(self, master_key: str) -> str:
        """Nobody writes here."""
        raise NotImplementedError(master_key)


def verify(
    store: Store,
    connection: Connection[Any],
    *,
    with_key: bool,
    listed: Callable[[], Collection[str] | None],
    further: Iterable[LogFinding] = (),
) -> Verified:
    """Look at everything; `further` is what was found of the database around it.

    `listed` gives the keys that a list outside the database says are destroyed, if there is one: a key stands there
    before it goes, so the list is read after the log, and before the keys.
    Without the master key nothing sealed is opened, and no decision is repeated.
    """
    last = store.last_position() or 0
    mapper = EventMapper(store.keys if with_key else KeyRing(MasterKeys(bytes(32)), _NoKeys()))
    seen = read_log(store, mapper, last)
    opened, on_the_list = store if with_key else None, listed()
    found = [
        *further,
        *seen.findings,
        *order_findings(connection, seen.names, last),
        *command_findings(connection, seen.names, last),
        *sequence_findings(connection, last),
        *claim_findings(seen),
        *book_findings(seen),
        *document_findings(connection, seen, opened, last),
        *key_findings(connection, seen, store.keys if with_key else None, on_the_list),
        *list_findings(seen, on_the_list),
        *access_findings(connection),
    ]
    decisions = list(_repeated(store, seen)) if with_key else []
    found += [finding for finding in decisions if finding]
    ordered = sorted(found, key=lambda each: (each.position is None, each.position or 0))
    return Verified(len(seen.versions), seen.events, len(decisions), tuple(ordered))


def _repeated(store: Store, seen: LogReading) -> Iterator[LogFinding | None]:
    """Every decision computed again; None where it comes out as it was made."""
    book = Book(store)
    for name, recorded in sorted(seen.claims.items()):
        try:
            for each in repeat(store, book, name, recorded).decisions:
                yield None if each.difference is None else _differs(name, each.number)
        except UNREADABLE as error:
            check_answered(error)
            yield _differs(name, None)


def _differs(name: str, number: int | str | None) -> LogFinding:
    which = f"Vedtak {number} i søknaden {name}" if number is not None else f"Et vedtak i søknaden {name}"
    return LogFinding("decision-differs", f"{which} blir et annet når det regnes ut på nytt av det som står i loggen.")
