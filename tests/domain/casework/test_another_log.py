"""An older copy of the database put in its place under a running service: what is remembered goes with the log."""

from collections.abc import Iterator

import psycopg
import pytest

from domain.store import Store
from projections.all import ALL
from projections.doctors.grant_amounts import GrantAmounts
from projections.workers import Workers
from tests.claiming import NAME, claiming
from tests.desk import MASTER_KEY, Desk, desk, refusal
from tests.projections.engine.test_running import is_level, until
from tests.projections.house import House, registered
from tests.scenario import full_time


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url) as opened:
        opened.publishes()
        yield opened


def goes_back(at: Desk, to: int) -> None:
    """The database as it was at a position; all connections end, as when a backup is put back."""
    with psycopg.connect(at.url, autocommit=True) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER events_are_for_ever")
        connection.execute(
            "DELETE FROM doctor_keys WHERE doctor IN (SELECT doctor FROM events WHERE position > %s)", (to,)
        )
        connection.execute("DELETE FROM commands WHERE last_position > %s", (to,))
        connection.execute("DELETE FROM events WHERE position > %s", (to,))
        connection.execute("SELECT setval(pg_get_serial_sequence('events', 'position'), %s)", (to,))
        connection.execute("ALTER TABLE events ENABLE TRIGGER events_are_for_ever")
        connection.execute("DELETE FROM projections")
        connection.execute("DROP SCHEMA read CASCADE")
        connection.execute("CREATE SCHEMA read")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def begun(at: House) -> bool:
    with at.reads() as connection:
        return {each.name for each in registered(connection)} == {each.name for each in ALL}


def test_a_claim_that_is_gone_is_unknown_and_can_be_opened(at: Desk) -> None:
    at.imports(full_time().facts)
    before = at.store.last_position() or 0
    claiming(at).submitted()
    goes_back(at, before)
    assert refusal(lambda: at.casework.claims.claim(NAME)) == "unknown-claim"
    claiming(at).submitted()


def test_a_rule_set_that_is_gone_is_not_calculated_with(at: Desk) -> None:
    published = list(at.casework.book.current().published)
    goes_back(at, 1)
    assert list(at.casework.book.current().published) == []
    assert at.publishes() == published


def test_facts_that_are_gone_are_recorded_anew_without_a_gap_and_under_a_key_that_is_kept(at: Desk) -> None:
    facts = full_time().facts
    at.records(facts[0])
    before = at.store.last_position() or 0
    post = facts[1] | {"workplace": "Sentrum"}
    at.records(post)
    goes_back(at, before)
    assert at.records(post).stored
    assert at.is_gap_free("9000001")
    other = Store(at.url, MASTER_KEY)
    assert "Sentrum" in str([each.event for each in other.doctors(list(other.versions()))])
    other.close()


def test_a_log_that_is_as_long_again_is_still_another(at: Desk) -> None:
    at.imports(full_time().facts)
    before = at.store.last_position() or 0
    claiming(at).submitted()
    epoch, head = at.store.epoch, at.store.last_position() or 0
    goes_back(at, before)
    with desk(at.url) as other:
        while (other.store.last_position() or 0) <= head:
            other.imports([fact | {"hpr": f"90000{other.store.last_position():02}"} for fact in full_time().facts])
    assert refusal(lambda: at.casework.claims.claim(NAME)) == "unknown-claim"
    assert at.store.epoch > epoch


def test_workers_go_on_with_the_log_that_is_there(at: Desk) -> None:
    house = House(at.url, at.store, at.casework)
    at.imports(full_time().facts)
    before = at.store.last_position() or 0
    at.imports([fact | {"hpr": "9000002"} for fact in full_time().facts])
    with Workers(ALL, at.store, at.url):
        assert is_level(house)
        goes_back(at, before)
        at.imports([fact | {"hpr": "9000003"} for fact in full_time().facts])
        assert until(lambda: begun(house) and is_level(house), 30)
    assert {hpr for hpr, *_ in house.rows(GrantAmounts)} == {"9000001", "9000003"}
    assert [house.differs_from_fresh(each) for each in ALL] == [0] * len(ALL)
