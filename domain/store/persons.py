"""Who has signed in: a random id for each person, and the name that the issuer gave last, sealed.

No national identity number is stored: only a keyed digest of it.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.postgres import PostgresDatastore

from domain.store.log.reachable import asked
from domain.store.sealed.key_ring import KeyRing
from domain.store.sealed.master import NONCE_BYTES

_IDENTITIES_KEY: Final = "identities"
_NAMES_KEY: Final = "person-names"
_MOST_REMEMBERED: Final = 10_000
_FIND: Final = b"""
SELECT p.person, p.name FROM person_identities i JOIN persons p USING (person) WHERE i.identity = %s
"""
_MAKE: Final = b"INSERT INTO persons (person, name) VALUES (%s, %s)"
_IDENTIFY: Final = b"INSERT INTO person_identities (identity, person) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_CALL: Final = b"UPDATE persons SET name = %s WHERE person = %s"
_EVERYBODY: Final = b"SELECT person, name FROM persons ORDER BY first_seen"
_NAMES: Final = b"SELECT person, name FROM persons WHERE person = ANY(%s)"
_WITHDRAWN: Final = b"SELECT issuer, kid FROM withdrawn_keys"
_WITHDRAW: Final = b"""
INSERT INTO withdrawn_keys (issuer, kid, withdrawn_by) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""


class Persons:
    """Persons in and out."""

    def __init__(self, datastore: PostgresDatastore, keys: KeyRing) -> None:
        self._datastore = datastore
        self._keys = keys
        self._known: dict[bytes, tuple[str, str]] = {}

    def person(self, identity: str, name: str, new_id: Callable[[], str]) -> str:
        """The person of an identity, a new one the first time; the name, if any, is the one to show from now on."""
        digest = hmac.digest(self._keys.service_key(_IDENTITIES_KEY), identity.encode(), hashlib.sha256)
        known = self._known.get(digest)
        if known is None or (name and known[1] != name):
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[digest] = (self._signed_in(digest, name, new_id), name)
        return known[0]

    @asked
    def names(self, persons: Iterable[str]) -> dict[str, str]:
        """The names of persons, by id; none for an id that nobody has."""
        with self._datastore.get_connection() as connection:
            rows = connection.execute(_NAMES, (list(persons),)).fetchall()
        return {row["person"]: self._opened(row["person"], bytes(row["name"])) for row in rows}

    @asked
    def everybody(self) -> dict[str, str]:
        """All who have signed in, in the order in which they first did: their names by id, empty where none is kept."""
        with self._datastore.get_connection() as connection:
            rows = connection.execute(_EVERYBODY).fetchall()
        return {row["person"]: self._opened(row["person"], bytes(row["name"])) for row in rows}

    @asked
    def withdrawn(self) -> frozenset[tuple[str, str]]:
        """The keys that nothing is believed of any more, as issuer and key id."""
        with self._datastore.get_connection() as connection:
            return frozenset((row["issuer"], row["kid"]) for row in connection.execute(_WITHDRAWN).fetchall())

    @asked
    def withdraw(self, issuer: str, kid: str, by: str) -> None:
        """Believe nothing that a key of an issuer has signed."""
        with self._datastore.get_connection() as connection:
            connection.execute(_WITHDRAW, (issuer, kid, by))

    @asked
    def _signed_in(self, digest: bytes, name: str, new_id: Callable[[], str]) -> str:
        with self._datastore.get_connection() as connection, connection.transaction():
            found = connection.execute(_FIND, (digest,)).fetchone()
            if found is None:
                person = new_id()
                connection.execute(_MAKE, (person, self._sealed(person, name)))
                connection.execute(_IDENTIFY, (digest, person))
                found = connection.execute(_FIND, (digest,)).fetchone()  # another service may have been first
        person = str(found["person"]) if found else ""
        if found and name and self._opened(person, bytes(found["name"])) != name:
            with self._datastore.get_connection() as connection:
                connection.execute(_CALL, (self._sealed(person, name), person))
        return person

    def _sealed(self, person: str, name: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, name.encode(), person.encode())

    def _opened(self, person: str, sealed: bytes) -> str:
        return self._cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], person.encode()).decode()

    def _cipher(self) -> AESGCM:
        return AESGCM(self._keys.service_key(_NAMES_KEY))
