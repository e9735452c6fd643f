"""Requests counted over several services: each knows of the others' with the next batch that it writes."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from domain.store import AccessLog
from tests.domain.store.test_access_log import SECONDS, entry, written

MINUTE = 29_000_000


@pytest.fixture
def here(database_url: str) -> Iterator[AccessLog]:
    with closing(AccessLog(database_url)) as made:
        yield made


@pytest.fixture
def there(database_url: str) -> Iterator[AccessLog]:
    with closing(AccessLog(database_url)) as made:
        yield made


def test_each_service_counts_what_the_others_have_written(here: AccessLog, there: AccessLog) -> None:
    for _ in range(30):
        here.counts.add("kommune:1804", MINUTE)
    written(here, entry())
    assert there.counts.add("kommune:1804", MINUTE) == 1
    written(there, entry())
    assert there.counts.add("kommune:1804", MINUTE) == 32
    assert there.counts.add("kommune:1806", MINUTE) == 1
    assert there.counts.add("kommune:1804", MINUTE + 1) == 1


def test_none_is_lost_or_counted_twice_while_batches_are_written(
    here: AccessLog, there: AccessLog, database_url: str
) -> None:
    puts = []
    for _ in range(200):
        for log in (here, there):
            log.counts.add("kommune:1804", MINUTE)
            puts.append(log.put(entry()))
    for each in puts:
        each.result(SECONDS)
    here.close()
    there.close()
    assert counted(database_url) == [("kommune:1804", MINUTE, 400)]


def test_requests_that_nothing_is_logged_of_are_counted_too(here: AccessLog, database_url: str) -> None:
    here.open()
    here.counts.add("127.0.0.1", MINUTE)
    here.close()
    assert counted(database_url) == [("127.0.0.1", MINUTE, 1)]


def test_minutes_that_are_over_are_forgotten(here: AccessLog, database_url: str) -> None:
    for minute in (MINUTE, MINUTE + 10):
        here.counts.add("kommune:1804", minute)
        written(here, entry())
    assert counted(database_url) == [("kommune:1804", MINUTE + 10, 1)]


def counted(url: str) -> list[Any]:
    with psycopg.connect(url) as looking:
        return looking.execute("SELECT client, minute, count FROM request_counts").fetchall()
