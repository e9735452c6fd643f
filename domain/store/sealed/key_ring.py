"""The keys of doctors and of the service, opened with the master key."""

import secrets
import time
from collections.abc import Collection, Iterable, Mapping
from typing import Final, Protocol
from uuid import UUID

from domain.store.sealed.master import MasterKeys
from domain.store.sealed.sealing import DoctorKey

_KEY_BYTES: Final = 32


class KeyStore(Protocol):
    """Where sealed keys are stored."""

    def keep(self, keys: Mapping[UUID, bytes], master_key: str) -> bool:
        """Keep new keys for doctors without one; False where another than the named master key seals."""

    def find(self, doctors: Iterable[UUID]) -> Mapping[UUID, bytes]:
        """The sealed keys of those doctors that have one."""

    def any(self) -> Mapping[UUID, bytes]:
        """One sealed key, if there are any."""

    def keep_service_key(self, name: str, sealed: bytes, master_key: str) -> bool:
        """Keep the key of a name that has none; False where another than the named master key seals."""

    def sealing(self, master_key: str) -> str:
        """The name of the master key that seals: this one from now on, if none does yet."""

    def service_keys(self) -> Mapping[str, bytes | None]:
        """The sealed service keys by name; None for one that is not stored yet but follows from the master key."""


class KeyRing:
    """The doctors' keys, opened with the master key and remembered for a minute, and those of the service.

    For that minute another process may still read what was erased in this one. A key that `forget` was called for
    opens nothing any more, even if it is read again.
    """

    LIMIT: Final = 20_000
    SECONDS: Final = 60.0

    def __init__(self, master: MasterKeys, store: KeyStore) -> None:
        self.master = master
        self._store = store
        self._open: dict[UUID, DoctorKey] = {}
        self._service_keys: dict[str, bytes] = {}
        self._destroyed: set[str] = set()
        self._since = time.monotonic()

    def for_writing(self, doctors: Iterable[UUID]) -> Mapping[UUID, DoctorKey]:
        """The keys of doctors; a missing one is made."""
        wanted = set(doctors)
        found = self.for_reading(wanted)
        missing = wanted - found.keys()
        if not missing:
            return found
        return {**found, **self._remember(self._made(missing))}

    def for_reading(self, doctors: Iterable[UUID]) -> dict[UUID, DoctorKey]:
        """The keys that still exist; a destroyed one is simply not there."""
        self._let_go()
        wanted = set(doctors)
        found = {doctor: key for doctor in wanted if (key := self._open.get(doctor))}
        missing = wanted - found.keys()
        if missing:
            found |= self._remember(self._store.find(missing))
        return {doctor: key for doctor, key in found.items() if key.name not in self._destroyed}

    def opened(self, sealed: Mapping[UUID, bytes]) -> dict[UUID, DoctorKey]:
        """These very keys, except destroyed ones, without looking at the cache."""
        found = {doctor: self._opened(doctor, blob) for doctor, blob in sealed.items()}
        return {doctor: key for doctor, key in found.items() if key.name not in self._destroyed}

    def check(self) -> None:
        """Raise `WrongMasterKey` if the stored keys were sealed with another master key."""
        self._remember(self._store.any())
        for name, sealed in self._store.service_keys().items():
            if sealed is not None:
                self.master.opened(sealed, bound_to(name))

    def stored_service_keys(self) -> Mapping[str, bytes | None]:
        """The sealed service keys by name; None for one that still follows from the master key."""
        return self._store.service_keys()

    def service_key(self, name: str) -> bytes:
        """A key of 32 bytes for one purpose, the same for all processes of one database; made when first asked for.

        It stays when the master key is changed.
        """
        found = self._service_keys.get(name)
        return self._service_keys.setdefault(name, self._stored_service_key(name)) if found is None else found

    def _stored_service_key(self, name: str) -> bytes:
        while (sealed := (known := self._store.service_keys()).get(name)) is None:
            if name in known:
                self.seal_as_the_store()
            master_key = self.master.sealing
            key = self.master.followed(name) if name in known else secrets.token_bytes(_KEY_BYTES)
            if not self._store.keep_service_key(name, self.master.sealed(key, bound_to(name), master_key), master_key):
                self.seal_as_the_store()
        return self.master.opened(sealed, bound_to(name))

    def name_of(self, doctor: UUID) -> str | None:
        """The name of the key that a doctor has in the store now."""
        found = self._remember(self._store.find([doctor]))
        return found[doctor].name if found else None

    def forget(self, doctor: UUID, destroyed: str | None = None) -> None:
        """Drop what is remembered; the destroyed key of this name also where a reader is just about to remember it."""
        if destroyed is not None:
            self._destroyed.add(destroyed)
        self._open.pop(doctor, None)

    def forget_all(self) -> None:
        """Read every key from the store again: those in memory may be gone there."""
        self._open.clear()
        self._service_keys.clear()

    def seal_as_the_store(self) -> None:
        """Seal with the master key that seals in the store; raises `WrongMasterKey` where it is not given."""
        self.check()
        opener = (self.master.opener(blob, doctor.bytes) for doctor, blob in self._store.any().items())
        self.master.seal_with(self._store.sealing(next(opener, self.master.sealing)))

    def _made(self, doctors: Collection[UUID]) -> Mapping[UUID, bytes]:
        while not self._store.keep(*self._fresh(doctors)):
            self.seal_as_the_store()
        return self._store.find(doctors)

    def _fresh(self, doctors: Iterable[UUID]) -> tuple[Mapping[UUID, bytes], str]:
        """New keys, and the name of the master key that all of them are under."""
        name = self.master.sealing
        return {
            doctor: self.master.sealed(secrets.token_bytes(_KEY_BYTES), doctor.bytes, name) for doctor in doctors
        }, name

    def _let_go(self) -> None:
        if time.monotonic() - self._since > self.SECONDS or len(self._open) > self.LIMIT:
            self._open = {}
            self._since = time.monotonic()

    def _remember(self, sealed: Mapping[UUID, bytes]) -> dict[UUID, DoctorKey]:
        opened = {doctor: self._opened(doctor, blob) for doctor, blob in sealed.items()}
        self._open.update(opened)
        return opened

    def _opened(self, doctor: UUID, blob: bytes) -> DoctorKey:
        return DoctorKey.of(self.master.opened(blob, doctor.bytes))


def bound_to(service_key: str) -> bytes:
    """What the stored form of a service key is bound to."""
    return f"alis/service-key/{service_key}".encode()
