"""The roles that PostgreSQL knows the program by."""

from collections.abc import Collection
from typing import Any, Final

from psycopg import Connection, sql
from psycopg.rows import tuple_row

from domain.doctor.about import Places

SERVICE: Final = "alis_service"
SCOPED: Final = "alis_scoped"
DIRECTORATE: Final = "alis_directorate"
WORKER: Final = "alis_worker"
ALL: Final = (SERVICE, SCOPED, DIRECTORATE, WORKER)
READERS: Final = (SCOPED, DIRECTORATE)

Sees = Places | None
"""The codes of the municipalities that somebody sees; None for all of them."""
_THERE: Final = "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)"
_TAKEN: Final = "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s) AND pg_has_role(oid, 'SET')"


def exist(connection: Connection[Any]) -> bool:
    """Whether the cluster has all of the roles."""
    return _counted(connection, _THERE, ALL) == len(ALL)


def may_take(connection: Connection[Any], roles: Collection[str]) -> bool:
    """Whether whoever is connected may act as each of some roles."""
    return _counted(connection, _TAKEN, roles) == len(roles)


def acting(sees: Sees) -> bytes:
    """What lets the rest of a transaction be that of a role, which sees the rows of these municipalities or all."""
    if sees is None:
        return f"SET LOCAL ROLE {DIRECTORATE}".encode()
    codes = sql.Literal(",".join(sorted(sees))).as_bytes()
    return b"SET LOCAL ROLE %s; SET LOCAL alis.sees = %s" % (SCOPED.encode(), codes)


def _counted(connection: Connection[Any], query: str, roles: Collection[str]) -> int:
    row = connection.cursor(row_factory=tuple_row).execute(query.encode(), (list(roles),)).fetchone()
    return int(row[0]) if row else 0
