"""Sealing all keys anew under another master key, while others go on reading and writing them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from domain.store.key_table import MASTER_LOCK
from domain.store.log.datastore import Datastore
from domain.store.log.reachable import asked
from domain.store.sealed.key_ring import KeyRing, bound_to
from domain.store.sealed.master import WrongMasterKey

_ALONE: Final = b"SELECT pg_advisory_xact_lock(%s)"
_NONE_SEALS: Final = b"UPDATE master_keys SET seals = false WHERE seals"
_SEALS: Final = b"""
INSERT INTO master_keys (name, seals) VALUES (%s, true) ON CONFLICT (name) DO UPDATE SET seals = true
"""
_COUNTED: Final = b"""
SELECT name, coalesce(bool_or(seals), false) AS seals,
       count(*) FILTER (WHERE kind = 'doctor') AS keys, count(*) FILTER (WHERE kind = 'service') AS service_keys
FROM (SELECT sealed_under(sealed_key) AS name, 'doctor' AS kind FROM doctor_keys UNION ALL
      SELECT sealed_under(sealed_key), 'service' FROM service_keys) sealed FULL JOIN master_keys USING (name)
GROUP BY name ORDER BY seals, name NULLS FIRST
"""
_NEXT: Final = b"""
SELECT doctor, sealed_key FROM doctor_keys
WHERE doctor > %s AND sealed_under(sealed_key) IS DISTINCT FROM %s ORDER BY doctor LIMIT 500
"""
_SERVICE_KEYS: Final = b"""
SELECT name, sealed_key FROM service_keys
WHERE sealed_key IS NOT NULL AND sealed_under(sealed_key) IS DISTINCT FROM %s ORDER BY name
"""
_ANEW: Final = b"""
UPDATE doctor_keys known SET sealed_key = anew.after
FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) AS anew (doctor, before, after)
WHERE known.doctor = anew.doctor AND known.sealed_key = anew.before
"""
_SERVICE_KEY_ANEW: Final = b"UPDATE service_keys SET sealed_key = %s WHERE name = %s AND sealed_key = %s"


@dataclass(frozen=True, slots=True)
class UnderMaster:
    """How many keys are under a master key: those of doctors and claims, and those of the service.

    Without a name: what was sealed before master keys had names.
    """

    name: str | None
    seals: bool
    keys: int
    service_keys: int


class Resealing:
    """Lets another master key seal, and seals under it what is under any other; nothing else is touched."""

    def __init__(self, datastore: Datastore, keys: KeyRing) -> None:
        self._datastore = datastore
        self._keys = keys

    @asked
    def counted(self) -> list[UnderMaster]:
        """How many keys are under which master key, the one that seals last."""
        with self._datastore.get_connection() as conn:
            return [UnderMaster(**row) for row in conn.execute(_COUNTED)]

    def begin(self, name: str) -> None:
        """Let the master key of a name seal from now on, here and in all other processes.

        What still follows from the one before is sealed first. Raises `WrongMasterKey` where the name is not given.
        """
        self._keys.seal_as_the_store()
        for each, sealed in self._keys.stored_service_keys().items():
            if sealed is None:
                self._keys.service_key(each)
        self._flip(name)
        self._keys.master.seal_with(name)

    @asked
    def _flip(self, name: str) -> None:
        with self._datastore.get_connection() as conn, conn.transaction():
            conn.execute(_ALONE, (MASTER_LOCK,))
            conn.execute(_NONE_SEALS)
            conn.execute(_SEALS, (name,))

    def reseal(self) -> Iterator[int]:
        """Seal anew what is under other master keys, and tell after each step how many were; what does not open stays.

        The keys of the service come last: while any of them is under the old master key, a start without it is refused.
        """
        after = UUID(int=0)
        while rows := self._next(after):
            after = max(rows)
            yield self._anew(rows)
        yield self._service_keys_anew()

    @asked
    def _next(self, after: UUID) -> Mapping[UUID, bytes]:
        with self._datastore.get_connection() as conn:
            rows = conn.execute(_NEXT, (after, self._keys.master.sealing))
            return {row["doctor"]: bytes(row["sealed_key"]) for row in rows}

    def _anew(self, rows: Mapping[UUID, bytes]) -> int:
        anew = {doctor: self._sealed(before, doctor.bytes) for doctor, before in rows.items()}
        opened = {doctor: after for doctor, after in anew.items() if after}
        before = [rows[doctor] for doctor in opened]
        return self._changed(_ANEW, (list(opened), before, list(opened.values())))

    def _service_keys_anew(self) -> int:
        return sum(
            self._changed(_SERVICE_KEY_ANEW, (after, name, before))
            for name, before in self._service_keys().items()
            if (after := self._sealed(before, bound_to(name)))
        )

    @asked
    def _service_keys(self) -> Mapping[str, bytes]:
        with self._datastore.get_connection() as conn:
            rows = conn.execute(_SERVICE_KEYS, (self._keys.master.sealing,))
            return {row["name"]: bytes(row["sealed_key"]) for row in rows}

    def _sealed(self, before: bytes, bound: bytes) -> bytes | None:
        master = self._keys.master
        try:
            return master.sealed(master.opened(before, bound), bound, master.sealing)
        except WrongMasterKey:
            return None

    @asked
    def _changed(self, query: bytes, params: Sequence[Any]) -> int:
        """Only where it is still as it was read: what was destroyed or sealed anew meanwhile stays so."""
        with self._datastore.get_connection() as conn:
            return conn.execute(query, params).rowcount
