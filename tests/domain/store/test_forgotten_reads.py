"""Old entries of the access log go, and the chain stays whole over what is left of them."""

from contextlib import closing
from typing import Any, Final

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.casework.verifying.access import access_findings
from domain.store import AccessLog
from domain.store.access.entry import GENESIS
from domain.store.access.forgetting import MOST, all_links, forget
from domain.store.access.reading import all_entries, broken
from domain.store.walls.roles import ALL
from tests.desk import refusal
from tests.domain.store.test_access_log import entry, log, looking, operations, written

__all__ = ["log", "looking"]  # fixtures
Looking = psycopg.Connection[Any]
_AGE: Final = b"UPDATE access_log SET moment = moment - interval '3 years' WHERE position <= %s"


def aged(looking: Looking, until: int) -> None:
    """As if the first entries had been written three years ago, and the others after them."""
    looking.execute("ALTER TABLE access_log DISABLE TRIGGER access_log_is_for_ever")
    looking.execute(_AGE, (until,))
    before = GENESIS
    for each in list(all_entries(looking)):
        before = each.hash_after(before)
        looking.execute("UPDATE access_log SET hash = %s WHERE position = %s", (before, each.position))
    looking.execute("ALTER TABLE access_log ENABLE TRIGGER access_log_is_for_ever")
    assert codes(looking) == []


def codes(looking: Looking) -> list[str]:
    return [each.code for each in access_findings(looking)]


def test_entries_older_than_that_go_and_the_chain_is_whole(log: AccessLog, looking: Looking) -> None:
    written(log, *map(entry, range(1, 6)))
    aged(looking, 3)
    before = [each.hash for each in all_links(looking)]
    assert forget(looking, 4) == 0
    assert forget(looking, 2) == 3
    assert forget(looking, 2) == 0
    assert operations(looking) == ["read 4", "read 5"]
    assert [each.hash for each in all_links(looking)] == before
    assert codes(looking) == []
    written(log, entry(6))
    assert codes(looking) == []


def test_nothing_of_what_stood_in_them_stays(log: AccessLog, looking: Looking) -> None:
    written(log, entry(1, reason="klage fra lege", claim="1804-2026"), entry(2))
    aged(looking, 1)
    forget(looking, 1)
    [leaf] = looking.execute("SELECT * FROM access_log_leaves").fetchall()
    assert [type(each).__name__ for each in leaf] == ["int", "datetime", "bytes", "bytes", "datetime"]
    assert not any(word in repr(leaf) for word in ("ada", "9000001", "klage", "1804", "read 1"))


def test_more_than_go_at_once_go_in_turn(log: AccessLog, looking: Looking) -> None:
    for done in [log.put(entry(number)) for number in range(MOST + 20)]:
        done.result(20)
    aged(looking, MOST + 10)
    assert [forget(looking, 1) for _ in range(3)] == [MOST, 10, 0]
    assert codes(looking) == []


def test_the_newest_entry_stays_however_old_so_that_the_next_goes_on_from_it(log: AccessLog, looking: Looking) -> None:
    written(log, entry(1), entry(2))
    aged(looking, 2)
    assert forget(looking, 1) == 0
    assert operations(looking) == ["read 1", "read 2"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE access_log SET subject = 'saksbehandler:en annen' WHERE position = 2",
        "DELETE FROM access_log WHERE position = 2",
    ],
)
def test_where_one_is_not_as_it_was_written_none_goes(log: AccessLog, looking: Looking, change: str) -> None:
    written(log, *map(entry, range(1, 5)))
    aged(looking, 3)
    looking.execute("ALTER TABLE access_log DISABLE TRIGGER access_log_is_for_ever")
    looking.execute(change.encode())
    looking.execute("ALTER TABLE access_log ENABLE TRIGGER access_log_is_for_ever")
    left = operations(looking)
    assert refusal(lambda: forget(looking, 1)) == "chain-broken"
    assert operations(looking) == left


@pytest.mark.parametrize(
    "change",
    [
        b"UPDATE access_log_leaves SET moment = moment + interval '1 day' WHERE position = 1",
        b"UPDATE access_log_leaves SET content = sha256('') WHERE position = 1",
        b"UPDATE access_log_leaves SET hash = sha256('') WHERE position = 1",
    ],
)
def test_what_stays_of_an_entry_cannot_be_changed_unseen(log: AccessLog, looking: Looking, change: bytes) -> None:
    written(log, *map(entry, range(1, 4)))
    aged(looking, 2)
    forget(looking, 1)
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        looking.execute(change)
    looking.execute("ALTER TABLE access_log_leaves DISABLE TRIGGER access_log_leaves_are_for_ever")
    looking.execute(change)
    assert "access-changed" in codes(looking)
    looking.execute("DELETE FROM access_log_leaves WHERE position = 1")
    assert codes(looking)[0] == "access-missing"


def test_the_guard_is_up_again_afterwards_and_nobody_but_the_owner_lets_entries_go(
    log: AccessLog, looking: Looking, database_url: str
) -> None:
    written(log, entry(1), entry(2))
    aged(looking, 1)
    for role in ALL:
        url = make_conninfo(database_url, options=f"-c role={role}")
        with (
            closing(psycopg.connect(url, autocommit=True)) as theirs,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            forget(theirs, 1)
    assert forget(looking, 1) == 1
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        looking.execute("DELETE FROM access_log")
    assert list(broken(all_links(looking))) == []
