"""The bytes of documents, beside the log: found by claim and digest, sealed under the key of whom they are about."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag

from domain.store.log.datastore import Datastore
from domain.store.log.reachable import reachable
from domain.store.sealed.key_ring import KeyRing
from domain.store.sealed.sealing import DoctorKey
from domain.store.walls.roles import Sees

_NONCE_BYTES: Final = 12
_KEEP: Final = """
INSERT INTO documents (claim, digest, owner, media_type, size, sealed, municipality)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (claim, digest, owner) DO UPDATE SET media_type = excluded.media_type, sealed = excluded.sealed
"""
_FIND: Final = "SELECT owner, media_type, sealed FROM documents WHERE claim = %s AND digest = %s ORDER BY stored_at"


@dataclass(frozen=True, slots=True)
class Document:
    """A document's bytes and what they are."""

    media_type: str
    content: bytes

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the bytes, by which the log names them."""
        return hashlib.sha256(self.content).digest()


class SealedDocument(NamedTuple):
    """A document as the table has it."""

    claim: UUID
    digest: bytes
    owner: UUID
    media_type: str
    size: int
    sealed: bytes
    municipality: str


class Documents:
    """Documents in and out."""

    def __init__(self, datastore: Datastore, keys: KeyRing) -> None:
        self._datastore = datastore
        self._keys = keys

    def sealed(self, claim: UUID, municipality: str, owner: UUID, document: Document) -> SealedDocument:
        """A document of a municipality's claim as it is kept, under the key of whom it is about."""
        with reachable():
            key = self._keys.for_writing([owner])[owner]
        nonce, digest = os.urandom(_NONCE_BYTES), document.digest
        sealed = nonce + key.cipher.encrypt(nonce, document.content, _bound_to(claim, digest))
        return SealedDocument(claim, digest, owner, document.media_type, len(document.content), sealed, municipality)

    def find(self, claim: UUID, digest: bytes, sees: Sees) -> Document | None:
        """A document of a claim that somebody sees; None where it is not there, or its key is destroyed."""
        with reachable():
            with self._datastore.seeing(sees) as connection:
                rows: Sequence[Any] = connection.execute(_FIND, (claim, digest)).fetchall()
            keys = self._keys.for_reading([row["owner"] for row in rows])
        for row in rows:
            key = keys.get(row["owner"])
            content = _unsealed(bytes(row["sealed"]), _bound_to(claim, digest), key) if key else None
            if content is not None:
                return Document(row["media_type"], content)
        return None


def keep_document(connection: psycopg.Connection[dict[str, Any]], document: SealedDocument, as_whom: bytes) -> None:
    """Keep a document, in the transaction that appends what names it; kept again it is the same one."""
    if as_whom:
        connection.execute(as_whom)
    connection.execute(_KEEP, document)
    connection.execute("RESET ROLE")


def opens(key: DoctorKey, claim: UUID, digest: bytes, sealed: bytes) -> bool:
    """Whether a key opens a document."""
    return _unsealed(sealed, _bound_to(claim, digest), key) is not None


def _bound_to(claim: UUID, digest: bytes) -> bytes:
    """Sealed bytes cannot be moved to another claim, or stand for other bytes."""
    return claim.bytes + digest


def _unsealed(sealed: bytes, bound_to: bytes, key: DoctorKey) -> bytes | None:
    """The bytes; None where they were sealed under a key that has been destroyed since."""
    try:
        return key.cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
    except InvalidTag:
        return None
