"""`alis restore`: the rows of a backup into an empty database, once it is proven who wrote it.

Nothing in the file is run. The tables are made by this release's own steps, and take in rows and nothing else, by a
role that may do nothing else. Keys that were destroyed since are destroyed again before anything else can be read.
"""

import tarfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from deploy.clock import now
from deploy.database import database
from deploy.master_key import master_keys, sealing_keys
from deploy.migrate import FOLDER, LOCK, take
from deploy.problems import DatabaseProblem, InputProblem
from deploy.roles import give_rights
from deploy.settings import Settings
from domain.casework.service import Casework
from domain.doctor.key import ErasureReason
from domain.store import Store
from domain.store.log.recorder import NEWEST
from domain.store.sealed.master import MasterKeys, WrongMasterKey, derived_key
from domain.store.sealed.sealing import DoctorKey
from workers.access.acting import two_operators, two_tokens
from workers.keeping import old_backups
from workers.keeping.backup_file import PROOF, Manifest, archive_of, has_proof, not_a_backup, proven, rows_of
from workers.keeping.backups import failed, summary, value, verified
from workers.keeping.destroyed_keys import Line, list_file, list_logged, listed, tell_again
from workers.keeping.fingerprints import Kept, differing, fingerprints, kept_tables, same_text
from workers.shell.output import print_json, tell
from workers.shell.session import settings_read

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
"""Everything in the database that is not PostgreSQL's own, as DROP names it."""
_ROLE: Final = sql.Identifier("alis_restores")
_SEQUENCE: Final = "SELECT setval(pg_get_serial_sequence('events', 'position'), %s, false)"
_DESTROY: Final = "DELETE FROM doctor_keys WHERE doctor = ANY(%s)"
Rows = Callable[[str], Iterable[bytes]]
"""The rows of a table, by its name."""
Destroyed = Mapping[str, ErasureReason]
"""The keys on the list, by name, each with why it was destroyed."""


def arguments(to: ArgumentParser) -> None:
    """Where from."""
    to.add_argument("file", metavar="FIL", help="filen som alis backup laget")
    to.add_argument("--unproven", action="store_true", help="også en gammel kopi, som ikke viser hvem som laget den")
    to.add_argument(
        "--without-list", action="store_true",
        help="også uten hele listen over slettede nøkler; to personer sier det, med ALIS_TOKEN og ALIS_SECOND_TOKEN",
    )  # fmt: skip


def run(asked: Namespace) -> None:
    """Restore, and tell what is in the database now."""
    restored = restore(settings_read(), asked.file, unproven=asked.unproven, without_list=asked.without_list)
    print_json(restored)
    if restored["without_list"]:
        tell("Er noe slettet etter at kopien ble tatt, er det tilbake; slett det på nytt med alis erase.")
    if not restored["proven"]:
        tell("Ingen vet hvem som laget denne kopien, eller om beløp, kontoer og vedtak er endret i den etterpå.")
    tell("Lesemodellene er ikke med i en kopi; alis worker bygger dem på nytt.")


def restore(settings: Settings, name: str, *, unproven: bool = False, without_list: bool = False) -> dict[str, Any]:
    """Fill an empty database from a file, and compare everything; tells what is in it.

    A file of the first format, which proves nothing, is only read where that is asked for; the list of destroyed keys
    is only done without where two operators say so. Raises `DatabaseProblem`, or `Refused` of the two; whatever went
    wrong, the database is as empty as before.
    """
    keys = [derived_key(each, PROOF) for each in master_keys(settings, first_start=False)]
    with archive_of(name) as archive:
        manifest, rows = _believed(archive, keys, unproven=unproven)
        destroyed = _listed(settings, without_list=without_list)
        with database(settings) as at, psycopg.connect(at.owner, autocommit=True) as connection, _alone(connection):
            _check_empty(connection)
            try:
                opening = sealing_keys(settings, first_start=False)
                back = _fill(connection, manifest, rows, opening, destroyed or {})
                with closing(Store(at.owner, opening)) as store:
                    agreed = _settled(settings, store, back, destroyed, without_list=without_list)
                    streams, events = verified(store)
            except BaseException:
                _empty(connection)
                raise
        told = {"proven": has_proof(archive), "destroyed_again": len(back), "without_list": agreed}
        return {**summary(manifest, streams, events), **told}


def _listed(settings: Settings, *, without_list: bool) -> Destroyed | None:
    """The list, before a database is touched.

    Raises `InputProblem` (restore-without-list, two-operators, list-changed).
    """
    destroyed = listed(settings)
    if without_list:
        two_tokens()
    elif destroyed is None:
        raise InputProblem(
            "restore-without-list",
            f"Listen over slettede nøkler mangler, så det som er slettet etter kopien, ville kommet tilbake; legg den i"
            f" {list_file(settings)}, eller la to personer bruke --without-list.",
        )
    return destroyed


