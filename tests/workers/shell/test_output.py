"""What `alis` prints where the encoding lacks a sign, the disk is full or nobody reads."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from deploy.problems import DatabaseProblem
from domain.values.refusals.refusal import Refused
from tests.scenario import full_time, lines_of
from tests.workers.test_cli import ALIS, BODO_2026, environment, written
from workers.keeping.backup_file import aside
from workers.rules.rules import write_pages
from workers.shell.files import unwritable

FULL: Final = Path("/dev/full")
ENCODINGS: Final = {
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"},
    "utf-8": {"PYTHONIOENCODING": "utf-8"},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, lines_of(full_time().facts))


def run(
    *arguments: object, stdout: int = subprocess.PIPE, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(ALIS), *map(str, arguments)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
        env=environment({"PYTHONUNBUFFERED": "", **(env or {})}),
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_table_is_printed_in_any_encoding_and_each_mark_stays_different(file: Path, encoding: str) -> None:
    done = run("calculate", file, *BODO_2026, "--format", "table", env=ENCODINGS[encoding])
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode(encoding)
    assert "378 656" in said.replace("\u2009", " ")
    legend = said.splitlines()[-1]
    assert len({mark[0] for mark in legend.split("   ")}) == 4
    assert "?" not in said


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_loses_nothing_in_any_encoding(file: Path, encoding: str) -> None:
    done = run("calculate", file, *BODO_2026, "--format", "json", env=ENCODINGS[encoding])
    plain = run("calculate", file, *BODO_2026, "--format", "json", env=ENCODINGS["utf-8"])
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode(encoding)) == json.loads(plain.stdout)
    assert "\u2009" in plain.stdout.decode()


@pytest.mark.parametrize("asked", [("--help",), ("claim", "--help"), ("claim", "step", "-h")])
def test_help_and_what_is_wrong_with_a_command_are_printed_in_any_encoding(asked: tuple[str, ...]) -> None:
    done = run(*asked, env=ENCODINGS["ascii"])
    assert b"Traceback" not in done.stderr
    assert (done.stdout + done.stderr).isascii()


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("asked", [("--help",), ("claim", "--help"), ("calculate",)])
def test_a_full_disk_is_told_in_one_sentence_and_is_a_failure(
    file: Path, asked: tuple[str, ...], unbuffered: str
) -> None:
    more = (file, *BODO_2026) if asked == ("calculate",) else ()
    with FULL.open("wb") as full:
        done = run(*asked, *more, stdout=full.fileno(), env={"PYTHONUNBUFFERED": unbuffered})
    assert done.returncode == 1
    [sentence] = done.stderr.decode().splitlines()
    assert sentence.startswith("alis: Får ikke skrive ut svaret (disken er full).")


@pytest.mark.parametrize("asked", [("--help",), ("calculate",)])
def test_a_reader_who_has_gone_is_told_nothing(file: Path, asked: tuple[str, ...]) -> None:
    more = (file, *BODO_2026) if asked == ("calculate",) else ()
    reader, writer = os.pipe()
    os.close(reader)
    done = run(*asked, *more, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_nothing_is_begun_when_standard_output_is_closed(file: Path) -> None:
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", str(ALIS), "calculate", str(file), *BODO_2026]
    done = subprocess.run(closed, stderr=subprocess.PIPE, check=False, timeout=60, env=environment({}))
    assert done.returncode == 1
    assert "utgangen er lukket" in done.stderr.decode()


def test_a_message_that_cannot_be_written_changes_no_exit_code(file: Path) -> None:
    for arguments, code in ((("calculate", f"{file}x", *BODO_2026), 2), (("calculate", file, *BODO_2026), 0)):
        with FULL.open("wb") as full:
            done = subprocess.run(
                [str(ALIS), *map(str, arguments)],
                stdout=subprocess.PIPE,
                stderr=full,
                check=False,
                timeout=60,
                env=environment({}),
            )
        assert done.returncode == code


def test_a_full_disk_is_told_of_a_backup_and_of_the_pages_of_a_book(tmp_path: Path) -> None:
    with (
        FULL.open("wb", buffering=0) as full,
        pytest.raises(DatabaseProblem, match="disken er full"),
        aside(tmp_path / "kopi.alis"),
    ):
        full.write(b"x")
    assert not list(tmp_path.iterdir())
    (tmp_path / "README.md").symlink_to(FULL)
    with pytest.raises(Refused) as refusal:
        write_pages(tmp_path, ())
    assert refusal.value.code == "write-failed"


def test_a_name_that_cannot_be_written_is_bad_usage_and_a_full_disk_is_not() -> None:
    assert unwritable("x.svg", FileNotFoundError(2, "")).code == "unwritable-file"
    assert unwritable("x.svg", OSError(28, "")).code == "write-failed"
