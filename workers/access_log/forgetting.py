"""`alis forget`: entries of the access log that are older than the settings say go; their hashes stay."""

from argparse import ArgumentParser, Namespace
from contextlib import closing
from typing import Any, Final

import psycopg

from deploy.clock import new_id
from deploy.problems import InputProblem
from deploy.roles import check_may_forget
from deploy.settings import Settings
from domain.store import Entry, Store
from domain.store.access.forgetting import forget
from workers.access.reads import system_user
from workers.shell.output import print_json
from workers.shell.session import session, settings_read

_SECONDS: Final = 30


def arguments(_: ArgumentParser) -> None:
    """Nothing: the settings say how old, and why."""


def run(_: Namespace) -> None:
    """Let the old entries go, and tell how many."""
    print_json(forget_reads(settings_read()))


def forget_reads(settings: Settings) -> dict[str, Any]:
    """Let all entries go that are older than the settings say; that it was done is an entry itself.

    Raises `InputProblem` (reads-kept-for-ever), `DatabaseProblem` (database-role), and as `forget` does.
    """
    years, basis = settings.access_log_years, settings.access_log_basis
    if years is None or basis is None:
        raise InputProblem(
            "reads-kept-for-ever",
            "Innsynsloggen beholdes for alltid; sett ALIS_ACCESS_LOG_YEARS og ALIS_ACCESS_LOG_BASIS først.",
        )
    with session(settings, as_owner=True) as at:
        check_may_forget(at.url)
        _log(at.store, basis)
        with closing(psycopg.connect(at.url, autocommit=True)) as connection:
            gone = 0
            while some := forget(connection, years):
                gone += some
    return {"forgotten": gone, "older_than_years": years, "basis": basis}


def _log(store: Store, basis: str) -> None:
    """Who lets them go, and why."""
    entry = Entry(
        subject=system_user(), role="operator", operation="keep", reason=basis, channel="terminal",
        correlation_id=new_id(),
    )  # fmt: skip
    store.access_log.put(entry).result(_SECONDS)
