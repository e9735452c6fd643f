"""The roles of the database and their rights: made with the tables, by whose they are, and mended at each start.

Roles belong to all databases of a cluster, so they may be there already, or be made by another database meanwhile.
Where they cannot be made the program goes on without them: `deploy/README.md` says what is not kept apart then.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy.problems import DatabaseProblem
from domain.store.walls.roles import ALL, DIRECTORATE, READERS, SCOPED, SERVICE, WORKER, exist, may_take
from domain.store.walls.rows import KEPT, open_to_readers, wall

_POSITIONS: Final = ("SELECT(position)", "SELECT(stored_at)")
"""How far the log is, and since when: what every list says of itself."""
_EVERY: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")
_STATES: Final = dict.fromkeys(("projections", "set_aside", "workers"), ("SELECT",))
_PAPERS: Final = {"documents": ("SELECT", "INSERT", "UPDATE(media_type)", "UPDATE(sealed)")}
_READS: Final = dict.fromkeys(("access_log", "access_log_leaves"), ("SELECT",))
RIGHTS: Final = {
    SERVICE: {
        "events": ("SELECT", "INSERT"),
        "commands": ("SELECT", "INSERT"),
        "access_log": ("SELECT", "INSERT"),
        "request_counts": _EVERY,
        "doctor_keys": ("SELECT", "INSERT"),
        "service_keys": ("SELECT", "INSERT", "UPDATE(sealed_key)"),
        "master_keys": ("SELECT", "INSERT"),
        "persons": ("SELECT", "INSERT", "UPDATE(name)"),
        "person_identities": ("SELECT", "INSERT"),
        "hpr_numbers": ("SELECT", "INSERT", "UPDATE(hpr)", "UPDATE(stated_at)"),
        "withdrawn_keys": ("SELECT", "INSERT"),
        "sign_ins": ("SELECT", "INSERT", "DELETE"),
        "sessions": ("SELECT", "INSERT", "DELETE", "UPDATE(sealed)", "UPDATE(seen_at)"),
        "schema_migrations": ("SELECT",),
        **_STATES,
    },
    SCOPED: {"events": _POSITIONS, "access_log": ("SELECT",), **_STATES, **_PAPERS},
    DIRECTORATE: {"events": _POSITIONS, **_READS, **_STATES, **_PAPERS},
    WORKER: {"events": _POSITIONS, **dict.fromkeys(_STATES, _EVERY)},
}
"""What each role may do with each table, and no more; a new table gets its rows here."""
_GIVEN: Final = """
SELECT g.grantee::regrole::text, c.relname, g.privilege_type FROM pg_class c, aclexplode(c.relacl) g
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND g.grantee::regrole::text = ANY(%(roles)s)
UNION ALL
SELECT g.grantee::regrole::text, c.relname, format('%%s(%%s)', g.privilege_type, a.attname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) g
WHERE c.relnamespace = 'public'::regnamespace AND g.grantee::regrole::text = ANY(%(roles)s)
"""
_MINE: Final = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
AND pg_has_role(relowner, 'USAGE')
"""
_SERVICE_TAKES: Final = "SELECT FROM pg_auth_members WHERE member = %s::regrole AND roleid = %s::regrole AND set_option"
_OF_OTHERS: Final = """
SELECT relname, relkind = 'v', (
    SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = 'read' AND relkind IN ('r', 'v') AND pg_has_role(relowner, 'USAGE')
AND (pg_get_userbyid(relowner) <> %s OR relkind = 'r' AND NOT relrowsecurity)
"""
_WALLED: Final = {"documents": KEPT, "access_log": (DIRECTORATE, SERVICE)}
"""The tables whose rows have a municipality, each with those who see all of them."""
_UNWALLED: Final = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND NOT relrowsecurity
AND pg_has_role(relowner, 'USAGE')
"""
_CLOSED: Final = "SELECT FROM pg_namespace WHERE nspname = 'read' AND NOT has_schema_privilege(%s, oid, 'CREATE')"
_WAS_THERE: Final = (
    psycopg.errors.DuplicateObject,
    psycopg.errors.UniqueViolation,
    psycopg.errors.InternalError_,  # «tuple concurrently updated»
)
_MAY: Final = "SELECT has_table_privilege(%s, %s)"
Right = tuple[str, str, str]
"""A role, a table, and what the role may do with it."""


def give_rights(connection: Connection[Any]) -> None:
    """See that the roles are there and may do what they need and no more, as far as this user can."""
    with suppress(psycopg.errors.InsufficientPrivilege):
        _make(connection)
    if not exist(connection):
        return
    with connection.transaction():
        _mend(connection)
        _open_schema(connection)
        for (name,) in connection.execute(_UNWALLED, (list(_WALLED),)).fetchall():
            wall(connection, sql.Identifier("public", name), ["municipality"], _WALLED[name])
        if may_take(connection, [WORKER]):
            _hand_over(connection)


def as_worker(url: str) -> str:
    """The address over which read models are kept: as the role whose they are, where there is one.

    Raises `DatabaseProblem` (database-role) for a user who may not take it.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        if not exist(connection):
            return url
        if may_take(connection, [WORKER]):
            options = conninfo_to_dict(url).get("options") or ""
            return make_conninfo(url, options=f"{options} -c role={WORKER}".strip())
        row = connection.execute("SELECT has_schema_privilege('read', 'CREATE')").fetchone()
        if row and row[0]:
            return url
    raise _wrong_role(f"holde lesemodellene ved like; gi den rollen {WORKER}")


