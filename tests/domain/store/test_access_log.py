"""The access log: nothing that was answered is missing from it, and nobody can change it unseen."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from concurrent.futures import TimeoutError as TooLate
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from deploy.clock import new_id
from deploy.database import embedded
from deploy.migrate import migrate
from deploy.server import Server
from domain.store import AccessLog, Entry
from domain.store.access.appending import LOCK_KEY
from domain.store.access.reading import all_entries, broken
from tests.lossy_line import lossy_line

SECONDS: Final = 20
LOCKED: Final = f"SELECT pg_advisory_lock({LOCK_KEY})".encode()


def entry(number: int = 0, **more: object) -> Entry:
    """The read of a caseworker; its number stands in the operation."""
    fields: dict[str, Any] = {"subject": "saksbehandler:ada", "role": "caseworker", "channel": "api"}
    fields["correlation_id"] = new_id()
    return Entry(**{**fields, "operation": f"read {number}", "doctors": ("9000001", "9000002"), **more})


def written(log: AccessLog, *entries: Entry) -> None:
    """Write entries, each in a batch of its own."""
    for each in entries:
        log.put(each).result(SECONDS)


@pytest.fixture
def log(database_url: str) -> Iterator[AccessLog]:
    with closing(AccessLog(database_url)) as made:
        yield made


@pytest.fixture
def looking(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def operations(looking: psycopg.Connection[Any]) -> list[str]:
    return [operation for (operation,) in looking.execute("SELECT operation FROM access_log ORDER BY position")]


def wrong(looking: psycopg.Connection[Any]) -> list[int]:
    """The positions of what is not as it was written."""
    return [position for position, _ in broken(all_entries(looking))]


def test_what_is_written_is_read_back_as_it_was(log: AccessLog, looking: psycopg.Connection[Any]) -> None:
    first = entry(1, claim="1804-2026", municipality="1804", reason='klage «æøå» \\ "x"')
    second = entry(2, outcome="not_found", code="unknown-doctor", doctors=(), on_behalf_of="910000000")
    written(log, first, second)
    found = list(all_entries(looking))
    assert [each.position for each in found] == [1, 2]
    assert [each.entry for each in found] == [first, second]
    assert not wrong(looking)


def test_the_hash_is_of_the_one_before_the_columns_the_position_and_the_moment(
    log: AccessLog, looking: psycopg.Connection[Any]
) -> None:
    written(log, entry(1, reason="Ø"), entry(2))
    before = bytes(32)
    for row in looking.cursor(row_factory=dict_row).execute("SELECT * FROM access_log ORDER BY position"):
        values = [str(row[name]) if isinstance(row[name], UUID) else row[name] for name in Entry.__slots__]
        content = sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).digest()
        micros = int(row["moment"].timestamp()) * 1_000_000 + row["moment"].microsecond
        before = sha256(before + content + row["position"].to_bytes(8) + micros.to_bytes(8)).digest()
        assert row["hash"] == before


def test_what_waits_while_a_batch_is_written_is_the_next_batch(
    log: AccessLog, looking: psycopg.Connection[Any]
) -> None:
    looking.execute(LOCKED)
    first = log.put(entry(0))
    while not looking.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").rowcount:
        time.sleep(0.01)
    rest = [log.put(entry(number)) for number in range(1, 40)]
    assert not any(each.done() for each in (first, *rest))
    looking.execute("SELECT pg_advisory_unlock_all()")
    wait([first, *rest], SECONDS)
    assert operations(looking) == [f"read {number}" for number in range(40)]
    assert looking.execute("SELECT count(DISTINCT moment) FROM access_log").fetchone() == (2,)


def test_several_services_write_one_chain_without_gaps(database_url: str, looking: psycopg.Connection[Any]) -> None:
    with closing(AccessLog(database_url)) as here, closing(AccessLog(database_url)) as there:
        puts = [log.put(entry(number)) for number in range(100) for log in (here, there)]
        wait(puts, SECONDS)
        assert all(each.exception() is None for each in puts)
    assert [each.position for each in all_entries(looking)] == list(range(1, 201))
    assert not wrong(looking)


def test_an_entry_whose_caller_has_left_before_its_batch_is_left_out(
    log: AccessLog, looking: psycopg.Connection[Any]
) -> None:
    looking.execute(LOCKED)
    held = log.put(entry(1))
    with pytest.raises(TooLate):
        held.result(0.2)
    left = log.put(entry(2))
    assert left.cancel()
    looking.execute("SELECT pg_advisory_unlock_all()")
    held.result(SECONDS)
    written(log, entry(3))
    assert operations(looking) == ["read 1", "read 3"]


def test_closing_writes_what_waits_and_takes_nothing_more(database_url: str, looking: psycopg.Connection[Any]) -> None:
    log = AccessLog(database_url)
    looking.execute(LOCKED)
    puts = [log.put(entry(number)) for number in range(5)]
    with ThreadPoolExecutor(1) as closer:
        closed = closer.submit(log.close)
        looking.execute("SELECT pg_advisory_unlock_all()")
        closed.result(SECONDS)
    assert all(each.done() and each.exception() is None for each in puts)
    assert len(operations(looking)) == 5
    assert isinstance(log.put(entry(9)).exception(SECONDS), psycopg.Error)


# ---------------------------------------------------------------- what breaks


def test_a_connection_lost_while_nobody_wrote_is_made_anew_within_the_same_batch(
    log: AccessLog, looking: psycopg.Connection[Any]
) -> None:
    written(log, entry(1))
    looking.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    written(log, entry(2))
    assert operations(looking) == ["read 1", "read 2"]


def test_a_batch_whose_answer_is_lost_is_written_again_rather_than_not_at_all(
    database_url: str, looking: psycopg.Connection[Any]
) -> None:
    with lossy_line(database_url) as line, closing(AccessLog(line.url)) as log:
        written(log, entry(1))
        line.lose(lambda: len(operations(looking)) > 1)
        written(log, entry(2))
        assert line.lost == 1
    assert operations(looking) == ["read 1", "read 2", "read 2"]
    assert not wrong(looking)


def test_nothing_is_written_into_a_locked_table_and_everything_afterwards(
    log: AccessLog, looking: psycopg.Connection[Any], database_url: str
) -> None:
    written(log, entry(1))
    with psycopg.connect(database_url) as holding:
        holding.execute("LOCK TABLE access_log")
        assert isinstance(log.put(entry(2)).exception(SECONDS), psycopg.errors.LockNotAvailable)
    written(log, entry(3))
    assert operations(looking) == ["read 1", "read 3"]


def test_a_database_that_stops_refuses_every_entry_and_takes_them_when_it_is_back(data_folder: Path) -> None:
    with embedded(data_folder, durable=False) as url:
        migrate(url)
        with closing(AccessLog(url)) as log:
            written(log, entry(1))
            server = Server(data_folder.resolve(), durable=False)
            server.start()
            server.stop()
            refusals = [log.put(entry(2)).exception(SECONDS) for _ in range(2)]
            assert all(isinstance(each, psycopg.Error) for each in refusals), refusals
            server.start()
            written(log, entry(3))
        with psycopg.connect(url) as looking:
            assert operations(looking) == ["read 1", "read 3"]


WRITER = """
import sys
from tests.domain.store.test_access_log import entry
from domain.store import AccessLog
log = AccessLog(sys.argv[1])
number = 0
while True:
    number += 1
    log.put(entry(number)).result()
    print(number, flush=True)
