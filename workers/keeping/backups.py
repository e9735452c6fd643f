"""`alis backup`: everything that cannot be made again, in one file that proves who wrote it.

The rows of all tables are of one snapshot. The master key is never in a backup, so a lost backup reveals no names.
Neither are the read models: workers build them again.
"""

from argparse import ArgumentParser, Namespace
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final

import psycopg

from deploy.clock import now
from deploy.database import database
from deploy.master_key import sealing_keys
from deploy.problems import DatabaseProblem, InputProblem
from deploy.settings import Settings
from domain.rules.result import moment_text
from domain.store import AccessLog, Store
from domain.store.sealed.master import MasterKeys
from workers.access.reads import log_read
from workers.keeping.backup_file import PROOF, Manifest, Part, aside, write_manifest, write_rows
from workers.keeping.destroyed_keys import list_file, list_logged
from workers.keeping.fingerprints import kept_tables, lock_tables, read_out, same_text
from workers.shell.output import print_json, tell
from workers.shell.session import settings_read

_WITHOUT_KEY: Final = (
    "Hovednøkkelen er ikke med i kopien; ta vare på den et annet sted, ellers kan ingen lese navnene igjen."
)
_LOCK_WAIT: Final = "60s"


def arguments(to: ArgumentParser) -> None:
    """Where to."""
    to.add_argument("file", metavar="FIL", help="filen som skal lages; den må ikke finnes fra før")


def run(asked: Namespace) -> None:
    """Write a backup, and tell what is in it."""
    settings = settings_read()
    print_json(backup(settings, asked.file))
    tell(_WITHOUT_KEY)
    tell(
        f"Listen over slettede nøkler er heller ikke med; ta vare på {list_file(settings)} et annet sted,"
        " ellers må to personer si at kopien kan gjenopprettes uten den."
    )


def backup(settings: Settings, name: str) -> dict[str, Any]:
    """Write the whole database to a new file; tells what is in it.

    Raises `DatabaseProblem` with the file not there, `Refused` (chain-broken) where the log is not as it was stored.
    """
    target = Path(name)
    if target.exists():
        raise InputProblem("backup-exists", f"Filen {name} finnes fra før; velg et annet navn.")
    with database(settings) as at:
        url = at.owner
        check_filled(url)
        keys = sealing_keys(settings, first_start=False)
        with closing(Store(url, keys)) as store:
            streams, events = verified(store)
            list_logged(settings, store, now())
        _log(url)
        with aside(target) as file:
            manifest = _write(url, file)
            write_manifest(file, manifest, _proving(url, keys))
    return summary(manifest, streams, events)


def summary(manifest: Manifest, streams: int, events: int) -> dict[str, Any]:
    """What is in a backup, or came of it."""
    return {
        "made_at": manifest.made_at,
        "streams": streams,
        "events": events,
        "intact": True,
        "rows": {name: each.rows.rows for name, each in manifest.tables.items()},
        "master_key_included": False,
    }


def check_filled(url: str) -> None:
    """Raise `InputProblem` (backup-nothing) for a database without our tables."""
    with psycopg.connect(url) as connection:
        if value(connection, "SELECT to_regclass('public.events') IS NULL"):
            raise InputProblem("backup-nothing", "Databasen er tom; det er ingenting å ta kopi av.")


def _proving(url: str, keys: MasterKeys) -> bytes:
    """The key that proves who wrote it: derived from the master key that seals in the database."""
    with psycopg.connect(url) as connection:
        if value(connection, "SELECT to_regclass('public.master_keys') IS NOT NULL") and (
            name := value(connection, "SELECT name FROM master_keys WHERE seals")
        ):
            keys.seal_with(name)
    return keys.derived(PROOF)


def verified(store: Store) -> tuple[int, int]:
    """Streams and events, their chains gone through, under the right master key.

    Raises `Refused` (chain-broken), `WrongMasterKey`.
    """
    store.keys.check()
    return store.verify()


def _log(url: str) -> None:
    """Whoever has the file and the master key can read all that is in it; a database of an older release has no log."""
    with psycopg.connect(url) as connection:
        if value(connection, "SELECT to_regclass('public.access_log') IS NULL"):
            return
    with closing(AccessLog(url)) as log:
        log_read(log, Namespace(), "keep", "")


def _write(url: str, file: IO[bytes]) -> Manifest:
    """All rows are of one snapshot, which others may write past meanwhile."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        try:
            lock_tables(connection, _LOCK_WAIT)
            same_text(connection)
            return Manifest(
                program=version("alis"),
                made_at=moment_text(now()),
                migrations=dict(connection.execute("SELECT name, digest FROM schema_migrations ORDER BY name")),
                tables=_tables(connection, file),
                next_position=value(connection, "SELECT coalesce(max(position), 0) + 1 FROM events"),
            )
        except psycopg.Error as error:
            raise failed("backup-failed", "Sikkerhetskopien ble ikke laget", error.sqlstate) from None


def _tables(connection: psycopg.Connection, file: IO[bytes]) -> dict[str, Part]:
    found = {}
    for table in kept_tables(connection):
        rows, digest = write_rows(file, table.known_as, lambda keep, table=table: read_out(connection, table, keep))  # type: ignore[misc]
        found[table.known_as] = Part(table.columns, rows, digest)
    return found


def value(connection: psycopg.Connection, query: str) -> Any:  # noqa: ANN401 - whatever the query asks for
    """The one value that a query asks for."""
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def failed(code: str, what: str, because: str | None) -> DatabaseProblem:
    """A database problem, by code alone: its message may quote a row."""
    return DatabaseProblem(code, f"{what} ({because or 'forbindelsen ble brutt'}).")
