"""The first moments of a connection under TLS: who does not finish them is counted, timed and closed as others are."""

import asyncio
import sys
from collections.abc import Callable
from typing import Protocol, cast

from deploy.certificate import Certificate


class Crowd(Protocol):
    """All connections of a server, as far as one that is not secured yet has to do with them."""

    def enter(self, connection: "Securing") -> bool:
        """Let it in; False if there is no room."""

    def waited_for(self, connection: "Securing") -> None:
        """It may be closed to make room for others."""

    def leave(self, connection: "Securing") -> None:
        """Free its place."""


class Securing(asyncio.Protocol):
    """A connection until both sides have agreed on keys; after that the protocol that is `made` has it."""

    def __init__(
        self,
        crowd: Crowd,
        certificate: Certificate,
        seconds: float,
        made: Callable[[asyncio.Transport], asyncio.Protocol],
    ) -> None:
        self._crowd = crowd
        self._certificate = certificate
        self._seconds = seconds
        self._made = made
        self._early = bytearray()
        self._task: asyncio.Task[None] | None = None
        self.address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let it in, or turn it away."""
        self._transport = transport
        transport.pause_reading()  # until the other side's bytes are read as TLS
        peer = transport.get_extra_info("peername")
        self.address = peer[0] if peer else ""
        if self._crowd.enter(self):
            self._crowd.waited_for(self)
            self._task = asyncio.get_running_loop().create_task(self._secure())
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """What comes together with the end of the agreement."""
        self._early += data

    def drop(self) -> None:
        """Close at once."""
        self._transport.abort()

    async def _secure(self) -> None:
        try:
            secured = await asyncio.get_running_loop().start_tls(
                self._transport,
                self,
                self._certificate.context(),
                server_side=True,
                ssl_handshake_timeout=self._seconds,
            )
        except OSError:  # of TLS too
            self._transport.abort()
            return
        finally:
            self._crowd.leave(self)
        if secured is not None:
            self._hand_over(secured)

    def _hand_over(self, secured: asyncio.Transport) -> None:
        protocol = self._made(self._transport)
        tls = cast("asyncio.BufferedProtocol", self._transport.get_protocol())
        self._transport.set_protocol(_Between(tls, protocol))
        secured.set_protocol(protocol)
        secured.set_write_buffer_limits(high=sys.maxsize)
        protocol.connection_made(secured)
        if self._early:
            protocol.data_received(bytes(self._early))


class _Between(asyncio.BufferedProtocol):
    """Stands below TLS and tells the connection at once when the kernel takes no more, and when it does again.

    TLS of the library takes all of an answer whatever the kernel does, and would say so with the next write only.
    """

    def __init__(self, tls: asyncio.BufferedProtocol, connection: asyncio.Protocol) -> None:
        self._tls = tls
        self._connection = connection
        self._paused = False

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to put what comes."""
        return cast("memoryview", self._tls.get_buffer(sizehint))

    def buffer_updated(self, nbytes: int) -> None:
        """Something has come."""
        self._tls.buffer_updated(nbytes)

    def eof_received(self) -> bool | None:
        """Nothing more comes."""
        return self._tls.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._tls.connection_lost(exc)

    def pause_writing(self) -> None:
        """The kernel takes no more."""
        self._paused = True
        self._tls.pause_writing()
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        """The kernel has taken everything; TLS may have kept something that it does not take again."""
        self._paused = False
        self._tls.resume_writing()
        if not self._paused:
            self._connection.resume_writing()
