"""The house that the benchmarks run in: databases on one durable server, services over them, and their commands."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psycopg

from deploy.clock import new_id, now
from deploy.logs import configure
from deploy.migrate import migrate
from domain.casework.commands.commands import Actor, Command, request_digest
from domain.casework.service import Casework
from domain.doctor.facts.fact import Fact
from domain.doctor.intake.intake import read_facts
from domain.store import Source, Store
from tests.benchmarks import raw
from tests.benchmarks.stories import Json, as_lines, told
from workers.shell.collecting import gc_paused

MASTER_KEY: Final = bytes(range(32))
_NOWHERE: Final = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - the log's, as long as the process
_CASEWORKER: Final = replace(Actor.named("caseworker:ab"), reason="prøve")
_OPERATOR: Final = Actor.named("operator:benchmark")
Order = tuple[Fact, Command]


@dataclass(frozen=True, slots=True)
class Desk:
    """A service over a store, with a connection beside it for what only a benchmark asks."""

    url: str
    store: Store
    casework: Casework
    beside: raw.Connection

    @classmethod
    def at(cls, url: str, make: type[Store] = Store) -> "Desk":
        store = make(url, MASTER_KEY)
        return cls(url, store, Casework(store), raw.connect(url))

    def take_in(self, objects: Sequence[Json]) -> None:
        """Import facts, untimed, and see that all were stored."""
        read, order = read_facts(as_lines(objects)), command(_OPERATOR, "import")
        with gc_paused():
            counts = self.casework.importing.import_facts(read, order, now())
        assert counts.stored == len(objects), counts

    def close(self) -> None:
        self.beside.close()
        self.store.close()


def log_to_nowhere() -> None:
    """The product's log as outside a terminal, each line made and written, but to the null device."""
    with redirect_stderr(_NOWHERE):
        configure("json")


def new_database(server: str, name: str) -> str:
    """A migrated database of its own on the server."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = server.replace("/alis?", f"/{name}?")
    migrate(url)
    return url


@contextmanager
def desk(url: str, make: type[Store] = Store) -> Iterator[Desk]:
    opened = Desk.at(url, make)
    try:
        yield opened
    finally:
        opened.close()


def command(actor: Actor = _CASEWORKER, source: Source = "api", request: bytes = b"") -> Command:
    identity = new_id()
    return Command(identity, actor, source, identity, request_digest(MASTER_KEY, request or identity.bytes))


def orders(facts: Sequence[Fact]) -> list[Order]:
    """Facts, each with the command that registers it."""
    return [(fact, command(request=fact.model_dump_json().encode())) for fact in facts]


def stories(doctors: Sequence[str], sizes: Sequence[int]) -> list[list[Json]]:
    """Each doctor's facts; the sizes go round."""
    return [told(hpr, sizes[place % len(sizes)]) for place, hpr in enumerate(doctors)]
