import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from deploy.database import DatabaseProblem, check, database, embedded
from deploy.folder import make
from deploy.server import Server
from deploy.settings import Settings
from deploy.watching import watching

ROOT = os.geteuid() == 0
NOBODY = 65534
PROGRAM = str(Path(__file__).with_name("user_of_database.py"))

Process = subprocess.Popen[str]


@contextmanager
def using(folder: Path, user: int | None = None) -> Iterator[Process]:
    """Another process that uses the data folder; its end is the test's to choose."""
    command = [sys.executable, PROGRAM, str(folder), *([] if user is None else [str(user)])]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    with process:
        yield process
        process.kill()


def said(process: Process) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def finish(process: Process) -> None:
    process.communicate("\n", timeout=30)


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def server_pid(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split("\n")[0])


def test_a_data_folder_gets_a_server_that_listens_on_no_network_and_stops_after_use(data_folder: Path) -> None:
    with embedded(data_folder) as url, psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('TimeZone'), current_setting('fsync'),"
            " current_setting('server_encoding'), lower('TROMSØ')"
        ).fetchone()
    assert row == ("", "UTC", "on", "UTF8", "tromsø")
    assert not answers(url)


def test_what_was_written_is_there_at_the_next_start(data_folder: Path) -> None:
    with embedded(data_folder) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    with embedded(data_folder) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_folder_with_a_long_name_spaces_and_norwegian_letters_will_do(data_folder: Path) -> None:
    folder = data_folder / 'på, "æ\'ø" $(exit)' / ("å" * 60)
    for part in (data_folder, folder.parent):
        make(part)
    with embedded(folder, durable=False) as url:
        assert answers(url)


def test_two_processes_that_start_at_once_share_one_server_and_the_last_out_stops_it(data_folder: Path) -> None:
    with using(data_folder) as one, using(data_folder) as other:
        url = said(one)
        assert said(other) == url
        finish(one)
        assert answers(url)
        finish(other)
        assert not answers(url)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_process_that_is_told_to_end_stops_its_server_first(data_folder: Path, ending: signal.Signals) -> None:
    with using(data_folder) as process:
        url = said(process)
        os.killpg(process.pid, ending)  # as the terminal does: the whole group gets it
        process.wait(timeout=30)
        assert not answers(url)


def test_the_server_of_a_killed_process_is_used_by_the_next_one_which_stops_it(data_folder: Path) -> None:
    with using(data_folder) as killed:
        url = said(killed)
        killed.kill()
        killed.wait()
    assert answers(url)
    with embedded(data_folder) as again:
        assert again == url
        assert answers(url)
    assert not answers(url)


def test_a_server_that_was_killed_recovers_what_was_committed(data_folder: Path) -> None:
    with embedded(data_folder) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        os.kill(server_pid(data_folder), signal.SIGKILL)
    with embedded(data_folder) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def answers_again(url: str) -> bool:
    deadline = time.monotonic() + 30
    while not answers(url) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answers(url)


@pytest.mark.long
def test_a_server_that_is_killed_under_its_users_is_begun_again_by_one_of_them(data_folder: Path) -> None:
    settings = Settings(data_folder=data_folder)
    with database(settings) as at, database(settings) as same:
        assert same == at
        url = at.owner
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        for _ in range(2):
            killed = server_pid(data_folder)
            os.kill(killed, signal.SIGKILL)
            time.sleep(0.1)
            assert answers_again(url)
            assert server_pid(data_folder) != killed
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    assert not answers(url)


class Broken:
    """A server that does not run, and cannot be begun again."""

    def __init__(self) -> None:
        self.attempts = 0

    def runs(self) -> bool:
        return False

    def restart(self) -> None:
        self.attempts += 1
        raise DatabaseProblem("embedded-start", "Den starter ikke.")


def test_a_server_that_cannot_be_begun_again_is_given_up_on_after_five_attempts() -> None:
    broken = Broken()
    with watching(broken, nullcontext, look_seconds=0.001):
        time.sleep(0.5)
    assert broken.attempts == 5


