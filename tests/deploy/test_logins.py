"""The logins that compose.yaml gives the service and the worker: made by the very file that the image runs."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege

from deploy.database import DatabaseProblem
from deploy.migrate import migrate
from deploy.roles import as_worker, check_may_erase, keeps_apart
from deploy.server import programs
from domain.store.walls.roles import DIRECTORATE, SCOPED, SERVICE, WORKER
from tests.desk import desk
from tests.projections.house import House
from tests.scenario import BODO, track

LOGINS: Final = Path(__file__).parents[2] / "deploy" / "logins.sql"
TAKEN: Final = """
SELECT count(*) FROM pg_auth_members
WHERE member = %s::regrole AND roleid = %s::regrole AND set_option AND inherit_option = %s
"""


@pytest.fixture
def given(empty_database_url: str, tmp_path: Path) -> Iterator[str]:
    """The owner's address of a database that the image has just made, with the logins beside."""
    runs(empty_database_url, tmp_path, serves="et passord", works="et annet '; DROP")
    yield empty_database_url
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("DROP ROLE serves, works")


def runs(url: str, folder: Path, **passwords: str) -> None:
    """Run the file as the image does, with the secrets in a folder of the test."""
    for login, password in passwords.items():
        (folder / f"{login}_password").write_text(password + "\n")
    text = LOGINS.read_text("utf-8").replace("/run/secrets/", f"{folder}/")
    done = subprocess.run(
        [programs({}) / "psql", "-v", "ON_ERROR_STOP=1", "--no-psqlrc", "-q", "-d", url, "-f", "-"],
        input=text,
        text=True,
        capture_output=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "NOTICE" not in line]  # that a role has been given before
    assert (done.returncode, said) == (0, [])


def logs_in(url: str, login: str) -> str:
    return make_conninfo(url, user=login)


def stored(url: str, login: str) -> str:
    """What PostgreSQL keeps of a password."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (login,)).fetchone()
    assert row is not None
    return str(row[0])


def test_the_service_and_the_worker_do_all_their_work_over_logins_that_are_not_the_owner(given: str) -> None:
    assert migrate(given)
    serves, works = logs_in(given, "serves"), logs_in(given, "works")
    assert migrate(serves) == migrate(works) == []
    assert keeps_apart(serves)
    with desk(serves) as opened:
        opened.publishes()
        house = House(as_worker(works), opened.store, opened.casework)
        house.records_all(track("2024-10-01").position("p1"))
        house.levels()
        with house.store.reading(frozenset([BODO])) as connection:
            assert connection.execute("SELECT DISTINCT municipality FROM read.overview").fetchall() == [
                {"municipality": BODO}
            ]


def test_neither_login_can_change_the_log_destroy_a_key_or_do_the_others_work(given: str) -> None:
    migrate(given)
    for login in ("serves", "works"):
        with pytest.raises(DatabaseProblem) as problem:
            check_may_erase(logs_in(given, login))
        assert problem.value.code == "database-role"
        for statement in (
            "DELETE FROM events",
            "UPDATE access_log SET role = role",
            "DROP TABLE events",
            "SET ROLE alis",
        ):
            with psycopg.connect(logs_in(given, login)) as connection, pytest.raises(InsufficientPrivilege):
                connection.execute(statement.encode())
    with pytest.raises(DatabaseProblem) as problem:
        as_worker(logs_in(given, "serves"))
    assert problem.value.code == "database-role"


def test_the_file_can_be_run_again_for_a_database_that_has_its_roles_and_changes_the_passwords(
    given: str, tmp_path: Path
) -> None:
    migrate(given)
    before = {login: stored(given, login) for login in ("serves", "works")}
    assert all(each.startswith("SCRAM-SHA-256$") for each in before.values())
    runs(given, tmp_path, serves="et nytt passord")
    assert {login: stored(given, login) != each for login, each in before.items()} == {"serves": True, "works": True}
    with psycopg.connect(given) as connection:
        for member, role, inherits in (
            (SERVICE, SCOPED, False),
            (SERVICE, DIRECTORATE, False),
            ("serves", SERVICE, True),
            ("works", SERVICE, True),
            ("works", WORKER, True),
            ("serves", WORKER, True),
        ):
            row = connection.execute(TAKEN, (member, role, inherits)).fetchone()
            assert row == (0 if (member, role) == ("serves", WORKER) else 1,), (member, role)
