"""PostgreSQL's own pg_dump and pg_restore, started so that no password stands in the list of processes."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy.problems import DatabaseProblem
from deploy.server import programs

_BLOCK: Final = 1 << 20
_HINDRANCES: Final = (
    ("No space left", "disken er full"),
    ("ermission denied", "brukeren mangler rettigheter"),
    ("lock timeout|could not obtain lock", "en annen holder på med tabellene"),
    ("server version mismatch", "programmene er eldre enn databasen"),
    ("connection to server|server closed", "databasen svarer ikke"),
)
_SECRET: Final = {"password": "PGPASSWORD"}


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one folder, pointed at one database."""

    folder: Path
    url: str

    def write(self, command: list[str], keep: Callable[[bytes], object]) -> str | None:
        """Run one that writes, and keep each block; gives the hindrance where it failed."""

        def take(process: subprocess.Popen[bytes]) -> None:
            while process.stdout and (block := process.stdout.read(_BLOCK)):
                keep(block)

        return self._run(command, take, reads=False)

    def read(self, command: list[str], given: IO[bytes]) -> str | None:
        """Run one that reads; gives the hindrance where it failed."""

        def give(process: subprocess.Popen[bytes]) -> None:
            with suppress(BrokenPipeError):  # one that ends early has its own reason, which its exit tells
                while process.stdin and (block := given.read(_BLOCK)):
                    process.stdin.write(block)

        return self._run(command, give, reads=True)

    def _run(self, command: list[str], serve: Callable[[subprocess.Popen[bytes]], None], *, reads: bool) -> str | None:
        with tempfile.TemporaryFile() as said:
            with suppress(BrokenPipeError), self._start(command, said, reads=reads) as process:
                try:
                    serve(process)
                except BaseException:
                    process.kill()
                    raise
            process.wait()
            said.seek(0)
            return _hindrance(said.read(_BLOCK).decode("utf-8", "replace")) if process.returncode else None

    def _start(self, command: list[str], said: IO[bytes], *, reads: bool) -> subprocess.Popen[bytes]:
        parts = conninfo_to_dict(self.url)
        secrets = {_SECRET[name]: str(parts.pop(name)) for name in _SECRET if name in parts}
        libpq = {name: value for name, value in os.environ.items() if name.startswith("PG")}
        return subprocess.Popen(  # noqa: S603 - never a shell
            [str(self.folder / command[0]), *command[1:], "--no-password", f"--dbname={make_conninfo('', **parts)}"],
            env={"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC", "HOME": str(Path.home())} | libpq | secrets,
            stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if reads else subprocess.PIPE,
            stderr=said,
            start_new_session=True,  # Ctrl-C is for us, who end it
        )


def programs_for(url: str) -> Programs:
    """The wheel's; but they speak no TLS, so where the connection does, those that are installed on the machine.

    Otherwise they would send the register of doctors in clear, without a word.
    """
    with psycopg.connect(url) as connection:
        encrypted = connection.pgconn.ssl_in_use
    if not encrypted:
        return Programs(programs({}), url)
    installed = shutil.which("pg_dump")
    if installed is None:
        raise DatabaseProblem(
            "programs-without-tls",
            "Forbindelsen til databasen er kryptert, og det kan ikke de innebygde programmene;"
            " installer pg_dump og pg_restore fra PostgreSQL 18 på maskinen.",
        )
    return Programs(Path(installed).resolve().parent, url)


def _hindrance(said: str) -> str:
    """Why a program failed, in words of ours: its own may quote a row."""
    for pattern, words in _HINDRANCES:
        if re.search(pattern, said):
            return words
    return "ukjent feil; se databasens logg"
