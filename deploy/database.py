"""The database: the program's own in the data folder, or the one at the given address."""

import fcntl
import signal
import threading
import time
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final, TextIO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy.folder import make
from deploy.problems import DatabaseProblem
from deploy.server import LOGINS, START_SECONDS, Server
from deploy.settings import Settings
from deploy.watching import watching

__all__ = ["DatabaseProblem", "Reached", "check", "database", "embedded", "is_used"]

ANSWER_SECONDS: Final = 3  # with the start of the program, a silent database is reported after about five
SUPPORTED: Final = frozenset({18})  # the major versions that the tests run on
ENDINGS: Final = (signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Reached:
    """A database that answers, for each who uses it: whose it is, the service, and who keeps the read models."""

    owner: str
    service: str
    worker: str


@contextmanager
def database(settings: Settings) -> Iterator[Reached]:
    """A database that answers, until the end of the block."""
    if settings.database_url is None:
        with embedded(settings.data_folder, watched=True) as url:
            yield Reached(url, *(make_conninfo(url, user=user) for user in LOGINS))
    else:
        given = settings.database_url.get_secret_value()
        owner = settings.migration_url.get_secret_value() if settings.migration_url else given
        with _ending_in_order():
            for url in dict.fromkeys([given, owner]):
                check(url)
            yield Reached(owner, given, given)


@contextmanager
def embedded(data_folder: Path, *, durable: bool = True, watched: bool = False) -> Iterator[str]:
    """The URL of the data folder's own server, which runs for as long as any process uses it.

    Each user has a shared lock, which the kernel releases even if the user is killed, so the last one always knows
    that it is the last. A process that was killed leaves the server running; the next one uses it, and stops it.
    A `watched` server is started again if it ends before its users. `durable=False` is for tests.
    """
    folder = data_folder.resolve()
    server = Server(folder, durable=durable)
    with _ending_in_order(), _opened(folder, "server.users") as users:
        try:
            with _only_one(folder), _rights(folder):
                fcntl.flock(users, fcntl.LOCK_SH)
                server.start()
            with watching(server, lambda: _only_one(folder)) if watched else nullcontext():
                yield server.url
        finally:
            with _undisturbed(), _only_one(folder), _rights(folder):
                if _alone(users):
                    server.stop()


def is_used(data_folder: Path) -> bool:
    """Whether any process uses the data folder's own server."""
    try:
        with (data_folder / "server.users").open() as users:
            return not _alone(users)
    except OSError:
        return False


def check(url: str, supported: AbstractSet[int] = SUPPORTED) -> None:
    """Refuse a given database that does not answer, or whose version the program is not tested on."""
    try:
        with psycopg.connect(url, connect_timeout=ANSWER_SECONDS) as connection:
            major = connection.info.server_version // 10_000
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.OperationalError as problem:
        raise _unusable(url, rejected="FATAL" in str(problem)) from None
    if major not in supported:
        tested = ", ".join(map(str, sorted(supported)))
        raise DatabaseProblem(
            "database-version",
            f"Databasen {_named(url)} er PostgreSQL {major}, men programmet er prøvd med {tested}.",
        )
    if encoding != "UTF8":
        raise DatabaseProblem(
            "database-encoding",
            f"Databasen {_named(url)} har tegnsettet {encoding}; lag den på nytt med UTF8.",
        )


def _unusable(url: str, *, rejected: bool) -> DatabaseProblem:
    if rejected:
        return DatabaseProblem(
            "database-rejected",
            f"Databasen {_named(url)} avviste tilkoblingen; se etter navn, bruker og passord i ALIS_DATABASE_URL.",
        )
    return DatabaseProblem(
        "database-silent",
        f"Databasen {_named(url)} svarer ikke; se etter at den er i gang og at ALIS_DATABASE_URL er riktig.",
    )


def _named(url: str) -> str:
    """The name of a database for people, without its user and password."""
    parts = conninfo_to_dict(url)
    where = parts.get("host") or "localhost"
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{parts.get('dbname') or ''} på {where}{port}".strip()


@contextmanager
def _rights(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise DatabaseProblem(
            "data-folder-rights",
            f"Får ikke skrive i datamappen {folder}; gi brukeren rettigheter til den,"
            " eller velg en annen med ALIS_DATA_FOLDER.",
        ) from None


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[TextIO]:
    with _rights(folder):
        make(folder)
        file = (folder / name).open("a")
    with file:
        yield file


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops the server; the others wait, up to a limit."""
    deadline = time.monotonic() + START_SECONDS
    with _opened(folder, "server.starting") as lock:
        while not _locked(lock):
            if time.monotonic() > deadline:
                raise DatabaseProblem(
                    "data-folder-busy", f"En annen prosess holder på med databasen i {folder}; prøv igjen senere."
                )
            time.sleep(0.05)
        yield


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_alone = _locked  # a shared lock becomes an exclusive one only when nobody shares it


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """SIGTERM unwinds the `with` blocks first, as Ctrl-C does, unless something handles it already."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [ending for ending in ENDINGS if signal.getsignal(ending) is signal.SIG_DFL]
    for ending in ours:
        signal.signal(ending, _exit)
    try:
        yield
    finally:
        for ending in ours:
            signal.signal(ending, signal.SIG_DFL)


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C waits until the server has stopped, which is bounded."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *ENDINGS})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
