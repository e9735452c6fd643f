import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from deploy.migrate import migrate
from deploy.problems import DatabaseProblem


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    (tmp_path / "0001-doctors.sql").write_text(
        "CREATE TABLE doctors (name text);\nINSERT INTO doctors VALUES ('100 %');"
    )
    (tmp_path / "0002-index.sql").write_text("CREATE INDEX ON doctors (name);")
    return tmp_path


def refusal(url: str, steps: Path) -> DatabaseProblem:
    with pytest.raises(DatabaseProblem) as problem:
        migrate(url, steps)
    return problem.value


def doctors(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT name FROM doctors").fetchall()


def test_each_step_is_taken_once_and_in_order(empty_database_url: str, steps: Path) -> None:
    assert migrate(empty_database_url, steps) == ["0001-doctors.sql", "0002-index.sql"]
    assert migrate(empty_database_url, steps) == []
    assert doctors(empty_database_url) == [("100 %",)]


def test_a_later_release_takes_only_its_new_steps(empty_database_url: str, steps: Path) -> None:
    migrate(empty_database_url, steps)
    (steps / "0003-more.sql").write_text("INSERT INTO doctors VALUES ('Eva')")
    assert migrate(empty_database_url, steps) == ["0003-more.sql"]


def test_a_step_that_fails_leaves_nothing_of_itself(empty_database_url: str, steps: Path) -> None:
    (steps / "0003-broken.sql").write_text("INSERT INTO doctors VALUES ('Eva'); SELECT nonsense;")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        migrate(empty_database_url, steps)
    assert doctors(empty_database_url) == [("100 %",)]
    (steps / "0003-broken.sql").write_text("INSERT INTO doctors VALUES ('Eva');")
    assert migrate(empty_database_url, steps) == ["0003-broken.sql"]


def test_processes_that_start_at_once_on_an_empty_database_all_succeed(empty_database_url: str, steps: Path) -> None:
    (steps / "0003-slow.sql").write_text("SELECT pg_sleep(0.3)")
    program = "import sys; from pathlib import Path; from deploy.migrate import migrate;"
    program += "print(len(migrate(sys.argv[1], Path(sys.argv[2]))))"
    command = [sys.executable, "-c", program, empty_database_url, str(steps)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sorted(process.communicate()[0].strip() for process in processes) == ["0", "0", "3"]


def test_a_step_that_was_edited_after_it_was_taken_is_refused(empty_database_url: str, steps: Path) -> None:
    migrate(empty_database_url, steps)
    (steps / "0001-doctors.sql").write_text("CREATE TABLE doctors (name text NOT NULL)")
    problem = refusal(empty_database_url, steps)
    assert problem.code == "migration-changed"
    assert problem.sentence.startswith("Databasesteget 0001-doctors.sql er endret")


def test_a_database_of_a_newer_program_is_refused(empty_database_url: str, steps: Path) -> None:
    migrate(empty_database_url, steps)
    (steps / "0002-index.sql").unlink()
    problem = refusal(empty_database_url, steps)
    assert (problem.code, "0002-index.sql" in problem.sentence) == ("database-newer", True)


@pytest.mark.parametrize("name", ["0004-hole.sql", "0003_Wrong.sql", "0002-twice.sql"])
def test_a_step_out_of_line_stops_before_anything_is_done(empty_database_url: str, steps: Path, name: str) -> None:
    (steps / name).write_text("SELECT 1")
    assert refusal(empty_database_url, steps).code == "migration-name"
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT to_regclass('doctors')").fetchone() == (None,)


def test_every_test_starts_from_the_tables_of_the_program(database_url: str) -> None:
    assert migrate(database_url) == []
