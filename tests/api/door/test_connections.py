"""Callers who dawdle: half a request, a body that never ends, an answer that nobody reads, too many at once."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any, Final

import httpx
import pytest
import uvicorn

from api.door.connections import BACKLOG, GONE, ConnectionLimits, guarded

LARGE: Final = bytes(8 * 1024 * 1024)
"""More than the kernel takes from whoever writes to one who does not read."""
HEAD: Final = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


async def plain(scope: dict[str, Any], receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    """An application that reads the body, and answers at `/large` with more than fits."""
    while (await receive()).get("more_body"):
        pass
    while scope["path"] == "/until-left" and not scope["state"][GONE]():  # noqa: ASYNC110 - asked, as by a thread
        await asyncio.sleep(0.01)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": LARGE if scope["path"] == "/large" else b"ok"})


class Served:
    """A server under limits, and what a test needs to know of it."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self._config = uvicorn.Config(
            plain, http=guarded(limits), log_config=None, lifespan="off", backlog=BACKLOG, access_log=False
        )
        self.server = uvicorn.Server(self._config)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = self.listening.getsockname()

    def caller(self, sent: bytes = b"") -> socket.socket:
        """A connection on which something was sent."""
        made = socket.create_connection(self.address, timeout=20)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.sendall(sent)
        return made

    def answers(self) -> bool:
        """Whether somebody who asks properly is answered."""
        return httpx.get(f"http://127.0.0.1:{self.address[1]}/", timeout=20).text == "ok"

    def is_full(self) -> bool:
        """Whether no answer can be sent on."""
        connections: list[Any] = list(self.server.server_state.connections)
        return len(connections) == 9 and all(each.flow.write_paused for each in connections)


@pytest.fixture
def served_few() -> Iterator[Served]:
    with served(ConnectionLimits(connections=10, per_address=9, unread_bytes=10**9)) as made:
        yield made


@contextmanager
def served(limits: ConnectionLimits) -> Iterator[Served]:
    made = Served(limits)
    thread = threading.Thread(target=made.server.run, kwargs={"sockets": [made.listening]})
    thread.start()
    try:
        while not made.server.started:
            time.sleep(0.005)
        yield made
    finally:
        made.server.should_exit = made.server.force_exit = True
        thread.join()


def is_closed(connection: socket.socket) -> bool:
    """Whether the server closes it, within the socket's own time."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize(
    "sent",
    [b"", HEAD, b"GET / HTTP/1.1\r\n\r\n"[:9], HEAD + b"\r\n" + HEAD],
    ids=["nothing", "half-a-head", "half-a-line", "half-of-the-next"],
)
def test_a_head_that_does_not_come_is_not_waited_for(sent: bytes) -> None:
    with served(ConnectionLimits(head_seconds=0.2)) as at, closing(at.caller(sent)) as caller:
        assert is_closed(caller)
        assert at.answers()


def test_a_head_that_trickles_in_has_no_more_time_than_another() -> None:
    with served(ConnectionLimits(head_seconds=0.5)) as at, closing(at.caller(HEAD)) as caller, suppress(OSError):
        trickling = time.monotonic()
        while time.monotonic() - trickling < 20:
            caller.sendall(b"A: b\r\n")
            time.sleep(0.02)
        pytest.fail("it was waited for all the same")


@pytest.mark.parametrize("length", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
def test_a_body_that_does_not_come_is_not_waited_for(length: bytes) -> None:
    half = b"POST / HTTP/1.1\r\nHost: localhost\r\n" + length + b"\r\n\r\n1"
    with served(ConnectionLimits(body_seconds=0.2)) as at, closing(at.caller(half)) as caller:
        assert is_closed(caller)
        assert at.answers()


def test_what_computes_is_told_when_its_caller_has_left() -> None:
    with served(ConnectionLimits()) as at:
        caller = at.caller(b"GET /until-left HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: len(at.server.server_state.tasks) == 1)
        caller.close()
        until(lambda: not at.server.server_state.tasks)


def test_a_caller_who_does_not_read_is_left() -> None:
    with (
        served(ConnectionLimits(read_seconds=0.3)) as at,
        closing(at.caller(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")),
    ):
        until(lambda: not at.server.server_state.connections)
        assert at.answers()


def test_only_so_much_lies_unread_for_all_callers_together() -> None:
    with served(ConnectionLimits(unread_bytes=2 * len(LARGE))) as at, ExitStack() as callers:
        for _ in range(6):
            callers.enter_context(closing(at.caller(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")))
            at.answers()
        assert len(at.server.server_state.connections) < 6
        assert at.answers()


def test_whoever_comes_is_answered_however_many_send_nothing() -> None:
    with served(ConnectionLimits(connections=20, per_address=20)) as at, ExitStack() as callers:
        for _ in range(60):
            callers.enter_context(closing(at.caller(HEAD)))
        assert at.answers()
        assert len(at.server.server_state.connections) <= 21


def test_whoever_comes_is_answered_however_many_do_not_read(served_few: Served) -> None:
    with ExitStack() as callers:
        for _ in range(9):
            callers.enter_context(closing(served_few.caller(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")))
        until(served_few.is_full)
        assert served_few.answers()


def test_of_one_address_there_are_no_more_connections_than_it_may_have() -> None:
    with served(ConnectionLimits(connections=20, per_address=3)) as at, ExitStack() as callers:
        for _ in range(9):
            callers.enter_context(closing(at.caller(HEAD)))
        assert at.answers()
        assert len(at.server.server_state.connections) <= 4


def test_there_are_fewer_connections_than_files_that_the_process_may_open() -> None:
    within = ConnectionLimits(connections=10**9, per_address=10**9).within_files()
    assert within.per_address < within.connections < 10**9


def until(happened: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < 20
        time.sleep(0.01)
