"""What is read at the terminal is logged before it is printed, under the name of the system's user."""

import os
import pwd
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.scenario import full_time, lines_of
from tests.workers.test_cli import Ended, alis
from workers import cli

ME: Final = f"operator:{pwd.getpwuid(os.getuid()).pw_name}"
REPLAY: Final = ("replay", "--municipality", "1804", "--round", "2026")
Ask = Callable[..., Ended]
UNLOGGED: Final = {
    "calculate",  # of a file, without a database
    "import",  # tells how many facts were stored, and is in the log of events
    "restore",  # into an empty database
    "verify",  # changes nothing, so it cannot write either
    "migrate",
    "worker",
    "projections",
    "keys",
    "serve",
    "demo",
    "token",  # a token and nothing else
}


@pytest.fixture
def ask(database_url: str, tmp_path: Path) -> Ask:
    """Runs a command on a database with one doctor."""
    file = tmp_path / "facts.jsonl"
    file.write_bytes(lines_of(full_time().facts))

    def asking(*arguments: str) -> Ended:
        return alis(*arguments, ALIS_DATABASE_URL=database_url)

    assert asking("import", str(file)).code == 0
    return asking


def entries(url: str, *columns: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        rows = connection.cursor(row_factory=dict_row).execute("SELECT * FROM access_log ORDER BY position").fetchall()
    return [tuple(row[name] for name in columns) for row in rows]


@pytest.mark.parametrize("form", ["json", "table"])
def test_a_command_that_shows_a_case_is_logged_with_its_doctors(ask: Ask, database_url: str, form: str) -> None:
    assert ask(*REPLAY, "--format", form).code == 0
    columns = ("subject", "role", "operation", "doctors", "municipality", "outcome", "channel")
    assert entries(database_url, *columns) == [
        (ME, "operator", "rounds.read", ["9000001"], "1804", "answered", "terminal")
    ]


def test_what_is_not_found_is_logged_too(ask: Ask, database_url: str) -> None:
    assert ask("claim", "show", "1804-2026").code == 2
    assert ask("meters", "9000009").code == 2
    assert entries(database_url, "operation", "doctors", "claim", "outcome", "code") == [
        ("claims.read", [], "1804-2026", "not_found", "unknown-claim"),
        ("facts.read", ["9000009"], None, "not_found", "unknown-doctor"),
    ]


def test_what_cannot_be_logged_is_not_printed(ask: Ask, database_url: str) -> None:
    with psycopg.connect(database_url) as holding:
        holding.execute("LOCK TABLE access_log")
        ended = ask(*REPLAY)
    assert (ended.code, ended.out) == (1, "")
    assert "innsynsloggen" in ended.err


def test_a_backup_is_logged(ask: Ask, database_url: str, tmp_path: Path) -> None:
    assert ask("backup", str(tmp_path / "kopi.alis")).code == 0
    assert entries(database_url, "subject", "operation") == [(ME, "keep")]


def test_the_log_is_read_newest_first_in_sentences(ask: Ask) -> None:
    ask(*REPLAY)
    ask("meters", "9000001")
    told = ask("access", "--format", "table").out.splitlines()
    assert told[0] == "To oppslag"
    assert told[2].startswith("2. Driftsansvarlig ")
    assert "leste opplysninger om legen med HPR-nummer 9000001, " in told[2]
    assert "leste måneder og beløp i en tilskuddsperiode for Bodø (1804) om legen med HPR-nummer 9000001, " in told[3]
    assert ask("access", "--by-role", "caseworker", "--format", "table").out.startswith("Ingen oppslag")
    assert ask("access", "--doctor", "9000009", "--format", "table").out.startswith("Ingen oppslag")


def test_every_command_that_shows_cases_is_logged() -> None:
    """A new command takes `reading` or `held`, or says here why not."""
    logging = {
        name
        for name, command in cli.COMMANDS.items()
        if "workers.access.reads" in Path(f"{command.module.replace('.', '/')}.py").read_text("utf-8")
    }
    assert set(cli.COMMANDS) - logging == UNLOGGED
