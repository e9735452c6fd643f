"""`python -m deploy.health` exits with 0 if the service on this machine answers: the container's health check."""

import http.client
import ssl
import sys
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from deploy.network import network_of
from deploy.problems import SettingsProblem
from deploy.settings import Settings, read_settings

PATH: Final = "/api/v1/health"
SECONDS: Final = 3
OK: Final = 200


def answers(settings: Settings) -> bool:
    """Whether the service answers that it is alive."""
    try:
        network = network_of(settings)
        headers = {"Host": network.name} if network.opened else {}
        with closing(_connection(settings)) as connection:
            connection.request("GET", PATH, headers=headers)
            return connection.getresponse().status == OK
    except (OSError, http.client.HTTPException, SettingsProblem):
        return False


def _connection(settings: Settings) -> http.client.HTTPConnection:
    listens = ip_address(settings.host)
    here = {4: "127.0.0.1", 6: "::1"}[listens.version] if listens.is_unspecified else settings.host
    if settings.tls_certificate is None:
        return http.client.HTTPConnection(here, settings.port, timeout=SECONDS)
    return http.client.HTTPSConnection(here, settings.port, timeout=SECONDS, context=_own(settings.tls_certificate))


def _own(certificate: Path) -> ssl.SSLContext:
    """Trust the very certificate that the service has, whoever signed it and whatever it is called here."""
    context = ssl.create_default_context(cafile=str(certificate))
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    context.check_hostname = False
    return context


if __name__ == "__main__":
    sys.exit(not answers(read_settings()))
