"""Keeps some connections from starving the others, by limits on time, number and memory.

When there is no room for a new connection, one that has not sent a whole request is closed. Nothing here reads what is
asked.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, Final, Protocol, Self, cast

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from api.door.securing import Securing
from deploy.certificate import Certificate
from deploy.network import THIS_MACHINE, Network, address_of

GONE: Final = "gone"
"""The key in a request's state of a function that says, in any thread, whether the caller has left."""
BACKLOG: Final = 128
"""How many connections the kernel accepts before any of them can be turned away."""
_RESERVED_FILES: Final = 256
"""Files left for the database, the log, documents, and connections that are about to be turned away."""
_FEWEST: Final = 16
_CROWDED: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many connections there may be, how long each part of a request may take, and how much may stay unread."""

    connections: int = 500
    per_address: int = 450
    head_seconds: float = 10.0
    body_seconds: float = 60.0
    read_seconds: float = 60.0
    unread_bytes: int = 64 * 1024 * 1024
    unread_answers: int = 64

    def within_files(self) -> Self:
        """The same limits, with no more connections than the process may open files."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = self.connections if files == resource.RLIM_INFINITY else max(_FEWEST, files - _RESERVED_FILES)
        fewer = min(self.connections, most)
        return replace(self, connections=fewer, per_address=min(self.per_address, max(1, fewer * 9 // 10)))


def guarded(
    limits: ConnectionLimits, network: Network = THIS_MACHINE, certificate: Certificate | None = None
) -> type[asyncio.Protocol]:
    """A factory for the connections of one server, which share these limits; under TLS where there is a certificate."""
    crowd = _Crowd(limits.within_files(), network)
    made = partial(_Guarded, crowd) if certificate is None else partial(_securing, crowd, certificate)
    return cast("type[asyncio.Protocol]", made)


def _securing(crowd: "_Crowd", certificate: Certificate, **given: Any) -> Securing:  # noqa: ANN401 - the server's own
    def secured(lowest: asyncio.Transport) -> asyncio.Protocol:
        return _Guarded(crowd, lowest=lowest, **given)

    return Securing(crowd, certificate, crowd.limits.head_seconds, secured)


class _Connection(Protocol):
    """What the crowd knows of each."""

    address: str

    def drop(self) -> None:
        """Close at once."""


class _Crowd:
    """All connections of a server; those that have not asked, or do not read, are kept with the longest idle first."""

    def __init__(self, limits: ConnectionLimits, network: Network) -> None:
        self.limits = limits
        self._network = network
        self._all: Counter[str] = Counter()
        self._waited_for: dict[_Connection, None] = {}
        self._unread: dict[_Guarded, None] = {}

    def enter(self, connection: _Connection) -> bool:
        """Let a connection in, if necessary in place of an idle one; False if there is no room."""
        here = connection.address
        full = self._all.total() >= self.limits.connections
        if full or (self._all[here] >= self.limits.per_address and not self._network.trusts(address_of(here))):
            idle: Iterable[_Connection] = chain(self._waited_for, self._unread)
            others = (each for each in idle if full or each.address == here)
            longest = next(others, None)
            if longest is None:
                return False
            longest.drop()
        self._all[here] += 1
        return True

    def leave(self, connection: _Connection) -> None:
        """A connection that was let in is gone."""
        self._all -= Counter([connection.address])
        self._waited_for.pop(connection, None)
        self._unread.pop(cast("_Guarded", connection), None)

    def waited_for(self, connection: _Connection) -> None:
        """Nothing happens until the caller sends something."""
        self._waited_for.pop(connection, None)
        self._waited_for[connection] = None

    def asked(self, connection: _Connection) -> None:
        """A whole request has arrived."""
        self._waited_for.pop(connection, None)

    def unread(self, connection: "_Guarded") -> None:
        """An answer is read slower than it is sent; if too much is unread, the longest unread ones are closed."""
        self._unread[connection] = None
        while len(self._unread) > 1 and self._too_much():
            next(iter(self._unread)).drop()

    def read(self, connection: "_Guarded") -> None:
        """The caller has read everything."""
        self._unread.pop(connection, None)

    def _too_much(self) -> bool:
        unread = sum(each.lowest.get_write_buffer_size() for each in self._unread if each.lowest)
        return unread > self.limits.unread_bytes or len(self._unread) > self.limits.unread_answers


class _Guarded(H11Protocol):
    """A uvicorn connection that is closed when sending its head or body, or reading the answer, takes too long."""

    def __init__(
        self,
        crowd: _Crowd,
        config: Config,
        server_state: ServerState,
        lowest: asyncio.Transport | None = None,
        **given: Any,  # noqa: ANN401 - the server's own
    ) -> None:
        super().__init__(config=config, server_state=server_state, **given)
        self._crowd = crowd
        self._limits = crowd.limits
        self._inside = False
        self._phase: object = None
        self.lowest = lowest
        self._receiving: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self.address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let it in, or turn it away."""
        super().connection_made(transport)
        self.lowest = self.lowest or transport
        self.lowest.set_write_buffer_limits(high=0)  # `pause_writing` is called as soon as the kernel takes no more
        self.address = self.client[0] if self.client else ""
        self._inside = self._crowd.enter(self)
        if self._inside:
            self._look()
        else:
            transport.write(_CROWDED)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Free its place."""
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the connection was turned away."""
        if self._inside:
            super().data_received(data)

    def handle_events(self) -> None:
        """Read on, and restart the timers for what comes next."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self.cycle.scope["state"][GONE] = partial(getattr, self.cycle, "disconnected")
        self._look()

    def pause_writing(self) -> None:
        """The kernel takes no more of the answer: start the time within which the caller must read it all."""
        super().pause_writing()
        if self._inside and self._sending is None:
            self._sending = self.loop.call_later(self._limits.read_seconds, self.drop)
            self._crowd.unread(self)

    def resume_writing(self) -> None:
        """The kernel has taken all of the answer."""
        super().resume_writing()
        self._stop_sending()
        self._crowd.read(self)

    def drop(self) -> None:
        """Close at once, even in the middle of a request."""
        self._leave()
        self.transport.abort()

    def _look(self) -> None:
        """Time what the caller has to send next, from its first byte to its last."""
        state = self.conn.their_state
        phase = (state, self.cycle)
        if not self._inside or phase == self._phase:
            return
        self._phase = phase
        self._stop_receiving()
        if state is h11.IDLE or state is h11.SEND_BODY:
            seconds = self._limits.head_seconds if state is h11.IDLE else self._limits.body_seconds
            self._receiving = self.loop.call_later(seconds, self.drop)
            self._crowd.waited_for(self)
        else:
            self._crowd.asked(self)

    def _stop_receiving(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None

    def _stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _leave(self) -> None:
        self._stop_receiving()
        self._stop_sending()
        if self._inside:
            self._inside = False
            self._crowd.leave(self)
