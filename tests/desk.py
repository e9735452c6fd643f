"""A casework service on a database, and the orders that are given to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from deploy.clock import new_id, now
from domain.casework.commands.commands import Actor, Command, request_digest
from domain.casework.erasing import Erased
from domain.casework.facts.importing import Imported
from domain.casework.facts.recording import Receipt
from domain.casework.service import Casework
from domain.doctor.facts.fact import Fact
from domain.doctor.intake.intake import read_facts
from domain.store import Source, Store
from domain.values.refusals.refusal import Refused
from domain.values.streams import track_id
from tests.scenario import BODO, ROUND, Json, Told, lines_of, track

MASTER_KEY: Final = bytes(range(32))


def command(request: object = None, command_id: UUID | None = None, source: Source = "api") -> Command:
    """An order of a caseworker; a request that is not given is like no other."""
    identity = command_id or new_id()
    digest = request_digest(MASTER_KEY, repr(identity if request is None else request).encode())
    return Command(identity, replace(Actor.named("caseworker:ab"), reason="prøve"), source, new_id(), digest)


def ordered_by(subject: str) -> Command:
    """An order of somebody else, given at a terminal."""
    return replace(command(source="terminal"), actor=Actor.named(subject))


def fact_of(fields: Mapping[str, Any]) -> Fact:
    """One told fact as a fact."""
    placed, problems = read_facts(lines_of([fields]))
    assert not problems, problems
    return placed[0][1]


def guidance(number: int, hpr: str = "9000001") -> Json:
    """A fact that none other of its kind makes invalid."""
    fields = {"municipality": BODO, "month": "2025-06", "hours": number % 20}
    moment = {"id": f"g{number}", "hpr": hpr, "recorded_at": "2026-01-01T00:00:00Z"}
    return {**track("2024-10-01").add("guidance_recorded", **fields).facts[-1], **moment}


def refusal(ask: Callable[[], object]) -> str:
    """The code by which something is refused."""
    with pytest.raises(Refused) as refused:
        ask()
    return refused.value.code


def erased(casework: Casework, hpr: str, by: Command | None = None, reason: str = "requested") -> Erased:
    """Destroy a doctor's key, as one operator asks (if nobody has yet) and another confirms."""
    try:
        casework.erasing.request(hpr, reason, ordered_by("operator:ber"), now())
    except Refused as refused:
        if refused.code != "erasure-requested":
            raise
    return casework.erasing.confirm(hpr, by or ordered_by("operator:drift"), now())


@dataclass(frozen=True)
class Desk:
    """The service, its store, and the database behind them."""

    url: str
    store: Store
    casework: Casework

    def imports(self, facts: Iterable[Mapping[str, Any]], by: Command | None = None) -> Imported:
        return self.casework.importing.import_facts(read_facts(lines_of(facts)), by or command(source="import"), now())

    def records(self, fields: Mapping[str, Any], by: Command | None = None) -> Receipt:
        return self.casework.recording.record(fact_of(fields), by or command())

    def records_all(self, told: Told) -> None:
        for fields in told.facts:
            self.records(fields)

    def erases(self, hpr: str, by: Command | None = None, reason: str = "requested") -> Erased:
        """Destroy a doctor's key, as two operators do."""
        return erased(self.casework, hpr, by, reason)

    def publishes(self) -> list[str]:
        return self.casework.book.publish_release(now(), lambda _: command(source="release"))

    def replays(self, municipality: str, known_at: str | None = None) -> Json:
        """The result from the stored events, as JSON."""
        at = datetime.fromisoformat(known_at) if known_at else None
        return self.casework.replay(municipality, self.casework.book.rule_set(None, ROUND), at).as_json()

    def replays_all(self, known_at: str | None = None) -> list[Json]:
        """The results of the whole round from the stored events, as JSON."""
        at = datetime.fromisoformat(known_at) if known_at else None
        rules = self.casework.book.rule_set(None, ROUND)
        return [each.as_json() for each in self.casework.replay_round(rules, at)]

    def asks(self, query: LiteralString, *params: object) -> list[dict[str, Any]]:
        """Rows straight from the database, behind the store's back."""
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            cursor = connection.execute(query, params)
            return cursor.fetchall() if cursor.description else []

    def log(self) -> list[tuple[str, str]]:
        """Doctor and id of every fact stored, in the order of the log."""
        events = sorted(self.store.doctors(list(self.store.versions())), key=lambda each: each.position or 0)
        return [(each.event.hpr, each.event.id) for each in events if isinstance(each.event, Fact)]

    def is_gap_free(self, hpr: str) -> bool:
        """Whether versions run on without a gap, for the doctor and in each stream."""
        rows = self.asks(
            "SELECT doctor_version, version, stream FROM events WHERE doctor = %s ORDER BY position", track_id(hpr)
        )
        streams: dict[object, list[int]] = {}
        for row in rows:
            streams.setdefault(row["stream"], []).append(row["version"])
        per_doctor = [row["doctor_version"] for row in rows] == list(range(1, len(rows) + 1))
        return per_doctor and all(versions == list(range(1, len(versions) + 1)) for versions in streams.values())


@contextmanager
def desk(url: str, pool_size: int = 10) -> Iterator[Desk]:
    """A desk on a migrated database."""
    store = Store(url, MASTER_KEY, pool_size)
    try:
        yield Desk(url, store, Casework(store))
    finally:
        store.close()
