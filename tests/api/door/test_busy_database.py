"""A database that is held up: whoever asks is told so in time, and nothing is half done."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx
import psycopg
import pytest

from deploy.limits import limited
from deploy.settings import Settings
from domain.store import Store
from tests.api.asking import FACTS, KEY, POST, STARTED, refusal, register

READERS: Final = 60
"""More than there are connections, and threads."""


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(limited(database_url, Settings(lock_seconds=1, statement_seconds=2, idle_seconds=1)), KEY)
    yield made
    made.close()


@pytest.mark.long
def test_readers_and_writers_of_a_locked_log_are_told_that_the_database_is_busy(
    client: httpx.Client, database_url: str
) -> None:
    register(client, POST)
    key = {"Idempotency-Key": "once"}
    with psycopg.connect(database_url) as holding, ThreadPoolExecutor(READERS) as readers:
        holding.execute("LOCK TABLE events")
        asked = [readers.submit(client.get, FACTS) for _ in range(READERS)]
        assert client.get("health").status_code == 200
        assert refusal(client.post(FACTS, json=STARTED, headers=key)) == (503, "store-busy")
        answers = [each.result() for each in asked]
    assert {refusal(each) for each in answers} <= {(503, "store-busy"), (503, "store-unavailable")}
    assert all(each.headers["retry-after"] == "5" for each in answers)
    assert [client.post(FACTS, json=STARTED, headers=key).status_code for _ in range(2)] == [201, 201]
    assert len(client.get(FACTS).json()["facts"]) == 2


def test_a_statement_that_takes_too_long_is_given_up(store: Store) -> None:
    with pytest.raises(Exception, match="svarte ikke i tide"), store.reading(None) as connection:
        connection.execute("SELECT pg_sleep(60)")
    assert store.answers()


def test_a_transaction_that_is_left_open_is_ended_by_the_database(store: Store, database_url: str) -> None:
    ended = "SELECT FROM pg_stat_activity WHERE pid = %s"
    with store.reading(None) as left, psycopg.connect(database_url, autocommit=True) as looking:
        pid = left.info.backend_pid
        while looking.execute(ended, (pid,)).rowcount:
            looking.execute("SELECT pg_sleep(0.05)")
        with pytest.raises(psycopg.Error):
            left.execute("SELECT 1")
        left.close()
    assert store.answers()


def test_what_the_address_of_the_database_says_itself_has_precedence_but_the_time_is_utc(database_url: str) -> None:
    given = psycopg.conninfo.make_conninfo(
        database_url, options="-c statement_timeout=7s -c timezone=Europe/Oslo", connect_timeout=9
    )
    with psycopg.connect(limited(given, Settings())) as connection:
        shown = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in ("statement_timeout", "timezone")]
        assert shown == [("7s",), ("UTC",)]
        assert connection.info.get_parameters()["connect_timeout"] == "9"