def check_may_erase(url: str) -> None:
    """Raise `DatabaseProblem` (database-role) for a user who may destroy no key."""
    _check_may_delete(url, "doctor_keys", "slette nøkler")


def check_may_forget(url: str) -> None:
    """Raise `DatabaseProblem` (database-role) for a user who may take nothing out of the access log."""
    _check_may_delete(url, "access_log", "fjerne oppslag")


def _check_may_delete(url: str, table: str, told: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(_MAY, (f"public.{table}", "DELETE")).fetchone()
        if not row or not row[0]:
            raise _wrong_role(f"{told}; oppgi eierens adresse i ALIS_MIGRATION_URL")


def keeps_apart(url: str) -> bool:
    """Whether somebody sees of the read models what a role sees, and cannot change the log."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(_MAY, ("public.events", "UPDATE")).fetchone()
        return may_take(connection, READERS) and row == (False,)


def _wrong_role(what: str) -> DatabaseProblem:
    return DatabaseProblem("database-role", f"Databasebrukeren i ALIS_DATABASE_URL får ikke {what}.")


def _make(connection: Connection[Any]) -> None:
    """Make the roles that are missing, and let them be taken where they should.

    Whoever makes them may act as each; the service only as those that read, where it says so, with none of their rights
    otherwise. Another database of the cluster may do the same meanwhile.
    """
    for role in ALL:
        if not exist(connection):
            with suppress(*_WAS_THERE):
                connection.execute(f"CREATE ROLE {role} NOLOGIN".encode())
        if not may_take(connection, [role]):
            with suppress(*_WAS_THERE):
                connection.execute(f"GRANT {role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE".encode())
    for role in READERS:
        if not connection.execute(_SERVICE_TAKES, (SERVICE, role)).rowcount:
            with suppress(*_WAS_THERE):
                connection.execute(f"GRANT {role} TO {SERVICE} WITH INHERIT FALSE, SET TRUE".encode())


def _mend(connection: Connection[Any]) -> None:
    """Give what is missing, and take what is too much."""
    mine = {name for (name,) in connection.execute(_MINE)}
    given = {right for right in connection.execute(_GIVEN, {"roles": list(ALL)}).fetchall() if right[1] in mine}
    wanted = {right for right in _wanted() if right[1] in mine}
    for role, table, what in sorted(given - wanted):
        connection.execute(f"REVOKE {what} ON public.{table} FROM {role}".encode())
    for role, table, what in sorted(wanted - given):
        connection.execute(f"GRANT {what} ON public.{table} TO {role}".encode())


def _open_schema(connection: Connection[Any]) -> None:
    if connection.execute(_CLOSED, (WORKER,)).rowcount:
        connection.execute(f"GRANT USAGE ON SCHEMA read TO {SCOPED}, {DIRECTORATE}, {WORKER}".encode())
        connection.execute(f"GRANT CREATE ON SCHEMA read TO {WORKER}".encode())


def _hand_over(connection: Connection[Any]) -> None:
    """Give what was made before there were roles, or walls, to the role that keeps it; open it to those that read."""
    for name, is_view, columns in connection.execute(_OF_OTHERS, (WORKER,)).fetchall():
        model = sql.Identifier("read", name)
        kind = sql.SQL("VIEW" if is_view else "TABLE")
        if is_view:
            connection.execute(sql.SQL("ALTER VIEW {} SET (security_invoker)").format(model))
        open_to_readers(connection, model, () if is_view else columns)
        connection.execute(sql.SQL("ALTER {} {} OWNER TO {}").format(kind, model, sql.Identifier(WORKER)))


def _wanted() -> Iterator[Right]:
    for role, tables in RIGHTS.items():
        for table, rights in tables.items():
            for what in rights:
                yield role, table, what
