"""The hash chain of each stream, reckoned again here from the columns alone."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from tests.desk import Desk, refusal
from tests.scenario import full_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HEAD = ("stream", "version", "topic", "doctor", "doctor_version", "municipality", "recorded_at", "recorded_by", "role")
ORIGIN = ("organisation", "command_id", "correlation_id", "causation_id", "source")


def reckoned(before: bytes, row: Mapping[str, Any]) -> bytes:
    head = [_told(row[name]) for name in (*HEAD, *ORIGIN)]
    told = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    content = hashlib.sha256(told + row["payload"]).digest()
    stored = (row["stored_at"] - EPOCH) // timedelta(microseconds=1)
    return hashlib.sha256(before + content + stored.to_bytes(8, "big")).digest()


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value


def broken(at: Desk) -> list[tuple[UUID, int]]:
    """Stream and version of every event whose hash is not what its columns make."""
    found = []
    before, expected = b"", 0
    for row in at.asks("SELECT * FROM events ORDER BY stream, version"):
        if row["version"] == 1:
            before, expected = row["stream"].bytes, 0
        expected += 1
        if row["version"] != expected or reckoned(before, row) != row["hash"]:
            found.append((row["stream"], row["version"]))
        before = row["hash"]
    return found


@pytest.fixture
def full(at: Desk) -> Desk:
    """A log of several streams, registered and imported, few and many at a time."""
    told = full_time().known("2025-01-01").corrected("3", percent=80).corrected("2", percent=80).withdrawn("3")
    at.records_all(told)
    many = [fact | {"hpr": hpr} for hpr in ("9000002", "9000003", "9000004") for fact in told.facts]
    assert len(many) > 16
    at.imports(many)
    at.imports(
        full_time().leave("l1", "2025-06-01", kind="sick").facts[-1] | {"id": "x", "hpr": h} for h in ("9000002",)
    )
    return at


def tamper(at: Desk, statement: LiteralString | sql.Composed) -> None:
    """Change the log as only whoever owns the server can."""
    with psycopg.connect(at.url) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        assert connection.execute(statement).rowcount > 0
        connection.execute("ALTER TABLE events ENABLE TRIGGER ALL")


def test_the_chain_that_the_database_made_is_the_chain_that_the_columns_make(full: Desk) -> None:
    assert broken(full) == []
    streams = {row["stream"] for row in full.asks("SELECT stream FROM events")}
    [row] = full.asks("SELECT count(*) AS events FROM events")
    assert full.store.verify() == (len(streams), row["events"])


@pytest.mark.parametrize(
    "change",
    [
        "payload = convert_to(replace(convert_from(payload, 'UTF8'), '1804', '1839'), 'UTF8')",
        "payload = payload || ' '::bytea",
        "topic = 'track.completed.v1'",
        "doctor = gen_random_uuid()",
        "doctor_version = doctor_version + 100",
        "municipality = '1839'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "stored_at = stored_at - interval '1 microsecond'",
        "recorded_by = 'kommune:1839'",
        "role = NULL",
        "role = 'auditor'",
        "organisation = '1839'",
        "command_id = gen_random_uuid()",
        "correlation_id = gen_random_uuid()",
        "causation_id = gen_random_uuid()",
        "source = 'page'",
        "hash = sha256(hash)",
    ],
)
def test_a_change_of_any_byte_or_of_any_metadata_is_found(full: Desk, change: LiteralString) -> None:
    second = "(SELECT min(position) FROM events WHERE version = 2 AND municipality IS NOT NULL)"
    tamper(full, sql.SQL("UPDATE events SET {} WHERE position = {}").format(sql.SQL(change), sql.SQL(second)))
    assert broken(full)
    assert refusal(full.store.verify) == "chain-broken"


def test_an_event_taken_out_of_the_middle_is_found(full: Desk) -> None:
    tamper(full, "DELETE FROM events WHERE version = 2 AND stream IN (SELECT stream FROM events WHERE version = 3)")
    assert broken(full)
    assert refusal(full.store.verify) == "chain-broken"


def test_a_first_event_taken_out_is_found(full: Desk) -> None:
    tamper(full, "DELETE FROM events WHERE version = 1 AND stream IN (SELECT stream FROM events WHERE version = 3)")
    assert broken(full)
    assert refusal(full.store.verify) == "chain-broken"


def test_events_that_changed_places_are_found(full: Desk) -> None:
    long = sql.SQL("stream IN (SELECT stream FROM events WHERE version IN (3, 1003))")
    aside = sql.SQL("UPDATE events SET version = version + 1000 WHERE version IN (1, 2) AND {}").format(long)
    back = sql.SQL("UPDATE events SET version = 1003 - version WHERE version IN (1001, 1002) AND {}").format(long)
    tamper(full, aside)
    tamper(full, back)
    assert broken(full)
    assert refusal(full.store.verify) == "chain-broken"


@pytest.mark.parametrize(
    "statement", ["UPDATE events SET topic = topic", "DELETE FROM events WHERE false", "TRUNCATE events"]
)
def test_the_log_is_append_only_also_for_whoever_owns_it(full: Desk, statement: LiteralString) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        full.asks(statement)
