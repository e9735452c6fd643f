"""The master key, under which every other key is sealed."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.values.refusals.refusal import Refused

NONCE_BYTES: Final = 12


def derived_key(master_key: bytes, purpose: bytes) -> bytes:
    """A key for another purpose than sealing keys, from which the master key cannot be computed."""
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(master_key)


class WrongMasterKey(Refused):
    """The master key is not the one that the keys were sealed with."""

    def __init__(self) -> None:
        super().__init__("wrong-master-key", {})


class MasterKey:
    """Seals keys and opens them again; whose or what a key is for is bound to it."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(key)

    def sealed(self, key: bytes, bound_to: bytes) -> bytes:
        """A key as it is stored."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, key, bound_to)

    def opened(self, blob: bytes, bound_to: bytes) -> bytes:
        """A stored key; raises `WrongMasterKey`."""
        try:
            return self._cipher.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], bound_to)
        except InvalidTag:
            raise WrongMasterKey from None

    def followed(self, service_key: str) -> bytes:
        """What a service key was before service keys were stored: it followed from the master key."""
        return self._key if service_key == REQUESTS_KEY else derived_key(self._key, f"alis/{service_key}/1".encode())


REQUESTS_KEY: Final = "requests"
"""The service key of the digests by which a repeated request is known."""
SEARCH_KEY: Final = "search"
"""The service key of the digests that stand in for personal words in search."""
