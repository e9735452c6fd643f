"""One read of a case: who read what, on whose behalf, why, and what came of it."""

import hashlib
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from pydantic_core import to_json

from domain.store.log.recorded import EPOCH

Outcome = Literal["answered", "not_found", "refused"]
Channel = Literal["api", "terminal"]
GENESIS: Final = bytes(32)
"""What the chain begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A read as it is put in the log; `code` is that of the refusal."""

    subject: str
    role: str | None = None
    organisation: str | None = None
    on_behalf_of: str | None = None
    operation: str
    doctors: tuple[str, ...] = ()
    municipality: str | None = None
    claim: str | None = None
    reason: str | None = None
    outcome: Outcome = "answered"
    code: str | None = None
    channel: Channel
    correlation_id: UUID

    def content(self) -> bytes:
        """The digest of everything but what the database adds."""
        return bytes.fromhex(self.as_row()["content"])

    def as_row(self) -> dict[str, Any]:
        """For the statement that appends."""
        told = self._told()
        return {**told, "content": hashlib.sha256(to_json(list(told.values()))).hexdigest()}

    def _told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS: Final = tuple(each.name for each in fields(Entry))
"""The columns of an entry, in the order in which they are digested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry as it stands in the log."""

    position: int
    moment: datetime
    entry: Entry
    hash: bytes = field(repr=False)

    def hash_after(self, before: bytes) -> bytes:
        """The hash that the entry must have after another, as the database computes it."""
        return _chained(before, self.entry.content(), self.position, self.moment)


@dataclass(frozen=True, slots=True)
class Leaf:
    """What stays of an entry that went; `content` is the digest of what stood in it."""

    position: int
    moment: datetime
    content: bytes
    hash: bytes

    def hash_after(self, before: bytes) -> bytes:
        """The hash that the entry had to have after another."""
        return _chained(before, self.content, self.position, self.moment)


Link = StoredEntry | Leaf


def _chained(before: bytes, content: bytes, position: int, moment: datetime) -> bytes:
    microseconds = (moment - EPOCH) // timedelta(microseconds=1)
    numbers = position.to_bytes(8, "big", signed=True) + microseconds.to_bytes(8, "big", signed=True)
    return hashlib.sha256(before + content + numbers).digest()