def test_a_database_that_is_gone_is_not_made_anew_behind_its_users_backs(data_folder: Path) -> None:
    with embedded(data_folder, durable=False) as url:
        os.kill(server_pid(data_folder), signal.SIGKILL)
        while answers(url):
            time.sleep(0.05)
        (data_folder / "postgres").rename(data_folder / "taken-away")
        with pytest.raises(DatabaseProblem) as problem:
            Server(data_folder).restart()
    assert problem.value.code == "embedded-gone"
    assert not (data_folder / "postgres").exists()


def test_a_pid_file_that_names_another_program_after_a_restart_of_the_machine_is_no_hindrance(
    data_folder: Path,
) -> None:
    with embedded(data_folder, durable=False):
        file = data_folder / "postgres" / "postmaster.pid"
        left = file.read_text().split("\n", 1)[1]
    file.write_text(f"{os.getpid()}\n{left}")
    file.chmod(0o600)
    os.chown(file, file.parent.stat().st_uid, -1)
    with embedded(data_folder, durable=False) as url:
        assert answers(url)


def test_a_cluster_that_was_broken_off_half_made_is_made_anew(data_folder: Path) -> None:
    (data_folder / "postgres.half").mkdir(parents=True)
    (data_folder / "postgres.half" / "PG_VERSION").write_text("18\n")
    data_folder.chmod(0o711)
    with embedded(data_folder, durable=False) as url:
        assert answers(url)
    assert not (data_folder / "postgres.half").exists()


def test_without_rights_to_the_data_folder_one_sentence_says_so(data_folder: Path) -> None:
    data_folder.mkdir(mode=0o500)
    with using(data_folder / "var", user=NOBODY if ROOT else None) as process:
        assert said(process) == (
            f"data-folder-rights Får ikke skrive i datamappen {data_folder}/var; gi brukeren rettigheter til den,"
            " eller velg en annen med ALIS_DATA_FOLDER."
        )


def test_another_users_database_is_refused_in_one_sentence(data_folder: Path) -> None:
    if not ROOT:
        pytest.skip("only root can be two users")
    with embedded(data_folder, durable=False):
        pass
    for file in data_folder.glob("server.*"):
        file.chmod(0o666)
    with using(data_folder, user=NOBODY) as process:
        assert said(process).startswith("data-folder-rights ")


def test_a_data_folder_that_roots_server_cannot_reach_is_refused_in_one_sentence(data_folder: Path) -> None:
    if not ROOT:
        pytest.skip("only root's server runs as another user")
    data_folder.mkdir(mode=0o700)
    with pytest.raises(DatabaseProblem) as problem, embedded(data_folder):
        pass
    assert problem.value.code == "data-folder-reach"


def given(url: str) -> Settings:
    return Settings(database_url=SecretStr(url))


def refusal(url: str) -> DatabaseProblem:
    with pytest.raises(DatabaseProblem) as problem, database(given(url)):
        pass
    assert "hemmelig" not in problem.value.sentence
    return problem.value


def test_a_given_database_is_used_as_it_is(server_url: str) -> None:
    with database(given(server_url)) as at:
        assert (at.owner, at.service, at.worker) == (server_url,) * 3
        assert answers(at.service)
    assert answers(server_url)


def test_a_given_database_where_nobody_listens_is_told_of() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    problem = refusal(f"postgresql://eva:hemmelig@127.0.0.1:{port}/alis")
    assert problem.code == "database-silent"
    assert problem.sentence.startswith(f"Databasen alis på 127.0.0.1:{port} svarer ikke;")


@pytest.mark.long
def test_a_given_server_that_never_answers_is_given_up_on_within_five_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        before = time.monotonic()
        problem = refusal(f"postgresql://eva:hemmelig@127.0.0.1:{silent.getsockname()[1]}/alis")
    assert problem.code == "database-silent"
    assert time.monotonic() - before < 5


def test_a_given_database_that_does_not_exist_is_told_of(server_url: str) -> None:
    assert refusal(server_url.replace("/alis?", "/finnes_ikke?")).code == "database-rejected"


def test_a_version_that_the_program_was_never_tested_on_is_refused(server_url: str) -> None:
    with pytest.raises(DatabaseProblem, match="er PostgreSQL 18, men programmet er prøvd med 16, 17"):
        check(server_url, supported={17, 16})


def test_a_database_that_cannot_hold_every_letter_is_refused(server_url: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    assert refusal(server_url.replace("/alis?", "/latin?")).code == "database-encoding"
