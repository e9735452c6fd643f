"""`alis backup` and `alis restore`: the whole database in one file, made and read by PostgreSQL's own programs.

The dump and the digests of every table are of one snapshot, and what is restored is compared with them. The master key
is never in a backup: whoever finds one finds no names.
"""

import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

import psycopg

from deploy.clock import now
from deploy.database import SUPPORTED, database
from deploy.master_key import master_key
from deploy.migrate import LOCK, migrate
from deploy.postgres_programs import programs_for
from deploy.problems import DatabaseProblem, InputProblem
from deploy.settings import Settings
from domain.casework.sealing import KeyRing
from domain.casework.store import Store
from domain.rules.result import moment_text
from workers.backup_file import FORMAT, Manifest, aside, dump_of, opened, write_dump, write_manifest
from workers.fingerprints import differing, fingerprints, lock_tables

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


def backup(settings: Settings, name: str) -> dict[str, Any]:
    """Write the whole database to a new file; tells what is in it.

    Raises `DatabaseProblem` with the file not there, `Refused` (chain-broken) where the log is not as it was stored.
    """
    target = Path(name)
    if target.exists():
        raise InputProblem("backup-exists", f"Filen {name} finnes fra før; velg et annet navn.")
    with database(settings) as url:
        streams, events = _verified(url)
        with aside(target) as file:
            manifest = _write(url, file)
    return _summary(manifest, streams, events)


def restore(settings: Settings, name: str) -> dict[str, Any]:
    """Fill an empty database from a file, and compare everything; tells what is in it.

    Raises `DatabaseProblem`; whatever went wrong, the database is as empty as before.
    """
    with opened(name) as (archive, manifest), database(settings) as url:
        has_key = _check_key(settings, manifest)
        with psycopg.connect(url, autocommit=True) as connection, _alone(connection):
            _check_empty(connection)
            _check_programs(url, manifest)
            try:
                _pg_restore(url, archive)
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


def _write(url: str, file: IO[bytes]) -> Manifest:
    """The dump and the manifest are of one snapshot, which others may write past meanwhile."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        try:
            lock_tables(connection, _LOCK_WAIT)
            migrations = _migrations(connection)
            digest = _dump(url, _value(connection, "SELECT pg_export_snapshot()"), file)
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
    write_manifest(file, manifest)
    return manifest


def _migrations(connection: psycopg.Connection) -> dict[str, str]:
    try:
        return dict(connection.execute("SELECT name, digest FROM schema_migrations ORDER BY name").fetchall())
    except psycopg.errors.UndefinedTable:
        raise InputProblem("backup-nothing", "Databasen er tom; det er ingenting å ta kopi av.") from None


def _one_key(connection: psycopg.Connection) -> dict[str, str]:
    found = connection.execute("SELECT doctor, sealed_key FROM doctor_keys ORDER BY doctor LIMIT 1").fetchone()
    return {"doctor": str(found[0]), "sealed_key": bytes(found[1]).hex()} if found else {}


def _dump(url: str, snapshot: str, file: IO[bytes]) -> str:
    """Add pg_dump's output; gives its digest."""
    command = ["pg_dump", *_SCHEMA_AND_DATA, f"--snapshot={snapshot}", f"--lock-wait-timeout={_LOCK_WAIT}"]

    def fill(keep: Callable[[bytes], object]) -> None:
        hindrance = programs_for(url).write(command, keep)
        if hindrance:
            raise _failed("backup-failed", "Sikkerhetskopien ble ikke laget", hindrance)

    return write_dump(file, fill)


# ---------------------------------------------------------------- reading


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


def _pg_restore(url: str, archive: tarfile.TarFile) -> None:
    """All of it in one transaction."""
    command = ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with dump_of(archive) as dump:
        hindrance = programs_for(url).read(command, dump)
    if hindrance:
        raise _failed("restore-failed", "Sikkerhetskopien ble ikke gjenopprettet; databasen er tom som før", hindrance)


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


def _failed(code: str, what: str, because: str | None) -> DatabaseProblem:
    return DatabaseProblem(code, f"{what} ({because or 'forbindelsen ble brutt'}).")
