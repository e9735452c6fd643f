"""The log of events on PostgreSQL: the only place that knows how eventsourcing stores things.

The library's event store maps and reads; mapper and recorder are ours. Notifications are a hint:
readers page by position.
"""

from domain.casework.store.append import CHANNEL, LOCK_KEY
from domain.casework.store.clock import OwnClock
from domain.casework.store.datastore import Datastore
from domain.casework.store.documents import Document, SealedDocument
from domain.casework.store.faults import Fault, fault_of
from domain.casework.store.heads import Head
from domain.casework.store.mapper import EventMapper, name_in
from domain.casework.store.personal import SealedPaper, SealedUnder
from domain.casework.store.recorded import CommandRecord, Event, Origin, Recorded, Row, Source, Told, Touched, Unless
from domain.casework.store.recorder import NEWEST, Recorder
from domain.casework.store.service import Conflict, Store

__all__ = [
    "CHANNEL",
    "LOCK_KEY",
    "NEWEST",
    "CommandRecord",
    "Conflict",
    "Datastore",
    "Document",
    "Event",
    "EventMapper",
    "Fault",
    "Head",
    "Origin",
    "OwnClock",
    "Recorded",
    "Recorder",
    "Row",
    "SealedDocument",
    "SealedPaper",
    "SealedUnder",
    "Source",
    "Store",
    "Told",
    "Touched",
    "Unless",
    "fault_of",
    "name_in",
]
