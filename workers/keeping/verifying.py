"""`alis verify`: reads the database, and nothing else; it makes, brings up to date and publishes nothing."""

import hashlib
from argparse import ArgumentParser, Namespace
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import asdict
from functools import partial
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy.database import database
from deploy.limits import LONG_SECONDS, limited
from deploy.master_key import key_file, sealing_keys
from deploy.migrate import FOLDER
from deploy.problems import DatabaseProblem, InputProblem
from deploy.settings import Settings
from domain.casework.verifying import LogFinding, Verified, verify
from domain.store import Store
from domain.store.sealed.master import MasterKeys, WrongMasterKey
from domain.store.walls.roles import DIRECTORATE
from domain.values.refusals.refusal import refused
from workers.keeping.destroyed_keys import listed
from workers.shell.output import print_json
from workers.shell.session import settings_read

MOST: Final = 100
"""The most findings that are listed; all are counted."""
_TRIGGER: Final = """
SELECT t.tgenabled::text, t.tgtype, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = to_regclass(%s) AND t.tgname = %s
"""
_STRANGE_TRIGGERS: Final = """
SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgname <> %s ORDER BY tgname
"""
_HIDDEN: Final = """
SELECT row_security_active(to_regclass('public.documents')::oid) AND NOT EXISTS (
    SELECT FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'USAGE'))
"""
_BEFORE_ANY_CHANGE: Final = 2 | 8 | 16 | 32
"""BEFORE, DELETE, UPDATE and TRUNCATE, as pg_trigger has them."""
_GUARDS: Final = (
    (("public.events", "events_are_for_ever"), "the log of events is append-only", "hendelser"),
    (("public.access_log", "access_log_is_for_ever"), "the access log is append-only", "oppslag"),
    (("public.access_log_leaves", "access_log_leaves_are_for_ever"), "the access log is append-only", "gamle hasher"),
)
"""What nobody may change: its table and trigger, what the trigger says, and what stands in the table."""
_AHEAD: Final = """
SELECT name, position FROM projections WHERE position > (SELECT coalesce(max(position), 0) FROM events) ORDER BY name
"""
CANNOT_BE_KNOWN: Final = (
    "Er det siste i loggen eller i innsynsloggen fjernet, ser bare den som har en senere kopi eller et senere svar.",
    "Er alt regnet ut på nytt etter en endring av noen med full tilgang til databasen, kan det ikke ses her.",
    "Lesemodellene kontrolleres ikke her; det gjør alis projections rebuild.",
)
"""What cannot be detected from the database alone; `deploy/README.md` says the same."""
WITHOUT_LIST: Final = "Uten listen over slettede nøkler ses det ikke om en nøkkel er kommet tilbake med en eldre kopi."
WITHOUT_KEY: Final = "Uten hovednøkkelen er verken vedlegg eller nøkler åpnet, og ingen vedtak er regnet ut på nytt."


def arguments(_: ArgumentParser) -> None:
    """Nothing: all is verified."""


def run(_: Namespace) -> None:
    """Verify, and tell what was found."""
    told = verified(settings_read())
    print_json(told)
    if not told["intact"]:
        first, more = told["findings"][0]["sentence"], told["found"] - 1
        raise refused("not-intact", detail=f"{first} ({more} til.)" if more else first)


def verified(settings: Settings) -> dict[str, Any]:
    """What was gone through, all that was found, and what cannot be found here."""
    if settings.database_url is None and not (settings.data_folder / "postgres").exists():
        raise InputProblem(
            "verify-nothing", f"Det er ingen database i {settings.data_folder}, så det er ingenting der."
        )
    with database(settings) as at:
        url = _reading(limited(at.owner, settings, LONG_SECONDS))
        with psycopg.connect(url) as connection:
            _check_filled(connection)
            found, with_key = _verified(settings, url, connection)
    return _told(found, with_key=with_key, with_list=_on_the_list(settings) is not None)


def _reading(url: str) -> str:
    """The same address, over which nothing can be changed."""
    options = str(conninfo_to_dict(url).get("options") or "")
    return make_conninfo(url, options=f"{options} -c default_transaction_read_only=on".strip())


