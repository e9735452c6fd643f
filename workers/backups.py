"""`alis backup` and `alis restore`: the whole database in one file, made and read by PostgreSQL's own programs.

The file is a tar of two parts: `database.dump`, which pg_restore reads, and `manifest.json`, which says what stood in
every table at the moment of the snapshot. The master key is never in it: whoever finds a backup finds no names.
"""

import hashlib
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

import psycopg

from deploy.clock import now
from deploy.database import SUPPORTED, database
from deploy.master_key import master_key
from deploy.migrate import FOLDER, LOCK, migrate
from deploy.postgres_programs import Programs, programs_for
from deploy.problems import DatabaseProblem, InputProblem
from deploy.settings import Settings
from domain.casework.sealing import KeyRing
from domain.casework.store import Store
from domain.rules.result import moment_text
from workers.fingerprints import Fingerprint, differing, fingerprints, lock_tables

FORMAT: Final = 1
"""Of the file; a program reads those that it knows."""
_DUMP: Final = "database.dump"
_MANIFEST: Final = "manifest.json"
_MANIFEST_BYTES: Final = 10_000_000
_BLOCK: Final = 1 << 20
_SCHEMA_AND_DATA: Final = (
    "--format=custom",
    "--no-owner",
    "--no-privileges",
    "--no-publications",
    "--no-subscriptions",
)
_LOCK_WAIT: Final = "60s"
_OURS: Final = """
WITH schemas AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
public AS (SELECT oid FROM schemas WHERE nspname = 'public'),
belonging AS (SELECT objid FROM pg_depend WHERE deptype IN ('e', 'i', 'a')),
ours (name) AS (
    SELECT format('SCHEMA IF EXISTS %I', nspname) FROM schemas WHERE nspname <> 'public'
    UNION ALL
    SELECT format('%s IF EXISTS %s', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                                     WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass) FROM pg_class
    WHERE relnamespace IN (TABLE public) AND relkind IN ('r', 'p', 'v', 'm', 'S')
      AND oid NOT IN (TABLE belonging)
    UNION ALL
    SELECT format('ROUTINE IF EXISTS %s', oid::regprocedure) FROM pg_proc
    WHERE pronamespace IN (TABLE public) AND oid NOT IN (TABLE belonging)
    UNION ALL
    SELECT format('TYPE IF EXISTS %s', oid::regtype) FROM pg_type
    WHERE typnamespace IN (TABLE public) AND typtype IN ('e', 'd') AND oid NOT IN (TABLE belonging))
SELECT name FROM ours
"""
"""Everything that somebody put into the database, as DROP names it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    program: str
    postgres: int
    made_at: str
    migrations: Mapping[str, str]
    tables: Mapping[str, Fingerprint]
    key_check: Mapping[str, str]
    """One doctor's key as sealed, so that a wrong master key is known before anything is restored."""
    dump_sha256: str

    def as_bytes(self) -> bytes:
        """JSON that a person can read."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2).encode() + b"\n"

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        """Raise `InputProblem` for what is no manifest, or one of a later program."""
        try:
            found = json.loads(text)
            if found["format"] != FORMAT:
                raise InputProblem(
                    "backup-newer", f"Sikkerhetskopien har formatet {found['format']}; bruk utgaven som laget den."
                )
            tables = {name: Fingerprint(**each) for name, each in found.pop("tables").items()}
            return cls(tables=tables, **found)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _not_a_backup() from None


def backup(settings: Settings, name: str) -> dict[str, Any]:
    """Write the whole database to a new file; tells what is in it.

    Raises `DatabaseProblem` with the file not there, `Refused` (chain-broken) where the log is not as it was stored.
    """
    target = Path(name)
    if target.exists():
        raise InputProblem("backup-exists", f"Filen {name} finnes fra før; velg et annet navn.")
    with database(settings) as url:
        streams, events = _verified(url)
        with _aside(target) as file:
            manifest = _write(url, settings, file)
    return _summary(manifest, streams, events)


def restore(settings: Settings, name: str) -> dict[str, Any]:
    """Fill an empty database from a file, and compare everything; tells what is in it.

    Raises `DatabaseProblem`; whatever went wrong, the database is as empty as before.
    """
    with _opened(name) as (archive, manifest), database(settings) as url:
        has_key = _check_key(settings, manifest)
        with psycopg.connect(url, autocommit=True) as connection, _alone(connection):
            _check_empty(connection)
            _check_programs(url, manifest)
            try:
                _pg_restore(url, settings, archive)
                _compare(connection, manifest)
                streams, events = _verified(url)
            except BaseException:
                _empty(connection)
                raise
        migrate(url)
    return {**_summary(manifest, streams, events), "master_key_in_place": has_key}


def _summary(manifest: Manifest, streams: int, events: int) -> dict[str, Any]:
    rows = {name: each.rows for name, each in manifest.tables.items()}
    return {
        "made_at": manifest.made_at,
        "streams": streams,
        "events": events,
        "intact": True,
        "rows": rows,
        "master_key_included": False,
    }


# ---------------------------------------------------------------- making


@contextmanager
def _aside(target: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole and on the disk; closed to others, for it holds a register."""
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".alis-backup-") as folder:
            half = Path(folder) / target.name
            with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            target.hardlink_to(half)  # unlike a renaming, it never replaces what somebody else put there meanwhile
        _sync(target.parent)
    except FileExistsError:
        raise InputProblem("backup-exists", f"Filen {target} finnes fra før; velg et annet navn.") from None
    except OSError as error:
        raise DatabaseProblem(
            "backup-unwritable", f"Sikkerhetskopien kan ikke skrives til {target} ({os.strerror(error.errno or 0)})."
        ) from None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _write(url: str, settings: Settings, file: IO[bytes]) -> Manifest:
    """The dump and the manifest are of one snapshot, which others may write past meanwhile."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        try:
            lock_tables(connection, _LOCK_WAIT)
            migrations = _migrations(connection)
            digest = _dump(url, settings, _value(connection, "SELECT pg_export_snapshot()"), file)
            manifest = Manifest(
                format=FORMAT,
                program=version("alis"),
                postgres=connection.info.server_version,
                made_at=moment_text(now()),
                migrations=migrations,
                tables=fingerprints(connection),
                key_check=_one_key(connection),
                dump_sha256=digest,
            )
        except psycopg.Error as error:
            raise _failed("backup-failed", "Sikkerhetskopien ble ikke laget", error.sqlstate) from None
    _add(file, _MANIFEST, manifest.as_bytes())
    file.write(bytes(2 * tarfile.BLOCKSIZE))  # the end of a tar
    return manifest


def _migrations(connection: psycopg.Connection) -> dict[str, str]:
    try:
        return dict(connection.execute("SELECT name, digest FROM schema_migrations ORDER BY name").fetchall())
    except psycopg.errors.UndefinedTable:
        raise InputProblem("backup-nothing", "Databasen er tom; det er ingenting å ta kopi av.") from None


def _one_key(connection: psycopg.Connection) -> dict[str, str]:
    found = connection.execute("SELECT doctor, sealed_key FROM doctor_keys ORDER BY doctor LIMIT 1").fetchone()
    return {"doctor": str(found[0]), "sealed_key": bytes(found[1]).hex()} if found else {}


def _dump(url: str, settings: Settings, snapshot: str, file: IO[bytes]) -> str:
    """Write pg_dump's output as a part of the tar, whose head is known when it has ended."""
    command = ["pg_dump", *_SCHEMA_AND_DATA, f"--snapshot={snapshot}", f"--lock-wait-timeout={_LOCK_WAIT}"]
    file.write(bytes(tarfile.BLOCKSIZE))
    digest = hashlib.sha256()

    def keep(block: bytes) -> None:
        digest.update(block)
        file.write(block)

    ended = _run(programs_for(url, settings.data_folder), command, None, keep)
    if ended:
        raise _failed("backup-failed", "Sikkerhetskopien ble ikke laget", ended)
    size = file.tell() - tarfile.BLOCKSIZE
    _pad(file, size)
    file.seek(0)
    file.write(_head(_DUMP, size))
    file.seek(0, os.SEEK_END)
    return digest.hexdigest()


