"""Sign-ins under way and sessions of browsers, each found and opened by a secret that only its browser has."""

import hashlib
import hmac
import json
import os
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.postgres import PostgresDatastore

from domain.store.log.reachable import asked
from domain.store.sealed.master import NONCE_BYTES

SIGN_IN_LASTS: Final = timedelta(minutes=10)
_MOVED_AFTER: Final = timedelta(minutes=1)
"""A session that is used moves its limit at most this often."""
_BEGIN_SIGN_IN: Final = b"INSERT INTO sign_ins (id, sealed, began_at) VALUES (%s, %s, %s)"
_TAKE_SIGN_IN: Final = b"DELETE FROM sign_ins WHERE id = %s RETURNING sealed, began_at"
_OLD_SIGN_INS: Final = b"DELETE FROM sign_ins WHERE began_at < %s"
_BEGIN: Final = b"INSERT INTO sessions (id, sealed, of_issuer, began_at, seen_at) VALUES (%s, %s, %s, %s, %s)"
_FIND: Final = b"SELECT sealed, seen_at FROM sessions WHERE id = %s AND began_at > %s AND seen_at > %s"
_MOVE: Final = b"UPDATE sessions SET seen_at = greatest(seen_at, %s) WHERE id = %s"
_KEEP: Final = b"UPDATE sessions SET sealed = %s WHERE id = %s"
_END: Final = b"DELETE FROM sessions WHERE id = %s"
_END_OF_ISSUER: Final = b"DELETE FROM sessions WHERE of_issuer = %s"
_OLD: Final = b"DELETE FROM sessions WHERE began_at <= %s OR seen_at <= %s"
Json = dict[str, Any]


class Sessions:
    """Sessions in and out; the caller says what time it is, and how long they last."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        self._datastore = datastore

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
    def begin(self, secret: str, content: Json, of_issuer: str, now: datetime) -> None:
        """Begin a session."""
        with self._datastore.get_connection() as connection:
            sealed = _sealed(secret, content)
            connection.execute(_BEGIN, (_digest(secret), sealed, _digest(of_issuer), now, now))

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
    def forget_old(self, now: datetime, idle: timedelta, longest: timedelta) -> None:
        """Remove the sessions that have ended by themselves."""
        with self._datastore.get_connection() as connection:
            connection.execute(_OLD, (now - longest, now - idle))


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