def _settled(
    settings: Settings, store: Store, back: Mapping[UUID, str], destroyed: Destroyed | None, *, without_list: bool
) -> list[str]:
    """Keep in the log which keys were destroyed again, and tell which two agreed to do without the whole list.

    A list that lacks a key which the restored log says is destroyed has been cut, or is of something else.
    """
    casework, agreed = Casework(store), list[str]()
    if destroyed is None or any(each.key not in destroyed for _, each in store.destroyed(0, NEWEST)):
        if not without_list:
            raise InputProblem(
                "restore-list-short",
                f"Listen over slettede nøkler i {list_file(settings)} mangler noe som var slettet da kopien ble tatt;"
                " legg en hel kopi av den der, eller la to personer bruke --without-list.",
            )
        agreed = [each.subject for each in two_operators(casework, settings)]
    tell_again(casework, {doctor: (key, (destroyed or {})[key]) for doctor, key in back.items()}, now())
    told: list[Line] = [{"restored_without_list_by": agreed}] if agreed else []
    list_logged(settings, store, now(), *told)
    return agreed


def _believed(archive: tarfile.TarFile, keys: Iterable[bytes], *, unproven: bool) -> tuple[Manifest, Rows]:
    if has_proof(archive):
        return proven(archive, keys), lambda table: rows_of(archive, table)
    manifest = old_backups.read(archive)
    if not unproven:
        raise InputProblem(
            "backup-unproven",
            "Sikkerhetskopien er av den gamle typen, som ikke viser hvem som laget den, eller om noe er endret siden;"
            " bruk --unproven hvis du vet hvor den kommer fra.",
        )
    return manifest, lambda table: old_backups.rows_of(archive, table)


@contextmanager
def _alone(connection: psycopg.Connection) -> Iterator[None]:
    """A program that starts meanwhile waits before it makes the tables, or finds them made."""
    if not value(connection, f"SELECT pg_try_advisory_lock({LOCK})"):
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


def _fill(
    connection: psycopg.Connection, manifest: Manifest, rows: Rows, keys: MasterKeys, destroyed: Destroyed
) -> Mapping[UUID, str]:
    """Make the tables as they were when the backup was made, let them take the rows in, and go on to this release.

    Keys on the list are never there for others to see; tells whose they are, and their names.
    """
    steps = {file.name: file.read_bytes() for file in sorted(FOLDER.glob("*.sql"))}
    take(connection, {name: steps[name] for name in manifest.migrations})
    try:
        with connection.transaction():
            same_text(connection)
            tables = _wanted(kept_tables(connection), manifest)
            with _bounded(connection, tables):
                for table in tables:
                    _copy(connection, table, rows(table.known_as))
            connection.execute(_SEQUENCE, (manifest.next_position,))
            _compare(connection, manifest)
            back = _brought_back(connection, keys, destroyed) if destroyed else {}
            connection.execute(_DESTROY, (list(back),))
    except psycopg.Error as error:
        what = "Sikkerhetskopien ble ikke gjenopprettet; databasen er tom som før"
        raise failed("restore-failed", what, error.sqlstate) from None
    take(connection, steps)
    give_rights(connection)
    return back


def _brought_back(connection: psycopg.Connection, keys: MasterKeys, destroyed: Destroyed) -> Mapping[UUID, str]:
    """The keys that are there though the list says they are destroyed; one that nothing opens brings nothing back."""
    names: dict[UUID, str] = {}
    for doctor, sealed in connection.execute("SELECT doctor, sealed_key FROM doctor_keys").fetchall():
        with suppress(WrongMasterKey):
            names[doctor] = DoctorKey.of(keys.opened(bytes(sealed), doctor.bytes)).name
    return {doctor: name for doctor, name in names.items() if name in destroyed}


def _wanted(tables: list[Kept], manifest: Manifest) -> list[Kept]:
    """Exactly the tables and columns that the backup has, and that its release had."""
    ours: Mapping[str, tuple[str, ...]] = {table.known_as: table.columns for table in tables}
    if ours != {name: each.columns for name, each in manifest.tables.items()}:
        raise not_a_backup()
    return tables


@contextmanager
def _bounded(connection: psycopg.Connection, tables: list[Kept]) -> Iterator[None]:
    """As a role that may insert into these tables and nothing else; only a superuser needs it."""
    if not value(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        yield
        return
    names = sql.SQL(", ").join(sql.Identifier("public", table.name) for table in tables)
    connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(_ROLE))
    connection.execute(sql.SQL("GRANT INSERT ON {} TO {}").format(names, _ROLE))
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(_ROLE))
    yield
    connection.execute("RESET ROLE")
    connection.execute(sql.SQL("DROP OWNED BY {}").format(_ROLE))
    connection.execute(sql.SQL("DROP ROLE {}").format(_ROLE))


def _copy(connection: psycopg.Connection, table: Kept, rows: Iterable[bytes]) -> None:
    with connection.cursor() as cursor, cursor.copy(table.into()) as copy:
        for block in rows:
            copy.write(block)


def _compare(connection: psycopg.Connection, manifest: Manifest) -> None:
    differ = differing({name: each.rows for name, each in manifest.tables.items()}, fingerprints(connection))
    if differ:
        raise DatabaseProblem(
            "restore-differs",
            f"Det gjenopprettede er ulikt sikkerhetskopien i {', '.join(differ)}; databasen er tømt igjen.",
        )