def _add(file: IO[bytes], name: str, content: bytes) -> None:
    file.write(_head(name, len(content)) + content)
    _pad(file, len(content))


def _head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _pad(file: IO[bytes], size: int) -> None:
    file.write(bytes(-size % tarfile.BLOCKSIZE))


# ---------------------------------------------------------------- reading


@contextmanager
def _opened(name: str) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """The archive, looked through before any database is touched."""
    try:
        with Path(name).open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
            manifest = Manifest.read(_part(archive, _MANIFEST).read(_MANIFEST_BYTES))
            _check_whole(archive, manifest)
            _check_release(manifest)
            yield archive, manifest
    except tarfile.TarError:
        raise _not_a_backup() from None
    except OSError as error:
        raise InputProblem(
            "backup-unreadable", f"Sikkerhetskopien {name} kan ikke leses ({os.strerror(error.errno or 0)})."
        ) from None


def _part(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        found = archive.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise _not_a_backup()
    return found


def _not_a_backup() -> InputProblem:
    return InputProblem(
        "backup-unknown", "Filen er ingen sikkerhetskopi som alis backup har laget, eller den er avkuttet."
    )


def _check_whole(archive: tarfile.TarFile, manifest: Manifest) -> None:
    digest = hashlib.sha256()
    with _part(archive, _DUMP) as dump:
        while block := dump.read(_BLOCK):
            digest.update(block)
    if digest.hexdigest() != manifest.dump_sha256:
        raise InputProblem("backup-damaged", "Sikkerhetskopien er skadet etter at den ble laget; bruk en annen.")


def _check_release(manifest: Manifest) -> None:
    """A backup of a newer program, or of other steps than ours, would be refused after the restoring anyway."""
    ours = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FOLDER.glob("*.sql")}
    strange = [name for name, digest in manifest.migrations.items() if ours.get(name) != digest]
    if strange:
        raise InputProblem(
            "backup-newer",
            f"Sikkerhetskopien er tatt med en annen utgave av programmet ({manifest.program}, {strange[0]});"
            " bruk den utgaven.",
        )


