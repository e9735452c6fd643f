"""That the logs of the tests are looked through is itself tried, with what should never stand there."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import structlog
from structlog.testing import capture_logs

from tests import issuer
from tests.desk import MASTER_KEY
from tests.logged import look_through, seed, taken, told_in
from tests.workers.test_cli import KEY

HOUSE: Final = Path(__file__).parents[1]
LOGS: Final = """
import structlog

def test_tells():
    structlog.get_logger("planted").info("planted", name="Kari Nordmann")

def test_tells_nothing():
    structlog.get_logger("planted").info("planted", status=200)
"""


@pytest.mark.parametrize(
    "word",
    [
        "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln",
        "whsec_c2VjcmV0",
        "-----BEGIN EC PRIVATE KEY-----",
        KEY,
        "__Host-alis=abc",
        "alis_loopback=abc",
        "01810000042",
        "doctors/9000001/facts",
        "sick",
        "Kari Nordmann",
        "Ravnfjell legesenter",
    ],
)
def test_what_should_not_stand_in_a_log_is_found_wherever_it_stands(word: str) -> None:
    _found_wherever_it_stands(word)


def test_so_are_the_secrets_that_are_made_for_this_run() -> None:
    for word in (issuer.config().secret, issuer.token("kommune:1804").rpartition(".")[2]):
        _found_wherever_it_stands(word)


def _found_wherever_it_stands(word: str) -> None:
    assert told_in(f'{{"event":"request","route":"/api/v1/doctors","why":"{word}"}}')
    with capture_logs():
        structlog.get_logger("test").info("said", word=word)
        structlog.get_logger("test").bind(word=word).info("bound")
        with structlog.contextvars.bound_contextvars(word=word):
            structlog.get_logger("test").info("in the context")
        structlog.get_logger("test").info(word)
    assert len(taken()) == 4
    look_through(f'This is said to a person: {word}\n{{"event":"x","word":"{word}"}}\n')
    assert len(taken()) == 1


@pytest.mark.parametrize(
    "line",
    [
        '{"event":"request","ms":1234567.8,"correlation":"01234567-89ab-cdef-0123-012345678901","position":12345678}',
        '{"event":"command","type":"track.leave-registered.v1","outcome":"stored","command":"9000001a-0000-4000-8000-0"}',
        f'{{"event":"doctor_key_destroyed","key":"{MASTER_KEY.hex()[:16]}"}}',
    ],
)
def test_what_a_log_is_for_is_let_alone(line: str) -> None:
    assert told_in(line) is None


def test_a_secret_of_this_run_is_found_once_it_is_known() -> None:
    word = "f3a9-another-each-time"
    assert told_in(word) is None
    assert told_in(seed(word)) is not None


def test_the_words_of_an_exception_do_not_reach_a_log() -> None:
    name = "Kari Nordmann"
    try:
        int(name)
    except ValueError:
        structlog.get_logger("test").exception("failed")
    assert taken() == []


def test_the_test_during_which_a_line_tells_too_much_fails_and_no_other(tmp_path: Path) -> None:
    planted = tmp_path / "test_planted.py"
    planted.write_text(LOGS)
    asked = (sys.executable, "-m", "pytest", "-q", "-p", "tests.logged", "-p", "no:cacheprovider", str(planted))
    done = subprocess.run(asked, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert "::test_tells\n" in done.stdout.replace(" - ", "\n")
    assert "a name or a text: " in done.stdout
    assert "2 passed, 1 error" in done.stdout
