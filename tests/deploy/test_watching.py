"""The program's own database is killed under the running service, which begins it again."""

import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.api.asking import FACTS, POST, as_, leave
from tests.deploy.test_database import server_pid
from tests.deploy.test_ending import ALIS, MASTER_KEY, end, free_port, running
from tests.issuer import settings as believing


def answered(client: httpx.Client, key: str, fact: dict[str, object]) -> int:
    """The first answer that is not «try again»."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            status = client.post(FACTS, json=fact, headers={"Idempotency-Key": key}).status_code
        except httpx.TransportError:
            status = 503
        if status != 503:
            return status
        time.sleep(0.2)
    return 503


@pytest.mark.long
def test_a_service_whose_own_database_is_killed_goes_on_by_itself_and_has_lost_nothing(data_folder: Path) -> None:
    port = free_port()
    settings = {
        "ALIS_DATA_FOLDER": str(data_folder),
        "ALIS_MASTER_KEY": MASTER_KEY,
        "ALIS_PORT": str(port),
        **believing(),
    }
    address = f"http://127.0.0.1:{port}/api/v1"
    with (
        running([ALIS, "serve"], **settings) as process,
        httpx.Client(base_url=address, headers=as_("kommune:1804"), timeout=30) as client,
    ):
        assert answered(client, "start", POST) == 201
        for number in range(2):
            os.kill(server_pid(data_folder), signal.SIGKILL)
            assert answered(client, f"leave-{number}", leave(f"l{number}")) == 201
        assert len(client.get(FACTS).json()["facts"]) == 3
        end(process)
    assert not (data_folder / "postgres" / "postmaster.pid").exists()