def _check_key(settings: Settings, manifest: Manifest) -> bool:
    """Raise `WrongMasterKey` for a key that does not open the backup; none at all can be put in place later."""
    if settings.master_key is None and not (settings.data_folder / "master.key").exists():
        return False
    KeyRing(master_key(settings), _KeyOf(manifest.key_check)).check()
    return True


class _KeyOf:
    """The one sealed key that the manifest has."""

    def __init__(self, key_check: Mapping[str, str]) -> None:
        self._keys = {UUID(key_check["doctor"]): bytes.fromhex(key_check["sealed_key"])} if key_check else {}

    def any(self) -> Mapping[UUID, bytes]:
        """One sealed key, where there are any."""
        return self._keys

    def find(self, doctors: object) -> Mapping[UUID, bytes]:
        """Nobody asks."""
        raise NotImplementedError(doctors)

    keep = find


@contextmanager
def _alone(connection: psycopg.Connection) -> Iterator[None]:
    """A program that starts meanwhile waits before it makes the tables, or finds them made."""
    if not _value(connection, f"SELECT pg_try_advisory_lock({LOCK})"):
        raise DatabaseProblem("restore-busy", "En annen prosess gjør i stand databasen; prøv igjen når den er ferdig.")
    yield


def _check_empty(connection: psycopg.Connection) -> None:
    if connection.execute(_OURS).fetchone():
        raise InputProblem(
            "restore-not-empty",
            "Databasen er ikke tom, og ingenting er rørt; gjenopprett i en tom database eller en ny ALIS_DATA_FOLDER.",
        )


