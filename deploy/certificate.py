"""The service's own certificate, read again when its files change."""

import ssl
from pathlib import Path
from typing import Any, Final

import structlog

from deploy.problems import SettingsProblem

_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: those that a key which is stolen later does not open. TLS 1.3 has no others."""


class Certificate:
    """A certificate and its key; whoever connects next gets what lies in the files then."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._certificate = certificate
        self._key = key
        self._log: Any = structlog.get_logger("certificate")
        try:
            self._stamp = self._stamped()
            self._context = self._read()
        except (OSError, ssl.SSLError):
            raise SettingsProblem(
                "Filene i ALIS_TLS_CERTIFICATE og ALIS_TLS_KEY kan ikke brukes; de skal kunne leses, være PEM og høre"
                " sammen, og nøkkelen skal ikke ha passord."
            ) from None

    def context(self) -> ssl.SSLContext:
        """What the next connection is secured with; new files that cannot be used leave the old in use."""
        try:
            stamp = self._stamped()
            if stamp != self._stamp:
                self._stamp = stamp
                self._context = self._read()
                self._log.info("certificate-read")
        except (OSError, ssl.SSLError) as problem:
            self._log.error("certificate-not-read", error=type(problem).__name__)
        return self._context

    def _stamped(self) -> list[tuple[int, int]]:
        found = (file.stat() for file in (self._certificate, self._key))
        return [(each.st_ino, each.st_mtime_ns) for each in found]

    def _read(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(_CIPHERS)
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(self._certificate, self._key, password=_no_password)
        return context


def _no_password() -> str:
    """Asked of a key that has one: nobody sits at the terminal of a service."""
    return ""
