"""Commands run in the test's own process, over a database and in a folder of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from tests.workers.test_cli import KEY, main_as


@pytest.fixture
def alis(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., str]]:
    """Runs a command, and gives what it printed; where it ended with another code than 0, also what it said."""
    monkeypatch.setenv("ALIS_DATABASE_URL", database_url)
    monkeypatch.setenv("ALIS_MASTER_KEY", KEY)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, code: int = 0) -> str:
        capsys.readouterr()
        ended = main_as(arguments, monkeypatch)
        said = capsys.readouterr()
        assert ended == code, said
        return said.out if code == 0 else said.out + said.err

    yield run
    structlog.reset_defaults()  # a command sets the log up for its process, which this is not
