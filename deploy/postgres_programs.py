"""PostgreSQL's own pg_dump and pg_restore, started so that no password stands in the list of processes."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy.problems import DatabaseProblem
from deploy.server import programs

_SECRET: Final = {"password": "PGPASSWORD"}


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one folder, pointed at one database."""

    folder: Path
    url: str

    def start(self, command: list[str], said: IO[bytes], *, reads: bool) -> subprocess.Popen[bytes]:
        """Start one; it reads its standard input, or writes its standard output. What it says goes to `said`."""
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


def programs_for(url: str, data_folder: Path) -> Programs:
    """The wheel's; but they speak no TLS, so where the connection does, those that are installed on the machine.

    Otherwise they would send the register of doctors in clear, without a word.
    """
    with psycopg.connect(url) as connection:
        encrypted = connection.pgconn.ssl_in_use
    if not encrypted:
        return Programs(programs(data_folder, {}), url)
    installed = shutil.which("pg_dump")
    if installed is None:
        raise DatabaseProblem(
            "programs-without-tls",
            "Forbindelsen til databasen er kryptert, og det kan ikke de innebygde programmene;"
            " installer pg_dump og pg_restore fra PostgreSQL 18 på maskinen.",
        )
    return Programs(Path(installed).resolve().parent, url)
