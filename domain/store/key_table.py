"""The table of the doctors' sealed keys."""

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

    def _found(self, query: bytes, params: Sequence[Any] = ()) -> Mapping[UUID, bytes]:
        with self._datastore.get_connection() as conn:
            return {row["doctor"]: bytes(row["sealed_key"]) for row in conn.execute(query, params)}
