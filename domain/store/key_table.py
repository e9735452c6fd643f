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
INSERT INTO service_keys (name, sealed_key) VALUES (%(name)s, %(sealed)s)
ON CONFLICT (name) DO UPDATE SET sealed_key = %(sealed)s WHERE service_keys.sealed_key IS NULL
"""
_SERVICE_KEY: Final = b"SELECT sealed_key FROM service_keys WHERE name = %s"
_SERVICE_KEYS: Final = b"SELECT name, sealed_key FROM service_keys ORDER BY name"
_BEFORE_SERVICE_KEYS: Final = b"SELECT WHERE to_regclass('service_keys') IS NULL"
DESTROY: Final = b"DELETE FROM doctor_keys WHERE doctor = %s"


class KeyTable:
    """Sealed keys in and out."""

    def __init__(self, datastore: Datastore) -> None:
        self._datastore = datastore

    @asked
    def keep(self, keys: Mapping[UUID, bytes]) -> Mapping[UUID, bytes]:
        """Keep new sealed keys for doctors without one; returns the keys that are kept now."""
        if not keys:
            return {}
        with self._datastore.get_connection() as conn:
            conn.execute(_KEEP, (list(keys), list(keys.values())))
        return self.find(keys)

    @asked
    def find(self, doctors: Iterable[UUID]) -> Mapping[UUID, bytes]:
        """The sealed keys of those doctors that have one."""
        return self._found(_FIND, (list(doctors),))

    @asked
    def any(self) -> Mapping[UUID, bytes]:
        """One sealed key, if there are any."""
        return self._found(_ANY)

    @asked
    def keep_service_key(self, name: str, sealed: bytes) -> bytes:
        """Keep the sealed key of a name that has none; returns the one that is kept now."""
        with self._datastore.get_connection() as conn:
            conn.execute(_KEEP_SERVICE_KEY, {"name": name, "sealed": sealed})
            [row] = conn.execute(_SERVICE_KEY, (name,)).fetchall()
        return bytes(row["sealed_key"])

    @asked
    def service_keys(self) -> Mapping[str, bytes | None]:
        """The sealed service keys by name; None for one that is not stored yet but follows from the master key."""
        with self._datastore.get_connection() as conn:
            if conn.execute(_BEFORE_SERVICE_KEYS).fetchone() is not None:  # read by who does not bring it up to date
                return {}
            return {row["name"]: row["sealed_key"] for row in conn.execute(_SERVICE_KEYS)}

    def _found(self, query: bytes, params: Sequence[Any] = ()) -> Mapping[UUID, bytes]:
        with self._datastore.get_connection() as conn:
            return {row["doctor"]: bytes(row["sealed_key"]) for row in conn.execute(query, params)}
