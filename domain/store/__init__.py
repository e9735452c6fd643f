"""The log of events on PostgreSQL: the only place that knows how eventsourcing stores things.

The library's event store maps and reads; mapper and recorder are ours. Notifications are a hint:
readers page by position.
"""

from domain.store.access.entry import Entry, StoredEntry
from domain.store.access.writer import AccessLog
from domain.store.clock import OwnClock
from domain.store.log.append import CHANNEL, LOCK_KEY
from domain.store.log.datastore import Datastore
from domain.store.log.documents import Document, SealedDocument
from domain.store.log.faults import Fault, fault_of
from domain.store.log.heads import LogHead
from domain.store.log.recorded import (
    CommandRecord,
    Condition,
    Event,
    IfNoTieSince,
    IfUnchangedSince,
    LoggedFact,
    Origin,
    Recorded,
    Row,
    Source,
    Touched,
)
from domain.store.log.recorder import NEWEST
from domain.store.mapper import EventMapper, name_in
from domain.store.personal import SealedPaper, SealedUnder
from domain.store.sealed.master import REQUESTS_KEY, SEARCH_KEY
from domain.store.store import Conflict, Store
from domain.store.walls.roles import Sees

__all__ = [
    "CHANNEL",
    "LOCK_KEY",
    "NEWEST",
    "REQUESTS_KEY",
    "SEARCH_KEY",
    "AccessLog",
    "CommandRecord",
    "Condition",
    "Conflict",
    "Datastore",
    "Document",
    "Entry",
    "Event",
    "EventMapper",
    "Fault",
    "IfNoTieSince",
    "IfUnchangedSince",
    "LogHead",
    "LoggedFact",
    "Origin",
    "OwnClock",
    "Recorded",
    "Row",
    "SealedDocument",
    "SealedPaper",
    "SealedUnder",
    "Sees",
    "Source",
    "Store",
    "StoredEntry",
    "Touched",
    "fault_of",
    "name_in",
]
