"""`python -m deploy.health` exits with 0 if the service on this machine answers: the container's health check."""

import http.client
import sys
from typing import Final

from deploy.settings import Settings, read_settings

PATH: Final = "/api/v1/health"
SECONDS: Final = 3
OK: Final = 200


def answers(settings: Settings) -> bool:
    """Whether the service answers that it is alive."""
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=SECONDS)
    try:
        connection.request("GET", PATH)
        return connection.getresponse().status == OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not answers(read_settings()))
