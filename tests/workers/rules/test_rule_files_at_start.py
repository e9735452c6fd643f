"""The rule set files of a release as a start finds them: whole and as published, or the program does not start."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.desk import desk
from tests.scenario import full_time
from tests.workers.test_cli import environment

HOUSE: Final = Path(__file__).parents[3]
SETS: Final = Path("domain") / "rulebook" / "sets"
PROVISIONAL: Final = "nasjonal-alis-2026-provisional.toml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program's code in a folder of its own, where files can be changed."""
    for part in ("domain", "projections", "api", "workers", "deploy"):
        shutil.copytree(HOUSE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def rewritten(copy: Path, file: str, before: str, after: str) -> None:
    text = (copy / SETS / file).read_text("utf-8")
    assert before in text
    (copy / SETS / file).write_text(text.replace(before, after), "utf-8")


def started(copy: Path, url: str) -> tuple[int, str]:
    """How a start of the copied program ends, and what it says."""
    run = "import sys; from workers.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-B", "-c", run, "rules", "list"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment({"ALIS_DATABASE_URL": url, "PYTHONPATH": str(copy), "PATH": os.environ["PATH"]}),
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


def test_a_published_file_that_was_changed_stops_the_start_with_both_digests_and_changes_nothing(
    copy: Path, database_url: str
) -> None:
    with desk(database_url) as at:
        at.publishes()
        at.records_all(full_time())
        before, published = at.replays("1804"), at.casework.book.rule_set(None, "2026").digest
        rewritten(copy, PROVISIONAL, 'value = "125000"', 'value = "130000"')
        code, said = started(copy, database_url)
        assert code == 2
        assert "er kunngjort med et annet innhold enn filen har" in said
        assert f"{published} er kunngjort, filen har sha256:" in said
        assert said.count("sha256:") == 2
        assert at.replays("1804") == before
        assert at.casework.book.rule_set(None, "2026").digest == published


def test_whatever_is_wrong_with_any_file_is_said_at_once_and_the_program_does_not_start(
    copy: Path, database_url: str
) -> None:
    rewritten(copy, PROVISIONAL, 'value = "125000"', "value = 125000.0")
    rewritten(copy, PROVISIONAL, 'value = "by_days"', 'value = "by_weeks"')
    rewritten(copy, "nasjonal-alis-2025.toml", "last_day = 2025-05-31", "last_day = 2025-06-30")
    rewritten(
        copy, "nasjonal-alis-2026-final.toml", 'supersedes = "nasjonal-alis-2026-provisional"', 'supersedes = "x"'
    )
    code, said = started(copy, database_url)
    assert code == 2
    for told in (
        f"{PROVISIONAL} kan ikke brukes: ",
        "values.productivity.value: er et flyttall",
        "options.change_in_month.value: valget change_in_month = by_weeks finnes ikke",
        "nasjonal-alis-2025.toml kan ikke brukes: round: overlapper tilskuddsperioden 2026",
        "supersedes: regelsettet «x» finnes ikke",
    ):
        assert told in said


def test_rule_sets_that_supersede_each_other_lead_nowhere(copy: Path, database_url: str) -> None:
    rewritten(copy, PROVISIONAL, "adopted_on", 'supersedes = "nasjonal-alis-2026-final"\nadopted_on')
    code, said = started(copy, database_url)
    assert code == 2
    assert said.count("så ingen av dem kommer sist") == 2
