"""Sign-ins under way and sessions of browsers, each found and opened by a secret that only its browser has."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.postgres import PostgresDatastore

from domain.store.log.reachable import asked
from domain.store.sealed.key_ring import KeyRing
from domain.store.sealed.master import NONCE_BYTES

_OWNERS_KEY: Final = "session-owners"
SIGN_IN_LASTS: Final = timedelta(minutes=10)
_MOVED_AFTER: Final = timedelta(minutes=1)
"""A session that is used moves its limit at most this often."""
_BEGIN_SIGN_IN: Final = b"INSERT INTO sign_ins (id, sealed, began_at) VALUES (%s, %s, %s)"
_TAKE_SIGN_IN: Final = b"DELETE FROM sign_ins WHERE id = %s RETURNING sealed, began_at"
_OLD_SIGN_INS: Final = b"DELETE FROM sign_ins WHERE began_at < %s"
_BEGIN: Final = b"""
INSERT INTO sessions (id, sealed, of_issuer, began_at, seen_at, owner) VALUES (%s, %s, %s, %s, %s, %s)
"""
_FIND: Final = b"SELECT sealed, seen_at FROM sessions WHERE id = %s AND began_at > %s AND seen_at > %s"
_MOVE: Final = b"UPDATE sessions SET seen_at = greatest(seen_at, %s) WHERE id = %s"
_KEEP: Final = b"UPDATE sessions SET sealed = %s WHERE id = %s"
_END: Final = b"DELETE FROM sessions WHERE id = %s"
_END_OF_ISSUER: Final = b"DELETE FROM sessions WHERE of_issuer = %s"
_GOING_ON: Final = b"""
SELECT id, owner, began_at, seen_at FROM sessions WHERE owner = ANY(%s) AND began_at > %s AND seen_at > %s
ORDER BY began_at
"""
_END_OF: Final = b"DELETE FROM sessions WHERE owner = ANY(%s)"
_END_ONE_OF: Final = b"DELETE FROM sessions WHERE id = %s AND owner = ANY(%s)"
_END_ALL: Final = b"DELETE FROM sessions"
_OLD: Final = b"DELETE FROM sessions WHERE began_at <= %s OR seen_at <= %s"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A session that goes on: a name of it that opens nothing, whose it is, and when it began and was last used."""

    name: str
    person: str
    began_at: datetime
    seen_at: datetime


class Sessions:
    """Sessions in and out; the caller says what time it is, and how long they last."""

    def __init__(self, datastore: PostgresDatastore, keys: KeyRing) -> None:
        self._datastore = datastore
        self._keys = keys

    @asked
    def begin_sign_in(self, secret: str, content: Json, now: datetime) -> None:
        """Keep what is needed when the browser comes back from the issuer."""
        with self._datastore.get_connection() as connection:
            connection.execute(_OLD_SIGN_INS, (now - SIGN_IN_LASTS,))
            connection.execute(_BEGIN_SIGN_IN, (_digest(secret), _sealed(secret, content), now))

    @asked
    def take_sign_in(self, secret: str, now: datetime) -> Json | None:
        """What was kept, once; None if it is unknown, taken already or too old."""
        with self._datastore.get_connection() as connection:
            found = connection.execute(_TAKE_SIGN_IN, (_digest(secret),)).fetchone()
        if found is None or now - found["began_at"] > SIGN_IN_LASTS:
            return None
        return _opened(secret, bytes(found["sealed"]))

    @asked
    def begin(self, secret: str, content: Json, of_issuer: str, person: str, now: datetime) -> None:
        """Begin a session of a person."""
        owner = self._owner(person)
        with self._datastore.get_connection() as connection:
            sealed = _sealed(secret, content)
            connection.execute(_BEGIN, (_digest(secret), sealed, _digest(of_issuer), now, now, owner))

    @asked
    def find(self, secret: str, now: datetime, idle: timedelta, longest: timedelta) -> Json | None:
        """What a session holds, if it has neither ended nor been left alone for too long."""
        with self._datastore.get_connection() as connection:
            found = connection.execute(_FIND, (_digest(secret), now - longest, now - idle)).fetchone()
            if found is None:
                return None
            if now - found["seen_at"] >= _MOVED_AFTER:
                connection.execute(_MOVE, (now, _digest(secret)))
        return _opened(secret, bytes(found["sealed"]))

    @asked
    def keep(self, secret: str, content: Json) -> None:
        """Change what a session holds."""
        with self._datastore.get_connection() as connection:
            connection.execute(_KEEP, (_sealed(secret, content), _digest(secret)))

    @asked
    def end(self, secret: str) -> None:
        """End a session."""
        with self._datastore.get_connection() as connection:
            connection.execute(_END, (_digest(secret),))

    @asked
    def end_of_issuer(self, of_issuer: str) -> None:
        """End every session that began with one session of an issuer."""
        with self._datastore.get_connection() as connection:
            connection.execute(_END_OF_ISSUER, (_digest(of_issuer),))

    @asked
    def going_on(self, persons: Iterable[str], now: datetime, idle: timedelta, longest: timedelta) -> list[GoingOn]:
        """The sessions of some persons that have not ended, the oldest first."""
        owners = {self._owner(each): each for each in persons}
        with self._datastore.get_connection() as connection:
            rows = connection.execute(_GOING_ON, (list(owners), now - longest, now - idle)).fetchall()
        return [
            GoingOn(bytes(row["id"]).hex(), owners[bytes(row["owner"])], row["began_at"], row["seen_at"])
            for row in rows
        ]

    @asked
    def end_one_of(self, persons: Iterable[str], name: str) -> None:
        """End one session of some persons, by its name; nothing happens where it is somebody else's."""
        with self._datastore.get_connection() as connection:
            connection.execute(_END_ONE_OF, (bytes.fromhex(name), [self._owner(each) for each in persons]))

    @asked
    def end_of(self, persons: Iterable[str]) -> int:
        """End every session of some persons; tells how many."""
        with self._datastore.get_connection() as connection:
            return connection.execute(_END_OF, ([self._owner(each) for each in persons],)).rowcount

    @asked
    def end_all(self) -> int:
        """End every session there is; tells how many."""
        with self._datastore.get_connection() as connection:
            return connection.execute(_END_ALL).rowcount

    @asked
    def forget_old(self, now: datetime, idle: timedelta, longest: timedelta) -> None:
        """Remove the sessions that have ended by themselves."""
        with self._datastore.get_connection() as connection:
            connection.execute(_OLD, (now - longest, now - idle))

    def _owner(self, person: str) -> bytes:
        """What a session says of whose it is: nobody without the service's key can tell who that is."""
        return hmac.digest(self._keys.service_key(_OWNERS_KEY), person.encode(), hashlib.sha256)


def name_of(secret: str) -> str:
    """The name of the session that a secret opens."""
    return _digest(secret).hex()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _cipher(secret: str) -> AESGCM:
    return AESGCM(hmac.digest(secret.encode(), b"what a session holds", hashlib.sha256))


def _sealed(secret: str, content: Json) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(secret).encrypt(nonce, json.dumps(content).encode(), None)


def _opened(secret: str, sealed: bytes) -> Json | None:
    try:
        found: Json = json.loads(_cipher(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None))
    except InvalidTag:
        return None
    return found