"""


def test_a_killed_service_has_logged_all_that_it_was_told_was_logged(
    database_url: str, looking: psycopg.Connection[Any], log: AccessLog
) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, database_url], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout
        told = [killed.stdout.readline() for _ in range(20)]
        killed.kill()
        told += killed.stdout.readlines()
    confirmed = max(int(line) for line in told if line.endswith("\n"))
    written(log, entry(0))
    assert operations(looking)[:confirmed] == [f"read {number}" for number in range(1, confirmed + 1)]
    assert not wrong(looking)


# ---------------------------------------------------------------- for ever


@pytest.mark.parametrize(
    "change", ["UPDATE access_log SET subject = ''", "DELETE FROM access_log", "TRUNCATE access_log"]
)
def test_the_table_refuses_every_change(change: str, log: AccessLog, looking: psycopg.Connection[Any]) -> None:
    written(log, entry(1))
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        looking.execute(change.encode())
    assert operations(looking) == ["read 1"]


ONE_MORE: Final = """
INSERT INTO access_log SELECT 6, moment, subject, role, organisation, on_behalf_of, operation, doctors, municipality,
claim, reason, outcome, code, channel, correlation_id, hash FROM access_log WHERE position = 5
"""
CHANGES: Final = {
    "UPDATE access_log SET doctors = '{}' WHERE position = 3": [3],
    "UPDATE access_log SET moment = moment - interval '1 day' WHERE position = 1": [1],
    "UPDATE access_log SET reason = 'tilsyn' WHERE position = 5": [5],
    "UPDATE access_log SET hash = sha256('') WHERE position = 2": [2, 3],
    "DELETE FROM access_log WHERE position = 1": [1],
    "DELETE FROM access_log WHERE position IN (2, 3)": [2, 3],
    "UPDATE access_log SET position = position + 10 WHERE position = 5": [5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
    ONE_MORE: [6],
}


@pytest.mark.parametrize(("change", "found"), CHANGES.items())
def test_a_changed_a_removed_and_an_inserted_entry_is_named(
    change: str, found: list[int], log: AccessLog, looking: psycopg.Connection[Any]
) -> None:
    written(log, *map(entry, range(1, 6)))
    looking.execute("ALTER TABLE access_log DISABLE TRIGGER access_log_is_for_ever")
    looking.execute(change.encode())
    assert wrong(looking) == found
