"""The public keys of an issuer, fetched when they are needed and never more than once in ten seconds."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import structlog
from joserfc.jwk import Key, KeySet

from api.identity.issuers import Issuer, is_loopback

PAUSE_SECONDS: Final = 10.0
"""An unknown key costs one question in this time, however many tokens name it."""
AGE_SECONDS: Final = 3600.0
"""A withdrawn key is let go after this time at the latest."""
_TIMEOUT_SECONDS: Final = 5.0
_TYPES: Final = {"RSA", "EC"}
"""A key of another kind cannot be used, and keeps none of the others from being so."""
_LARGEST: Final = 1_000_000
_WELL_KNOWN: Final = ("openid-configuration", "oauth-authorization-server")


class KeysUnavailable(Exception):
    """The issuer did not answer, and its keys are not known."""


class IssuerKeys:
    """The keys of one issuer; old ones are kept while the issuer does not answer, but never longer than an hour."""

    def __init__(self, issuer: Issuer, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._clock = clock
        self._lock = Lock()
        self._keys: dict[str, Key] = {}
        self._asked = self._answered = -AGE_SECONDS

    def key(self, kid: str) -> Key | None:
        """The key of this name, None if the issuer has none; raises `KeysUnavailable`."""
        with self._lock:
            now = self._clock()
            wanted = kid not in self._keys or now - self._answered >= AGE_SECONDS
            if wanted and now - self._asked >= PAUSE_SECONDS:
                self._asked = now
                self._fetch(now)
            if now - self._answered >= AGE_SECONDS:
                self._keys = {}
                raise KeysUnavailable
            return self._keys.get(kid)

    def forget(self) -> None:
        """Fetch anew at the next question."""
        with self._lock:
            self._asked = self._answered = -AGE_SECONDS

    def _fetch(self, now: float) -> None:
        try:
            with httpx2.Client(timeout=_TIMEOUT_SECONDS, trust_env=not self._is_here()) as client:
                stated = _json(client, self._issuer.jwks_uri or self._discovered(client))
                found = KeySet.import_key_set({"keys": [each for each in stated["keys"] if each["kty"] in _TYPES]})
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            problem = {"issuer": self._issuer.issuer, "why": type(error).__name__}
            structlog.get_logger("access").warning("issuer-keys-unavailable", **problem)
            return
        self._keys = {key.kid: key for key in found.keys if key.kid}
        self._answered = now

    def _is_here(self) -> bool:
        return is_loopback(urlsplit(self._issuer.issuer).hostname)

    def _discovered(self, client: httpx2.Client) -> str:
        return str(metadata(client, self._issuer)["jwks_uri"])


def metadata(client: httpx2.Client, issuer: Issuer) -> dict[str, Any]:
    """What an issuer says about itself; raises `ValueError` if it says it is another, else as `httpx2` does."""
    asked = (client.get(f"{issuer.issuer.rstrip('/')}/.well-known/{name}") for name in _WELL_KNOWN)
    response = next((each for each in asked if each.is_success), None)
    if response is None:
        raise ValueError
    found: dict[str, Any] = response.json()
    if found["issuer"] != issuer.issuer:
        raise ValueError
    return found


def _json(client: httpx2.Client, url: str) -> Any:  # noqa: ANN401 - the library checks it
    response = client.get(url).raise_for_status()
    if len(response.content) > _LARGEST:
        raise ValueError
    return response.json()
