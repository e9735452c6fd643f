"""The database's tables, made by forward-only steps: each file of `migrations/` once, in order, never edited after."""

import hashlib
import re
from itertools import zip_longest
from pathlib import Path
from typing import Final

import psycopg

from deploy.problems import DatabaseProblem
from deploy.roles import give_rights

FOLDER: Final = Path(__file__).parent / "migrations"
LOCK: Final = 0x616C6973  # "alis": one number that every process of the program agrees on
LOCK_SECONDS: Final = 120
NAME: Final = re.compile(r"\d{4}-[a-z0-9-]+\.sql")

TABLE: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    digest text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""


def migrate(url: str, folder: Path = FOLDER) -> list[str]:
    """Apply the missing steps, and give each role its rights; returns the names of the steps.

    If several processes start at once, one applies them and the others find them applied.
    """
    steps = {file.name: file.read_bytes() for file in sorted(folder.glob("*.sql"))}
    _check_names(list(steps))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        try:
            connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        except psycopg.errors.LockNotAvailable:
            raise DatabaseProblem(
                "migration-busy", "En annen prosess oppdaterer databasen; prøv igjen når den er ferdig."
            ) from None
        taken = take(connection, steps)
        give_rights(connection)
        return taken


def take(connection: psycopg.Connection, steps: dict[str, bytes]) -> list[str]:
    """Apply the missing steps under the lock; returns their names."""
    try:
        connection.execute(TABLE)
    except psycopg.errors.ReadOnlySqlTransaction:
        raise DatabaseProblem(
            "database-read-only", "Databasen kan bare leses nå; åpne den for skriving, og prøv igjen."
        ) from None
    except psycopg.errors.InsufficientPrivilege:
        pass  # whoever owns the tables has made it
    try:
        missing = _missing(connection, steps)
        for name in missing:
            _apply(connection, name, steps[name])
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable):
        raise DatabaseProblem(
            "migration-role",
            "Databasen må oppdateres av den som eier den; kjør alis migrate med eierens adresse i ALIS_MIGRATION_URL.",
        ) from None
    return missing


def _check_names(names: list[str]) -> None:
    """A step out of sequence is a programming error, so it stops at once and everywhere."""
    for number, name in enumerate(names, start=1):
        if not NAME.fullmatch(name) or int(name[:4]) != number:
            raise DatabaseProblem(
                "migration-name",
                f"Databasesteget {name} skulle ha hett {number:04}-navn.sql; rekkefølgen er ikke klar.",
            )


def _missing(connection: psycopg.Connection, steps: dict[str, bytes]) -> list[str]:
    """The steps that remain, when those taken are the first of ours, unchanged."""
    taken = connection.execute("SELECT name, digest FROM schema_migrations ORDER BY name").fetchall()
    for row, ours in zip_longest(taken, steps):
        if row is None:
            break
        name, digest = row
        if name not in steps:
            raise DatabaseProblem(
                "database-newer", f"Databasen er oppdatert av en nyere utgave av programmet ({name}); bruk den utgaven."
            )
        if name != ours or digest != _digest(steps[name]):
            raise DatabaseProblem(
                "migration-changed",
                f"Databasesteget {ours} er endret etter at det ble utført; hent programmet på nytt.",
            )
    return list(steps)[len(taken) :]


def _apply(connection: psycopg.Connection, name: str, sql: bytes) -> None:
    with connection.transaction():
        connection.execute(sql)
        connection.execute("INSERT INTO schema_migrations (name, digest) VALUES (%s, %s)", [name, _digest(sql)])


def _digest(sql: bytes) -> str:
    return hashlib.sha256(sql).hexdigest()
