"""Who has signed in: a random id for each person, and the name that the issuer gave last, sealed.

No national identity number is stored: only a keyed digest of it.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
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
_STATE_HPR: Final = b"""
INSERT INTO hpr_numbers AS known (identity, hpr) VALUES (%s, %s)
ON CONFLICT (identity) DO UPDATE SET hpr = excluded.hpr, stated_at = clock_timestamp() WHERE known.hpr <> excluded.hpr
"""
_FIND_HPR: Final = b"SELECT hpr FROM hpr_numbers WHERE identity = %s"
_STATED_HPR: Final = b"SELECT stated_at FROM hpr_numbers WHERE hpr = %s ORDER BY stated_at"
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
        self._stated: dict[bytes, str] = {}

    def person(self, identities: Sequence[str], name: str, new_id: Callable[[], str]) -> str:
        """The person of the first identity, a new one the first time; the name, if any, is the one to show from now on.

        Whose first identity is not known yet is found by another one, and from then on by the first.
        """
        digests = [self._digest(each) for each in identities]
        known = self._known.get(digests[0])
        if known is None or (name and known[1] != name):
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[digests[0]] = (self._signed_in(digests, name, new_id), name)
        return known[0]

    @asked
    def hpr(self, identity: str, stated: str | None) -> str | None:
        """The HPR number of an identity: the one that an issuer states, which is kept, or else the one that is kept."""
        digest = self._digest(identity)
        if stated is not None and self._stated.get(digest) == stated:
            return stated
        with self._datastore.get_connection() as connection:
            if stated is None:
                found = connection.execute(_FIND_HPR, (digest,)).fetchone()
                return str(found["hpr"]) if found else None
            connection.execute(_STATE_HPR, (digest, stated))
        if len(self._stated) >= _MOST_REMEMBERED:
            self._stated.clear()
        self._stated[digest] = stated
        return stated

    @asked
    def hpr_stated(self, hpr: str) -> list[datetime]:
        """When somebody's identity was linked to an HPR number."""
        with self._datastore.get_connection() as connection:
            return [row["stated_at"] for row in connection.execute(_STATED_HPR, (hpr,)).fetchall()]

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
    def _signed_in(self, digests: Sequence[bytes], name: str, new_id: Callable[[], str]) -> str:
        first, *others = digests
        with self._datastore.get_connection() as connection, connection.transaction():
            found = connection.execute(_FIND, (first,)).fetchone()
            if found is None:
                known = next(filter(None, (connection.execute(_FIND, (each,)).fetchone() for each in others)), None)
                person = str(known["person"]) if known else new_id()
                if known is None:
                    connection.execute(_MAKE, (person, self._sealed(person, name)))
                connection.execute(_IDENTIFY, (first, person))
                found = connection.execute(_FIND, (first,)).fetchone()  # another service may have been first
        person = str(found["person"]) if found else ""
        if found and name and self._opened(person, bytes(found["name"])) != name:
            with self._datastore.get_connection() as connection:
                connection.execute(_CALL, (self._sealed(person, name), person))
        return person

    def _digest(self, identity: str) -> bytes:
        return hmac.digest(self._keys.service_key(_IDENTITIES_KEY), identity.encode(), hashlib.sha256)

    def _sealed(self, person: str, name: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, name.encode(), person.encode())

    def _opened(self, person: str, sealed: bytes) -> str:
        return self._cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], person.encode()).decode()

    def _cipher(self) -> AESGCM:
        return AESGCM(self._keys.service_key(_NAMES_KEY))