def _check_filled(connection: Connection[Any]) -> None:
    [(there,)] = connection.execute("SELECT to_regclass('public.events') IS NOT NULL").fetchall()
    if not there:
        raise InputProblem("verify-nothing", "Databasen er tom; det er ingenting å kontrollere.")
    [(hidden,)] = connection.execute(_HIDDEN, (DIRECTORATE,)).fetchall()
    if hidden:
        raise InputProblem(
            "verify-role", f"Databasebrukeren ser ikke alle vedlegg, så de kan ikke kontrolleres; gi den {DIRECTORATE}."
        )


def _verified(settings: Settings, url: str, connection: Connection[Any]) -> tuple[Verified, bool]:
    key = _key(settings)
    with closing(Store(url, key or bytes(32))) as store:
        around = [*_around(connection), *_list_findings(settings)]
        with_key = key is not None
        if with_key and not _fits(store):
            around.append(LogFinding("wrong-master-key", str(WrongMasterKey())))
            with_key = False
        listed_then = partial(_on_the_list, settings)
        return verify(store, connection, with_key=with_key, listed=listed_then, further=around), with_key


def _key(settings: Settings) -> MasterKeys | None:
    if settings.master_key is None and not key_file(settings).exists():
        return None
    return sealing_keys(settings, first_start=False)


def _fits(store: Store) -> bool:
    try:
        store.keys.check()
    except WrongMasterKey:
        return False
    return True


def _around(connection: Connection[Any]) -> Iterator[LogFinding]:
    """The tables' own guards, against those of this release."""
    yield from _steps(connection)
    for guarded, said, what in _GUARDS:
        yield from _triggers(connection, guarded, f"BEGIN RAISE EXCEPTION '{said}'; END", what)
    for name, position in connection.execute(_AHEAD).fetchall():
        sentence = f"Lesemodellen {name} har lest til posisjon {position}, men loggen er kortere."
        yield LogFinding("log-shorter", sentence)


def _list_findings(settings: Settings) -> Iterator[LogFinding]:
    try:
        listed(settings)
    except InputProblem as problem:
        yield LogFinding(problem.code, problem.sentence)
    except DatabaseProblem:
        return  # it cannot be read by this user, which the answer says as it says of the master key


def _on_the_list(settings: Settings) -> Collection[str] | None:
    """The keys that the list says are destroyed; None where there is no list to be read, or one that was changed."""
    try:
        return listed(settings)
    except DatabaseProblem:
        return None


def _steps(connection: Connection[Any]) -> Iterator[LogFinding]:
    ours = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(FOLDER.glob("*.sql"))}
    taken = dict(connection.execute("SELECT name, digest FROM schema_migrations ORDER BY name").fetchall())
    for name in sorted(ours.keys() | taken.keys()):
        if name not in taken:
            yield LogFinding("migration-missing", f"Databasesteget {name} er ikke utført; kjør alis migrate.")
        elif name not in ours:
            yield LogFinding("migration-unknown", f"Databasesteget {name} finnes ikke i denne utgaven av programmet.")
        elif taken[name] != ours[name]:
            yield LogFinding("migration-changed", f"Databasesteget {name} er et annet enn det som ble utført.")


def _triggers(connection: Connection[Any], guarded: tuple[str, str], refuses: str, what: str) -> Iterator[LogFinding]:
    found = connection.execute(_TRIGGER, guarded).fetchone()
    if found is None:
        yield LogFinding("guard-missing", f"Sperren mot å endre eller slette {what} er borte.")
    elif (
        found[0] not in {"O", "A"}
        or found[1] & _BEFORE_ANY_CHANGE != _BEFORE_ANY_CHANGE
        or " ".join(found[2].split()) != refuses
    ):
        yield LogFinding("guard-off", f"Sperren mot å endre eller slette {what} er slått av eller endret.")
    for (name,) in connection.execute(_STRANGE_TRIGGERS, guarded).fetchall():
        yield LogFinding(
            "trigger-unknown", f"Tabellen med {what} har en utløser som programmet ikke har laget ({name})."
        )


def _told(found: Verified, *, with_key: bool, with_list: bool) -> dict[str, Any]:
    without = (*(() if with_key else (WITHOUT_KEY,)), *(() if with_list else (WITHOUT_LIST,)))
    counted = {name: value for name, value in asdict(found).items() if name != "findings"}
    return {
        **counted,
        "intact": not found.findings,
        "found": len(found.findings),
        "findings": [each.as_json() for each in found.findings[:MOST]],
        "not_checked": [*without, *CANNOT_BE_KNOWN],
    }
