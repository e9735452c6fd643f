"""Serving HTTP until it is stopped."""

import errno
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Final

import structlog
import uvicorn

from api.door import metrics
from api.door.connections import BACKLOG, ConnectionLimits, guarded
from api.http.services import RequestLimits
from api.identity.issuers import Issuer
from api.main import create_app
from deploy import health, telemetry
from deploy.certificate import Certificate
from deploy.database import is_used
from deploy.network import Network, network_of
from deploy.problems import PORT_IN_USE, DatabaseProblem, SettingsProblem
from deploy.roles import keeps_apart
from deploy.server import START_SECONDS
from deploy.settings import Settings
from projections.all import ALL
from projections.workers import Workers
from workers.access.identity import identity_of, issuers_of
from workers.shell.output import say
from workers.shell.session import Session, session

_DRAIN_SECONDS: Final = 10
_BEGINNING_SECONDS: Final = 3.0
"""Between taking its address and using its data folder no service takes longer."""
_PAUSE_SECONDS: Final = 0.1


def serve(
    settings: Settings,
    before: Callable[[Session], object] = lambda _: None,
    issuing: Callable[[Settings], AbstractContextManager[Sequence[Issuer]]] = lambda of: nullcontext(issuers_of(of)),
    *,
    with_worker: bool = False,
) -> None:
    """Serve until Ctrl-C or SIGTERM; requests under way are finished first.

    `issuing` begins what vouches for people, unless it is those of the settings. `with_worker` runs the projections in
    the same process, as for trying the program.

    Raises `SettingsProblem` for settings that would let in strangers, `DatabaseProblem` for a port in use.
    """
    network, certificate = network_of(settings), _certificate(settings)
    with (
        listening(settings) as port,
        session(settings) as now,
        issuing(settings) as issuers,
        _worker(now, wanted=with_worker),
    ):
        identity = identity_of(now.casework, issuers)
        if not keeps_apart(now.url):
            structlog.get_logger("database").warning("one-role-for-all")
        before(now)
        say(_welcome(network))
        now.store.access_log.open()
        app = create_app(now.casework, _limits(settings), network=network, identity=identity)
        metrics.install(app, now.store)
        telemetry.install(app, now.store)
        config = uvicorn.Config(
            app,
            http=guarded(_of_connections(settings), network, certificate),
            proxy_headers=False,  # who is believed about whom is decided at the door
            ws="none",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_DRAIN_SECONDS,
            server_header=False,
            backlog=BACKLOG,
        )
        server = uvicorn.Server(config)
        with suppress(KeyboardInterrupt), drained(server):
            server.run(sockets=[port])


def _certificate(settings: Settings) -> Certificate | None:
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    return Certificate(settings.tls_certificate, settings.tls_key)


def _limits(settings: Settings) -> RequestLimits:
    return RequestLimits(
        document_max_bytes=settings.document_max_bytes,
        compute_seconds=settings.compute_seconds,
        log_seconds=settings.access_log_milliseconds / 1000,
        requests_per_minute=settings.requests_per_minute,
        session_idle_minutes=settings.session_idle_minutes,
        session_hours=settings.session_hours,
    )


def _of_connections(settings: Settings) -> ConnectionLimits:
    return ConnectionLimits(
        connections=settings.connections,
        per_address=settings.connections * 9 // 10,
        head_seconds=settings.head_seconds,
        body_seconds=settings.body_seconds,
        read_seconds=settings.read_seconds,
    )


def _worker(now: Session, *, wanted: bool) -> AbstractContextManager[object]:
    return Workers(ALL, now.store, now.for_read_models()) if wanted else nullcontext()


@contextmanager
def drained(server: uvicorn.Server) -> Iterator[None]:
    """Let SIGTERM mean: take no more, finish what is under way, and leave as when all is done."""
    before = signal.signal(signal.SIGTERM, server.handle_exit)  # uvicorn raises the signal once more when it has ended
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def listening(settings: Settings) -> socket.socket:
    """The port, taken before anything else is started.

    It names its protocol, for only on such sockets does asyncio send at once (`TCP_NODELAY`); on others the rest of an
    answer waits until the caller has acknowledged its head.

    Raises `SettingsProblem` for an address that is not this machine's, `DatabaseProblem` for a port in use.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((settings.host, settings.port))
        taken.listen(BACKLOG)
    except OSError as problem:
        taken.close()
        if problem.errno == errno.EADDRNOTAVAIL:
            raise SettingsProblem("ALIS_HOST er ikke en adresse som denne maskinen har.") from None
        raise DatabaseProblem(
            PORT_IN_USE,
            f"Port {settings.port} på {settings.host} er opptatt; stopp den som bruker den,"
            " eller velg en annen med ALIS_PORT.",
        ) from None
    return taken


def serves_already(settings: Settings) -> bool:
    """Whether another process serves, or is about to serve, this data folder at the address that is taken."""
    if settings.database_url is not None:
        return False
    began = time.monotonic()
    while time.monotonic() - began < START_SECONDS:
        used = is_used(settings.data_folder)
        if used and health.answers(settings):
            return True
        if not used and time.monotonic() - began > _BEGINNING_SECONDS:
            return False
        time.sleep(_PAUSE_SECONDS)
    return False


def already(settings: Settings) -> str:
    """What is said to who starts it a second time."""
    return f"Tjenesten kjører allerede på {network_of(settings).public}/ og stoppes der den ble startet.\n"


def _welcome(network: Network) -> str:
    whom = "" if network.opened else " (bare fra denne maskinen)"
    return f"Tjenesten svarer på {network.public}/{whom}. Avslutt med Ctrl-C.\n"
