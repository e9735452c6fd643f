"""The master key, under which every other key is sealed. While it is changed there are two, told apart by name.

A name is a short digest from which the key cannot be computed. It stands first in what is sealed; what was sealed
before master keys had names has none, and is opened with whichever key fits.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.values.refusals.refusal import Refused

NONCE_BYTES: Final = 12
NAME_BYTES: Final = 8
NAMED_BYTES: Final = NAME_BYTES + NONCE_BYTES + 32 + 16
"""How long a sealed key with a name is: the name, the nonce, the key, the tag."""
REQUESTS_KEY: Final = "requests"
"""The service key of the digests by which a repeated request is known."""
SEARCH_KEY: Final = "search"
"""The service key of the digests that stand in for personal words in search."""


def derived_key(master_key: bytes, purpose: bytes) -> bytes:
    """A key for another purpose than sealing keys, from which the master key cannot be computed."""
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(master_key)


def name_of_master(master_key: bytes) -> str:
    """The name of a master key; it tells nothing of the key."""
    return derived_key(master_key, b"alis/master/1")[:NAME_BYTES].hex()


class WrongMasterKey(Refused):
    """The master key is not the one that the keys were sealed with."""

    def __init__(self) -> None:
        super().__init__("wrong-master-key", {})


class MasterKeys:
    """Seals keys under one master key, and opens those sealed under any that is given.

    `read_again` gives all that are given now: it is asked where one is needed that is not known yet, for a key can be
    changed while the program runs. Whose or what a key is for is bound to what is sealed.
    """

    def __init__(self, master_key: bytes, read_again: Callable[[], Iterable[bytes]] = tuple) -> None:
        self._read_again = read_again
        self._keys: Mapping[str, bytes] = {name_of_master(master_key): master_key}
        self.sealing = name_of_master(master_key)
        """The name of the key that seals."""

    @property
    def names(self) -> frozenset[str]:
        """The names of all that are given now."""
        self._read()
        return frozenset(self._keys)

    def seal_with(self, name: str) -> None:
        """Seal with another from now on; raises `WrongMasterKey` where it is not given."""
        self._known(name)
        self.sealing = name

    def sealed(self, key: bytes, bound_to: bytes, name: str) -> bytes:
        """A key as it is stored, under the master key of a name."""
        nonce = os.urandom(NONCE_BYTES)
        return bytes.fromhex(name) + nonce + AESGCM(self._known(name)).encrypt(nonce, key, bound_to)

    def opened(self, blob: bytes, bound_to: bytes) -> bytes:
        """A stored key; raises `WrongMasterKey` where no master key that is given opens it."""
        return self._opened(blob, bound_to)[1]

    def opener(self, blob: bytes, bound_to: bytes) -> str:
        """The name of the master key that opens a stored key; raises `WrongMasterKey`."""
        return self._opened(blob, bound_to)[0]

    def _opened(self, blob: bytes, bound_to: bytes) -> tuple[str, bytes]:
        if len(blob) == NAMED_BYTES:
            name = blob[:NAME_BYTES].hex()
            tried: Iterable[str] = [name] if self._is_known(name) else []
            blob = blob[NAME_BYTES:]
        else:
            tried = self._all()
        for name in tried:
            with suppress(InvalidTag, ValueError):  # a nonce that was cut short is a ValueError
                return name, AESGCM(self._keys[name]).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], bound_to)
        raise WrongMasterKey

    def _all(self) -> Iterator[str]:
        """The names of those that are known, then of those that are given besides."""
        before = self._keys
        yield from before
        self._read()
        yield from self._keys.keys() - before.keys()

    def derived(self, purpose: bytes) -> bytes:
        """A key for another purpose, of the master key that seals."""
        return derived_key(self._known(self.sealing), purpose)

    def followed(self, service_key: str) -> bytes:
        """What a service key was before service keys were stored: it followed from the master key."""
        master_key = self._known(self.sealing)
        return master_key if service_key == REQUESTS_KEY else derived_key(master_key, f"alis/{service_key}/1".encode())

    def _known(self, name: str) -> bytes:
        if not self._is_known(name):
            raise WrongMasterKey
        return self._keys[name]

    def _is_known(self, name: str) -> bool:
        if name not in self._keys:
            self._read()
        return name in self._keys

    def _read(self) -> None:
        self._keys = {**self._keys, **{name_of_master(key): key for key in self._read_again()}}
