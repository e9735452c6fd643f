"""Services and workers as processes of their own on one database, for tests that kill them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from tests.deploy.test_ending import MASTER_KEY, free_port
from tests.issuer import settings as believing
from tests.logged import look_through

ALIS: Final = str(Path(sys.executable).with_name("alis"))
SECONDS: Final = 60


@dataclass
class Member:
    """A process that is begun again when it was killed."""

    command: list[str]
    settings: dict[str, str]
    said: Path
    process: "subprocess.Popen[bytes] | None" = None
    killed: int = 0

    def start(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALIS_", "OTEL_"))}
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(
                self.command,
                env=kept | {"ALIS_ACCESS_LOG_MILLISECONDS": "20000"} | self.settings,
                stdout=said,
                stderr=said,
            )

    def kill(self) -> None:
        """End it in the middle of whatever it does, and begin it again."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.killed += 1
        self.start()

    def revive(self) -> None:
        """Begin it again where it ended by itself, as when the database was away while it started."""
        if self.process is not None and self.process.poll() is not None:
            self.start()

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            look_through(self.said.read_text("utf-8"))


@dataclass
class Fleet:
    """Some services, each with its address, and some workers."""

    services: list[Member] = field(default_factory=list)
    workers: list[Member] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    @property
    def members(self) -> list[Member]:
        return [*self.services, *self.workers]

    def answers(self, which: int) -> bool:
        try:
            return httpx.get(f"{self.addresses[which]}/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def said(self) -> str:
        return "\n".join(member.said.read_text() for member in self.members)


@contextmanager
def fleet(url: str, folder: Path, services: int = 2, workers: int = 2) -> Iterator[Fleet]:
    """A fleet that answers."""
    of_their_own = {"ALIS_DATABASE_URL": url, "ALIS_MASTER_KEY": MASTER_KEY, "ALIS_LOG_FORMAT": "json"}
    made, settings = Fleet(), of_their_own | believing() | {"ALIS_REQUESTS_PER_MINUTE": "1000000"}
    for number in range(services):
        port = free_port()
        made.addresses.append(f"http://127.0.0.1:{port}/api/v1")
        member = Member([ALIS, "serve"], settings | {"ALIS_PORT": str(port)}, folder / f"service-{number}.log")
        made.services.append(member)
    made.workers = [Member([ALIS, "worker"], settings, folder / f"worker-{n}.log") for n in range(workers)]
    try:
        for member in made.members:
            member.start()
        deadline = time.monotonic() + SECONDS
        while not all(map(made.answers, range(services))):
            assert time.monotonic() < deadline, made.said()
            time.sleep(0.2)
        yield made
    finally:
        for member in made.members:
            member.end()
