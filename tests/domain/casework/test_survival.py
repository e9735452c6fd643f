"""What breaks in the middle: lost answers, killed programs, a database that restarts."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg
import pytest

from deploy.database import embedded
from deploy.migrate import migrate
from deploy.server import Server
from domain.casework.facts.importing import Imported
from domain.casework.facts.recording import Receipt
from domain.store import LOCK_KEY
from tests.desk import Desk, desk, guidance, refusal
from tests.lossy_line import lossy_line
from tests.scenario import Json, full_time, lines_of

DOCTOR = full_time()
FEW: list[Json] = list(DOCTOR.facts)
MANY: list[Json] = [fact | {"hpr": f"{hpr}"} for hpr in range(9_000_001, 9_000_041) for fact in DOCTOR.facts]


# ---------------------------------------------------------------- a lost answer


def test_a_registration_whose_answer_is_lost_is_stored_once_and_answered_as_stored(at: Desk) -> None:
    with lossy_line(at.url) as line, desk(line.url, 2) as far:
        line.lose(lambda: bool(at.log()))
        assert far.records(DOCTOR.facts[0]) == Receipt("9000001", "1", stored=True)
        assert line.lost == 1
    assert at.log() == [("9000001", "1")]


@pytest.mark.parametrize("facts", [FEW, MANY], ids=["few", "many"])
def test_an_import_whose_answer_is_lost_is_stored_once_and_tells_what_it_stored(at: Desk, facts: list[Json]) -> None:
    with lossy_line(at.url) as line, desk(line.url, 2) as far:
        line.lose(lambda: bool(at.log()))
        told = far.imports(facts)
        assert line.lost == 1
    assert len(at.log()) == len(facts)
    assert told == Imported(facts=len(facts), stored=len(facts), already_stored=0, doctors=len(facts) // 3)


def test_a_rule_set_whose_publication_is_not_answered_is_published_once(database_url: str) -> None:
    with lossy_line(database_url) as line, desk(line.url, 2) as far, desk(database_url, 2) as near:
        line.lose(lambda: bool(near.asks("SELECT 1 FROM events")))
        far.publishes()
        assert line.lost == 1
        assert near.publishes() == []
        rules = near.asks("SELECT payload FROM events WHERE topic = 'rulebook.rule-set-published.v1'")
        assert len({row["payload"] for row in rules}) == len(rules) == len(near.casework.book.current().published)


def test_connections_that_were_broken_while_nobody_used_them_are_made_anew(at: Desk) -> None:
    at.records(DOCTOR.facts[0])
    at.asks(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
    )
    assert at.records(DOCTOR.facts[1]).stored
    assert len(at.log()) == 2


# ---------------------------------------------------------------- a killed import

IMPORT = """
import sys
from pathlib import Path
from deploy.clock import now
from domain.doctor.intake.intake import read_facts
from tests.desk import command, desk
with desk(sys.argv[1], 2) as at:
    at.casework.importing.import_facts(
        read_facts(Path(sys.argv[2]).read_bytes()), command(), now(), lambda *step: print(*step, flush=True)
    )
"""


def importing(at: Desk, file: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", IMPORT, at.url, str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@contextmanager
def the_log_held(at: Desk) -> Iterator[None]:
    """Nobody can append meanwhile."""
    with psycopg.connect(at.url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        yield


def until(at: Desk, waiting: int) -> None:
    """Wait until so many wait for the log."""
    query = "SELECT 1 AS one FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    deadline = time.monotonic() + 30
    while len(at.asks(query)) != waiting:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def nobody_else(at: Desk) -> None:
    """Wait until the database has noticed that the killed one is gone."""
    query = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> %s"
    deadline = time.monotonic() + 30
    with psycopg.connect(at.url, autocommit=True) as connection:
        while connection.execute(query, [connection.info.backend_pid]).fetchall():
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_an_import_killed_in_the_middle_leaves_nothing_of_itself_and_the_next_one_works(
    at: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(lines_of(MANY))
    before = at.asks("SELECT id FROM commands")
    with the_log_held(at), importing(at, file) as process:
        until(at, waiting=1)
        process.kill()
        process.wait()
    nobody_else(at)
    assert at.log() == []
    assert at.asks("SELECT id FROM commands") == before
    assert at.imports(MANY).stored == len(MANY)
    assert at.store.verify()


@pytest.mark.long
def test_an_import_killed_at_any_moment_leaves_all_or_nothing(at: Desk, tmp_path: Path) -> None:
    facts = [fact | {"hpr": f"{hpr}"} for hpr in range(9_000_001, 9_002_001) for fact in DOCTOR.facts]
    file = tmp_path / "facts.jsonl"
    file.write_bytes(lines_of(facts))
    chance = Random(1804)  # noqa: S311 - the same moments every time, as far as the machine lets them be
    for _ in range(8):
        with importing(at, file) as process:
            assert process.stdout
            for _ in range(4):
                process.stdout.readline()  # all doctors are checked, and storing begins
            time.sleep(chance.random() * 0.5)
            process.kill()
            process.wait()
        nobody_else(at)
        [row] = at.asks("SELECT count(*) AS events FROM events WHERE doctor IS NOT NULL")
        assert row["events"] in {0, len(facts)}
        if row["events"]:
            break
    assert at.imports(facts).already_stored in {0, len(facts)}
    assert at.store.verify()


# ---------------------------------------------------------------- a database that restarts


@contextmanager
def own_server(folder: Path) -> Iterator[tuple[Desk, Server]]:
    """A desk on a server of this test's own, which it may stop."""
    with embedded(folder) as url:
        migrate(url)
        server = Server(folder.resolve())
        with desk(url, 4) as at:
            at.publishes()
            server.start()
            yield at, server


@pytest.mark.long
def test_a_restart_of_the_database_under_the_running_service_is_survived(data_folder: Path) -> None:
    with own_server(data_folder) as (at, server):
        at.records_all(DOCTOR)
        stored: list[bool] = []

        def write(first: int) -> None:
            stored.extend(at.records(guidance(n)).stored for n in range(first, first + 60))

        threads = [threading.Thread(target=write, args=(first,)) for first in (0, 60, 120)]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        server.stop()
        time.sleep(0.5)
        server.start()
        for thread in threads:
            thread.join()
        assert stored == [True] * 180
        assert sorted(fact for _, fact in at.log()[3:]) == sorted(f"g{n}" for n in range(180))
        assert at.is_gap_free("9000001")
        assert at.replays("1804")["total"] == 378_656


@pytest.mark.long
def test_while_the_database_is_away_nothing_is_stored_and_that_is_said(data_folder: Path) -> None:
    with own_server(data_folder) as (at, server):
        at.records(DOCTOR.facts[0])
        server.stop()
        began = time.monotonic()
        assert refusal(at.store.answers) == "store-unavailable"
        answered = time.monotonic()
        assert refusal(lambda: at.records(DOCTOR.facts[1])) == "store-unavailable"
        assert time.monotonic() - answered < 1.5 * (answered - began)  # nobody waits twice for the same
        server.start()
        assert at.records(DOCTOR.facts[1]).stored
        assert len(at.log()) == 2
