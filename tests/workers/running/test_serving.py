"""How the port of the service is listened on."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from deploy.settings import Settings
from tests.deploy.test_ending import free_port
from workers.running.serving import listening


async def hello(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401 - the server's own
    """The smallest application."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def served(host: str) -> Iterator[tuple[uvicorn.Server, str]]:
    """The application on the service's own port, and where it answers."""
    settings = Settings(host=host, port=free_port())
    with listening(settings) as port:
        server = uvicorn.Server(uvicorn.Config(hello, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield server, f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/"
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_no_answer_on_a_kept_connection_waits_for_the_one_before_to_be_acknowledged(host: str) -> None:
    with served(host) as (server, address), httpx.Client(timeout=30) as client:
        assert [client.get(address).text for _ in range(2)] == ["hello", "hello"]
        (kept,) = server.server_state.connections
        accepted = kept.transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
