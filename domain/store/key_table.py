"""The tables of sealed keys: the doctors' and the service's own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from domain.store.log.datastore import Datastore
from domain.store.log.reachable import asked

_KEEP: Final = b"""
INSERT INTO doctor_keys (doctor, sealed_key) SELECT * FROM unnest(%s::uuid[], %s::bytea[]) ON CONFLICT DO NOTHING
"""
_FIND: Final = b"SELECT doctor, sealed_key FROM doctor_keys WHERE doctor = ANY(%s)"
_ANY: Final = b"SELECT doctor, sealed_key FROM doctor_keys LIMIT 1"
_KEEP_SERVICE_KEY: Final = b"""
INSERT INTO service_keys AS known (name, sealed_key) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET sealed_key = excluded.sealed_key WHERE known.sealed_key IS NULL
"""
_SERVICE_KEYS: Final = b"SELECT name, sealed_key FROM service_keys ORDER BY name"
_BEFORE_SERVICE_KEYS: Final = b"SELECT WHERE to_regclass('service_keys') IS NULL"
_FIRST_MASTER_KEY: Final = b"""
INSERT INTO master_keys (name, seals) SELECT %s, true WHERE NOT EXISTS (SELECT FROM master_keys) ON CONFLICT DO NOTHING
"""
_SEALING: Final = b"SELECT name FROM master_keys WHERE seals"
_SEALS: Final = b"SELECT FROM master_keys WHERE seals AND name = %s"
_WHILE_IT_SEALS: Final = b"SELECT pg_advisory_xact_lock_shared(%s)"
MASTER_LOCK: Final = 0x616C6B65
"""Held by all who keep a sealed key, and alone by who lets another master key seal."""
DESTROY: Final = b"DELETE FROM doctor_keys WHERE doctor = %s"


class KeyTable:
    """Sealed keys in and out."""

    def __init__(self, datastore: Datastore) -> None:
        self._datastore = datastore

    @asked
    def keep(self, keys: Mapping[UUID, bytes], master_key: str) -> bool:
        """Keep new keys for doctors without one; False where another than the named master key seals."""
        return self._kept(_KEEP, (list(keys), list(keys.values())), master_key)

    @asked
    def find(self, doctors: Iterable[UUID]) -> Mapping[UUID, bytes]:
        """The sealed keys of those doctors that have one."""
        return self._found(_FIND, (list(doctors),))

    @asked
    def any(self) -> Mapping[UUID, bytes]:
        """One sealed key, if there are any."""
        return self._found(_ANY)

    @asked
    def keep_service_key(self, name: str, sealed: bytes, master_key: str) -> bool:
        """Keep the key of a name that has none; False where another than the named master key seals."""
        return self._kept(_KEEP_SERVICE_KEY, (name, sealed), master_key)

    @asked
    def sealing(self, master_key: str) -> str:
        """The name of the master key that seals: this one from now on, if none does yet."""
        with self._datastore.get_connection() as conn:
            conn.execute(_FIRST_MASTER_KEY, (master_key,))
            [row] = conn.execute(_SEALING).fetchall()
        return str(row["name"])

    @asked
    def service_keys(self) -> Mapping[str, bytes | None]:
        """The sealed service keys by name; None for one that is not stored yet but follows from the master key."""
        with self._datastore.get_connection() as conn:
            if conn.execute(_BEFORE_SERVICE_KEYS).fetchone() is not None:  # read by who does not bring it up to date
                return {}
            return {row["name"]: row["sealed_key"] for row in conn.execute(_SERVICE_KEYS)}

    def _kept(self, keep: bytes, params: Sequence[Any], master_key: str) -> bool:
        """No other master key begins to seal between the question and the end of the keeping."""
        with self._datastore.get_connection() as conn, conn.transaction():
            conn.execute(_WHILE_IT_SEALS, (MASTER_LOCK,))
            if conn.execute(_SEALS, (master_key,)).fetchone() is None:
                return False
            conn.execute(keep, params)
            return True

    def _found(self, query: bytes, params: Sequence[Any] = ()) -> Mapping[UUID, bytes]:
        with self._datastore.get_connection() as conn:
            return {row["doctor"]: bytes(row["sealed_key"]) for row in conn.execute(query, params)}
