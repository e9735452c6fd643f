"""Settings of every connection of a session: limits on the time that the database may take, and UTC."""

import os
from typing import Final

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy.settings import Settings

LONG_SECONDS: Final = 3_600
"""A statement of a rebuild may take this long: it reads everything, and nobody waits for it."""
_NETWORK: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""If the database's machine is gone, that is noticed within half a minute."""


def limited(url: str, settings: Settings, statement_seconds: int | None = None) -> str:
    """The address of a database, with limits on statements, on waiting for locks, and on idle transactions.

    What the address itself says has precedence, but for the time zone: of two options of one name PostgreSQL takes the
    last.
    """
    given = conninfo_to_dict(url)
    ours = {
        "statement_timeout": f"{statement_seconds or settings.statement_seconds}s",
        "lock_timeout": f"{settings.lock_seconds}s",
        "idle_in_transaction_session_timeout": f"{statement_seconds or settings.idle_seconds}s",
    }
    theirs = given.pop("options", None) or os.environ.get("PGOPTIONS", "")
    options = " ".join([*(f"-c {name}={value}" for name, value in ours.items()), str(theirs), "-c timezone=UTC"])
    return make_conninfo("", **{**_NETWORK, **given, "options": options})