def _empty(connection: psycopg.Connection) -> None:
    """Take back what was restored, all of it ours: the database was empty."""
    with connection.transaction():
        for (name,) in connection.execute(_OURS).fetchall():
            connection.execute(f"DROP {name} CASCADE".encode())


def _check_programs(url: str, manifest: Manifest) -> None:
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10_000
    if manifest.postgres // 10_000 > major or major not in SUPPORTED:
        raise InputProblem(
            "backup-postgres",
            f"Sikkerhetskopien er fra PostgreSQL {manifest.postgres // 10_000}, men databasen er PostgreSQL {major}.",
        )


def _pg_restore(url: str, settings: Settings, archive: tarfile.TarFile) -> None:
    """All of it in one transaction."""
    command = ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with _part(archive, _DUMP) as dump:
        ended = _run(programs_for(url, settings.data_folder), command, dump)
    if ended:
        raise _failed("restore-failed", "Sikkerhetskopien ble ikke gjenopprettet; databasen er tom som før", ended)


def _compare(connection: psycopg.Connection, manifest: Manifest) -> None:
    with connection.transaction():
        differ = differing(manifest.tables, fingerprints(connection))
    if differ:
        raise DatabaseProblem(
            "restore-differs",
            f"Det gjenopprettede er ulikt sikkerhetskopien i {', '.join(differ)}; databasen er tømt igjen.",
        )


# ---------------------------------------------------------------- both


def _verified(url: str) -> tuple[int, int]:
    """Streams and events, their chains gone through; raises `Refused` (chain-broken). No key is needed for it."""
    with psycopg.connect(url) as connection:
        if _value(connection, "SELECT to_regclass('public.events') IS NULL"):
            raise InputProblem("backup-nothing", "Databasen er tom; det er ingenting å ta kopi av.")
    store = Store(url, bytes(32))
    try:
        return store.verify()
    finally:
        store.close()


def _value(connection: psycopg.Connection, query: str) -> Any:  # noqa: ANN401 - whatever the query asks for
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def _run(
    programs: Programs, command: list[str], given: IO[bytes] | None, keep: Callable[[bytes], object] | None = None
) -> str | None:
    """Run one of PostgreSQL's programs, feed it or take what it says; gives the cause where it failed."""
    with tempfile.TemporaryFile() as said:
        process = programs.start(command, said, reads=given is not None)
        with process:
            try:
                if given is not None and process.stdin:
                    _pour(given, process.stdin)
                while keep and process.stdout and (block := process.stdout.read(_BLOCK)):
                    keep(block)
            except BaseException:
                process.kill()
                raise
        said.seek(0)
        return _cause(said.read(_BLOCK).decode("utf-8", "replace")) if process.returncode else None


def _pour(given: IO[bytes], to: IO[bytes]) -> None:
    """A program that ends early has its own reason, which its exit tells."""
    try:
        while block := given.read(_BLOCK):
            to.write(block)
        to.close()
    except BrokenPipeError:
        return


def _cause(said: str) -> str:
    """Why a program failed: the first words that hold no value of a row, which its other lines may."""
    for pattern, words in (
        ("No space left", "disken er full"),
        ("ermission denied", "brukeren mangler rettigheter"),
        ("lock timeout|could not obtain lock", "en annen holder på med tabellene"),
        ("server version mismatch", "programmene er eldre enn databasen"),
        ("connection to server|server closed", "databasen svarer ikke"),
    ):
        if re.search(pattern, said):
            return words
    return "ukjent feil; se databasens logg"


def _failed(code: str, what: str, because: str | None) -> DatabaseProblem:
    return DatabaseProblem(code, f"{what} ({because or 'forbindelsen ble brutt'}).")
