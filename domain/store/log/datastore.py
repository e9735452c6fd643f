"""A pool of connections to PostgreSQL, each lent while it is used."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

import psycopg
from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError, PersistenceError
from eventsourcing.postgres import PostgresDatastore
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from domain.store.log.faults import Fault, fault_of
from domain.store.log.same_log import SameLog
from domain.store.walls.roles import READERS, Sees, acting, may_take

POOL_SIZE: Final = 10
_WAIT_SECONDS: Final = 1.0
"""How long one attempt waits for a connection; ten attempts take a quarter of a minute."""


class TooSlow(PersistenceError):
    """The database stopped a statement at a time limit: nothing was done, and asking again at once does not help."""


class OnlyRead(PersistenceError):
    """The database can only be read: a standby, or one that is set to read-only."""


_ERRORS: Final[tuple[tuple[type[psycopg.Error], type[PersistenceError]], ...]] = (
    (psycopg.errors.QueryCanceled, TooSlow),
    (psycopg.errors.LockNotAvailable, TooSlow),
    (psycopg.errors.IdleInTransactionSessionTimeout, TooSlow),
    (psycopg.errors.ReadOnlySqlTransaction, OnlyRead),
    (psycopg.InterfaceError, InterfaceError),
    (psycopg.OperationalError, OperationalError),
    (psycopg.IntegrityError, IntegrityError),
)
"""Those that are caught by name somewhere."""


class Datastore(PostgresDatastore):
    """The library's datastore on one URL, so that every option of libpq can be given."""

    def __init__(self, url: str, pool_size: int = POOL_SIZE, forget: Callable[[], None] = lambda: None) -> None:
        super().__init__("", "", "", "", "", connect_timeout=_WAIT_SECONDS)
        self.log = SameLog(forget)
        self._has_roles: bool | None = None
        self.pool = ConnectionPool(  # type: ignore[assignment]
            url,
            connection_class=psycopg.Connection[dict[str, Any]],
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=1,
            max_size=pool_size,
            open=False,
            timeout=_WAIT_SECONDS,
            configure=lambda _: self.log.suspect(),
        )

    def get_connection(self) -> AbstractContextManager[psycopg.Connection[dict[str, Any]]]:  # type: ignore[override]
        """A connection for as long as it is used; raises the library's own errors."""
        self.pool.open()
        return _Lent(self.pool, self.log)

    @contextmanager
    def seeing(self, sees: Sees, level: str = "READ COMMITTED") -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """A transaction of who sees these municipalities, or all; of whoever is connected where there are no roles."""
        with self.get_connection() as connection:
            as_whom = self.acting(connection, sees)
            with connection.transaction():
                connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level};".encode() + as_whom)
                yield connection

    def acting(self, connection: psycopg.Connection[dict[str, Any]], sees: Sees) -> bytes:
        """What lets the rest of a transaction be of who sees these municipalities; empty where there are no roles."""
        if self._has_roles is None:
            self._has_roles = may_take(connection, READERS)
        return acting(sees) if self._has_roles else b""


class _Lent:
    """A connection of the pool, which commits what it does by itself: so nothing is left to do when it comes back."""

    def __init__(self, pool: Any, log: SameLog) -> None:  # noqa: ANN401 - the library narrows it
        self._pool = pool
        self._log = log
        self._connection: Any = None

    def __enter__(self) -> psycopg.Connection[dict[str, Any]]:
        try:
            self._connection = self._pool.getconn()
        except psycopg.Error as error:
            raise _translated(error) from error
        lent: psycopg.Connection[dict[str, Any]] = self._connection
        try:
            self._log.look(lent)
        except psycopg.Error as error:
            self._pool.putconn(lent)
            raise _translated(error) from error
        return lent

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self._pool.putconn(self._connection)
        if isinstance(error, psycopg.Error):
            raise _translated(error) from error


def _translated(error: psycopg.Error) -> PersistenceError:
    """The library's error for one of psycopg's; only errors that can pass are asked again."""
    if isinstance(error, psycopg.OperationalError) and fault_of(error) is Fault.EVENT:
        return PersistenceError(str(error))
    return next((ours for theirs, ours in _ERRORS if isinstance(error, theirs)), PersistenceError)(str(error))
