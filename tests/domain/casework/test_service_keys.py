"""The keys of the service itself: one for each purpose, whatever process asks, and whenever it began."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from deploy.migrate import FOLDER, migrate, take
from domain.store import REQUESTS_KEY, SEARCH_KEY, Store
from domain.store.sealed.master import WrongMasterKey, derived_key
from tests.desk import MASTER_KEY, Desk, desk

BEFORE = "0007"


def test_every_process_gets_the_same_key_and_each_purpose_another(at: Desk) -> None:
    with desk(at.url) as elsewhere, ThreadPoolExecutor(8) as threads:
        stores = [at.store, elsewhere.store] * 8
        asked = list(threads.map(lambda store: store.keys.service_key("sessions"), stores))
        assert len(set(asked)) == 1
        assert len(asked[0]) == 32
        assert elsewhere.store.keys.service_key("persons") != asked[0]


def test_a_new_database_has_keys_that_do_not_follow_from_the_master_key(at: Desk) -> None:
    assert at.store.keys.service_key(REQUESTS_KEY) != MASTER_KEY
    assert at.store.keys.service_key(SEARCH_KEY) != derived_key(MASTER_KEY, b"alis/search/1")


def test_service_keys_are_kept_sealed_each_under_its_name(at: Desk) -> None:
    key = at.store.keys.service_key("sessions")
    [row] = at.asks("SELECT sealed_key FROM service_keys WHERE name = 'sessions'")
    assert key not in row["sealed_key"]
    at.asks("INSERT INTO service_keys (name, sealed_key) SELECT 'persons', sealed_key FROM service_keys")
    with pytest.raises(WrongMasterKey):
        at.store.keys.service_key("persons")


def test_a_wrong_master_key_is_told_where_only_the_service_has_keys(at: Desk) -> None:
    at.store.keys.service_key("sessions")
    store = Store(at.url, bytes(32))
    try:
        with pytest.raises(WrongMasterKey):
            store.keys.check()
    finally:
        store.close()


@pytest.fixture
def old(empty_database_url: str) -> str:
    """A database that a release without service keys made and used."""
    steps = {file.name: file.read_bytes() for file in sorted(FOLDER.glob("*.sql")) if file.name < BEFORE}
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        take(connection, steps)
        connection.execute(
            "INSERT INTO commands (id, request, result, actor, stored_at) VALUES (gen_random_uuid(), '', '', '', now())"
        )
    return empty_database_url


def test_in_a_database_from_before_them_they_are_what_followed_from_the_master_key(old: str) -> None:
    migrate(old)
    with desk(old) as at, desk(old) as elsewhere:
        assert at.store.keys.service_key(REQUESTS_KEY) == elsewhere.store.keys.service_key(REQUESTS_KEY) == MASTER_KEY
        assert at.store.keys.service_key(SEARCH_KEY) == derived_key(MASTER_KEY, b"alis/search/1")
        assert at.store.keys.service_key("sessions") != derived_key(MASTER_KEY, b"alis/sessions/1")
        assert at.asks("SELECT name FROM service_keys WHERE sealed_key IS NULL") == []


def test_a_database_from_before_them_can_be_read_as_it_is(old: str) -> None:
    with desk(old) as at:
        at.store.keys.check()
        assert at.asks("SELECT to_regclass('service_keys')::text AS there") == [{"there": None}]
