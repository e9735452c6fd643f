"""Backups of the first format: a dump by pg_dump and a manifest, neither of which says who wrote it.

Nothing in such a dump is run either. PostgreSQL's own program turns it into text, without a database, and of that text
only the rows of our tables are taken.
"""

import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import IO, Final

from deploy.problems import DatabaseProblem
from deploy.server import programs
from workers.keeping.backup_file import Manifest, Part, check_digest, check_release, manifest_of, not_a_backup, part
from workers.keeping.fingerprints import NOT_KEPT, Fingerprint

_DUMP: Final = "database.dump"
_FORMAT: Final = 1
_COPY: Final = re.compile(rb"COPY public\.(\w+) \(([\w, \"]+)\) FROM stdin;\n")
_END: Final = b"\\.\n"


def read(archive: tarfile.TarFile) -> Manifest:
    """The manifest of a file whose dump has the digest given there; its author is not known."""
    try:
        found = json.loads(manifest_of(archive))
        if found["format"] != _FORMAT:
            raise not_a_backup()
        rows = {name: Fingerprint(**each) for name, each in found["tables"].items() if _is_kept(name)}
        check_digest(part(archive, _DUMP), found["dump_sha256"])
        check_release(found["program"], found["migrations"])
        tables = {name: Part(_columns(archive, name), each, "") for name, each in rows.items()}
        return Manifest(found["program"], found["made_at"], found["migrations"], tables, _next_position(archive))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise not_a_backup() from None


def rows_of(archive: tarfile.TarFile, table: str) -> Iterator[bytes]:
    """The rows of a table."""
    with _text(archive, table) as (_, rows):
        yield from rows


def _is_kept(name: str) -> bool:
    schema, _, table = name.partition(".")
    return schema == "public" and table not in NOT_KEPT


def _columns(archive: tarfile.TarFile, table: str) -> tuple[str, ...]:
    with _text(archive, table) as (columns, _):
        return columns


def _next_position(archive: tarfile.TarFile) -> int:
    """One after the last; the position is the first column of the log."""
    with _text(archive, "public.events") as (columns, rows):
        assert columns[0] == "position"  # noqa: S101 - the first step of the tables says so
        return max((int(row.split(b"\t", 1)[0]) for row in rows), default=0) + 1


@contextmanager
def _text(archive: tarfile.TarFile, table: str) -> Iterator[tuple[tuple[str, ...], Iterator[bytes]]]:
    """The columns of a table, and its rows."""
    with tempfile.TemporaryFile() as text:
        _to_text(part(archive, _DUMP), table.partition(".")[2], text)
        text.seek(0)
        head = next((found for line in text if (found := _COPY.fullmatch(line))), None)
        if head is None:
            raise DatabaseProblem("restore-failed", "Sikkerhetskopien kan ikke leses; databasen er tom som før.")
        yield tuple(name.strip('"') for name in head[2].decode().split(", ")), takewhile(_END.__ne__, text)


def _to_text(dump: IO[bytes], table: str, text: IO[bytes]) -> None:
    command = [str(programs({}) / "pg_restore"), "--data-only", "--schema=public", f"--table={table}", "--file=-"]
    with dump, tempfile.TemporaryFile() as copied:
        while block := dump.read(1 << 20):
            copied.write(block)
        copied.seek(0)
        ended = subprocess.run(  # noqa: S603 - never a shell, and no database
            command, stdin=copied, stdout=text, stderr=subprocess.DEVNULL, check=False, env={"LC_ALL": "C"}
        )
    if ended.returncode:
        raise DatabaseProblem("restore-failed", "Sikkerhetskopien kan ikke leses; databasen er tom som før.")
