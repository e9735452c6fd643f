"""Open the database and the casework service. Every command that reads or writes what is stored starts here."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
import structlog

from deploy.clock import new_id, now
from deploy.database import database
from deploy.limits import limited
from deploy.logs import configure
from deploy.master_key import sealing_keys
from deploy.migrate import migrate
from deploy.roles import as_worker
from deploy.settings import Settings, read_settings
from domain.casework.commands.commands import Actor, Command
from domain.casework.service import Casework
from domain.store import OwnClock, Source, Store
from domain.values.refusals.refusal import Refused
from workers.shell.columns import numbers_in, with_names

RELEASE = Actor.named("release:alis")
OPERATOR = Actor.named("operator:alis")


_ANY_KEY: Final = """
(SELECT FROM doctor_keys LIMIT 1) UNION ALL (SELECT FROM service_keys WHERE sealed_key IS NOT NULL LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Session:
    """A database that is up to date, and the service over it."""

    casework: Casework
    store: Store
    url: str
    worker: str

    def for_read_models(self) -> str:
        """The address over which read models are kept; raises `DatabaseProblem` (database-role)."""
        return as_worker(self.worker)


def settings_read() -> Settings:
    """Read the settings, and log as they say."""
    settings = read_settings()
    configure(settings.log_format)
    return settings


def opened() -> AbstractContextManager[Session]:
    """A session with the settings as they are."""
    return session(settings_read())


@contextmanager
def session(settings: Settings, statement_seconds: int | None = None, *, as_owner: bool = False) -> Iterator[Session]:
    """Start or find the database, bring it up to date, publish the release's rule sets.

    What the service may not do is done as whom the tables belong to, where that is asked for.
    """
    with database(settings) as at:
        migrate(at.owner)
        url = limited(at.owner if as_owner else at.service, settings, statement_seconds)
        keys = sealing_keys(settings, first_start=not _holds_keys(url))
        store = Store(url, keys, clock=OwnClock(now, timedelta(seconds=settings.clock_seconds)))
        try:
            store.keys.check()
            _tell_of_clock(store)
            casework = Casework(store)
            casework.book.publish_release(now(), lambda _: command(RELEASE, "release"))
            yield Session(casework, store, url, limited(at.worker, settings, statement_seconds))
        finally:
            store.close()


def _tell_of_clock(store: Store) -> None:
    """Log a wrong clock. Reading goes on; recording is refused."""
    try:
        store.compare_clocks()
    except Refused as refusal:
        structlog.get_logger("clock").error("clock-differs", **refusal.details)


def _holds_keys(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute(_ANY_KEY).rowcount > 0


def named(casework: Casework, text: str, actor: Actor | None = None) -> str:
    """A printed text with the doctors in it by name, as far as somebody may see names.

    Without a person it is whoever works at this machine, who has the master key and sees all names.
    """
    doctors = numbers_in(text)
    return with_names(text, casework.names(doctors) if actor is None else casework.names_for(actor, doctors))


def command(actor: Actor, source: Source, command_id: UUID | None = None) -> Command:
    """A command of this program itself, which is never sent again."""
    identity = command_id or new_id()
    return Command(identity, actor, source, identity, request=str(identity))
