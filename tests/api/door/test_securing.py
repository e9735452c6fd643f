"""TLS of the service's own: who gets in, what they are secured with, and who does not finish being secured."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import uvicorn

from api.door.connections import BACKLOG, ConnectionLimits, guarded
from deploy.certificate import Certificate
from tests.certificates import made_for

SECONDS: Final = 20
LARGE: Final = 32 * 1024 * 1024
HELLO: Final = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


async def scheme(scope: dict[str, Any], _receive: object, send: Any) -> None:  # noqa: ANN401 - the server's own
    """An application that says over what it was asked, and at `/large` more than the kernel takes at once."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    body = bytes(LARGE) if scope["path"] == "/large" else scope["scheme"].encode()
    await send({"type": "http.response.body", "body": body})


@dataclass
class Served:
    """A server with a certificate."""

    folder: Path
    port: int
    server: uvicorn.Server

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))

    def get(self) -> str:
        return httpx.get(f"https://localhost:{self.port}/", verify=self.trusting(), timeout=SECONDS).text

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def serial(self) -> Any:  # noqa: ANN401 - as the library has it
        """The number of the certificate that the next who connects is shown."""
        with self.connected() as plain, self.trusting().wrap_socket(plain, server_hostname="localhost") as secured:
            return (secured.getpeercert() or {})["serialNumber"]


@contextmanager
def served(folder: Path, limits: ConnectionLimits) -> Iterator[Served]:
    certificate = Certificate(*made_for(folder, "localhost"))
    config = uvicorn.Config(
        scheme, http=guarded(limits, certificate=certificate), log_config=None, lifespan="off", backlog=BACKLOG
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.005)
            yield Served(folder, listening.getsockname()[1], server)
        finally:
            server.should_exit = server.force_exit = True
            thread.join()


@pytest.fixture
def few(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, ConnectionLimits(connections=4, per_address=3, head_seconds=1)) as made:
        yield made


def ends(connection: socket.socket) -> bool:
    """Whether the other side closes it, within the socket's own time."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return True


def test_what_is_asked_under_tls_is_answered_and_in_one_piece_with_the_end_of_the_agreement(few: Served) -> None:
    assert few.get() == "https"
    with few.connected() as plain, few.trusting().wrap_socket(plain, server_hostname="localhost") as secured:
        secured.sendall(HELLO)
        assert secured.recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_that_are_good_today_are_spoken(few: Served, version: ssl.TLSVersion) -> None:
    context = few.trusting()
    context.minimum_version = context.maximum_version = version
    assert httpx.get(f"https://localhost:{few.port}/", verify=context, timeout=SECONDS).text == "https"


def test_older_versions_and_weak_ciphers_are_not(few: Served) -> None:
    old, weak = few.trusting(), few.trusting()
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("ECDHE+AES+SHA1:ECDHE+AES+SHA256:!AESGCM")
    for context in (old, weak):
        with few.connected() as plain, pytest.raises((ssl.SSLError, ConnectionResetError)):
            context.wrap_socket(plain, server_hostname="localhost")


def test_plain_http_is_not_answered_there(few: Served) -> None:
    with few.connected() as plain:
        plain.sendall(HELLO)
        assert b"HTTP" not in plain.recv(65_536)
    assert few.get() == "https"


def test_who_does_not_finish_being_secured_is_closed_in_time(few: Served) -> None:
    with few.connected() as silent, few.connected() as trickling:
        trickling.sendall(b"\x16\x03\x01")
        assert ends(silent)
        assert ends(trickling)


def test_who_is_not_secured_yet_makes_room_for_who_comes(tmp_path: Path) -> None:
    with served(tmp_path, ConnectionLimits(connections=4, per_address=3, head_seconds=SECONDS)) as made:
        first, *others = [made.connected() for _ in range(3)]
        with closing(first), closing(others[0]), closing(others[1]):
            assert made.get() == "https"
            assert ends(first), "the one that waited longest"


def test_a_certificate_that_is_renewed_is_shown_to_who_comes_next(few: Served) -> None:
    before = few.serial()
    with few.connected() as plain, few.trusting().wrap_socket(plain, server_hostname="localhost") as kept:
        made_for(few.folder, "localhost")
        assert few.serial() != before
        kept.sendall(HELLO)
        assert kept.recv(65_536).startswith(b"HTTP/1.1 200"), "who was there stays"


def test_new_files_that_cannot_be_used_leave_the_old_certificate_in_use_until_they_can(few: Served) -> None:
    before, trusting = few.serial(), few.trusting()
    certificate, key = few.folder / "certificate.pem", few.folder / "key.pem"
    old = certificate.read_bytes(), key.read_bytes()
    made_for(few.folder, "localhost")
    key.write_bytes(old[1])  # half of a renewal
    assert httpx.get(f"https://localhost:{few.port}/", verify=trusting, timeout=SECONDS).text == "https"
    key.unlink()
    assert httpx.get(f"https://localhost:{few.port}/", verify=trusting, timeout=SECONDS).text == "https"
    made_for(few.folder, "localhost")
    assert few.serial() != before


def test_who_does_not_read_an_answer_is_closed_in_time_and_who_reads_late_gets_all_of_it(tmp_path: Path) -> None:
    with served(tmp_path, ConnectionLimits(read_seconds=1.5)) as made:
        read = []
        for seconds in (0.5, SECONDS):
            with made.connected() as plain, made.trusting().wrap_socket(plain, server_hostname="localhost") as secured:
                secured.sendall(HELLO.replace(b"/ ", b"/large "))
                read.append(read_after(secured, seconds, made))
        assert read[0] > LARGE
        assert read[1] < LARGE


def read_after(secured: ssl.SSLSocket, seconds: float, made: Served) -> int:
    """How much there is to read after so long, or when the server has given up."""
    began = time.monotonic()
    while not made.server.server_state.connections:
        time.sleep(0.005)
    while time.monotonic() - began < seconds and made.server.server_state.connections:
        time.sleep(0.02)
    found = 0
    with suppress(OSError):
        while chunk := secured.recv(65_536):
            found += len(chunk)
    return found
