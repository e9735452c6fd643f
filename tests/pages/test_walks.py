"""Every command of the pages, run as copied: in a terminal, on a copy of the checkout, beside the demonstration.

What a page shows is what the commands say, and nothing is left in the checkout afterwards.
"""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from tests.deploy.test_ending import free_port
from tests.pages.reading import ADDRESS, HOUSE, PAGES, TOURS, Block, blocks, fits

pytestmark = pytest.mark.long
SECONDS: Final = 120
MADE_BY_TOOLS: Final = shutil.ignore_patterns(
    ".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info"
)
PROBLEM: Final = "urn:alis:problem"


@dataclass(frozen=True)
class Walk:
    """A checkout, with a service of its own beside it."""

    checkout: Path
    settings: dict[str, str]

    def types(self, commands: str) -> str:
        """What a person sees who pastes commands there."""
        here = self.address
        terminal, end = pty.openpty()
        bash = ["bash", "-euo", "pipefail", "-c", commands.replace(ADDRESS, here)]
        with subprocess.Popen(bash, cwd=self.checkout, env=self.settings, stdin=end, stdout=end, stderr=end) as running:
            os.close(end)
            said = b"".join(_read(terminal)).decode().replace("\r\n", "\n").replace(here, ADDRESS)
            os.close(terminal)  # whoever still asks something hears that nobody is there
        assert running.returncode == 0, said
        return said

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings['ALIS_PORT']}"

    def takes(self, page: str) -> None:
        """Go through a page."""
        for block in blocks(page):
            if not block.commands.startswith("make "):
                self.sees(block, self.types(block.commands))

    def sees(self, block: Block, said: str) -> None:
        shown = block.shown
        if shown is None:
            assert PROBLEM not in said, f"{block.commands}\n{said}"
        else:
            assert fits(shown, said), f"{block.commands}\n{said}\n--- but the page shows\n{shown}"


def _read(terminal: int) -> Iterator[bytes]:
    """What comes until nobody is at the other end any more, or nothing has come for long."""
    while select.select([terminal], [], [], SECONDS)[0]:
        try:
            yield os.read(terminal, 65_536)
        except OSError:
            return


def left_in(folder: Path) -> dict[str, str]:
    """The files of a checkout and what is in them, but for what `.gitignore` says that tools make."""
    found = {}
    for path, folders, files in os.walk(folder):
        skipped = MADE_BY_TOOLS(path, [*folders, *files])
        folders[:] = [each for each in folders if each not in skipped]
        for name in (each for each in files if each not in skipped):
            file = Path(path, name)
            found[str(file.relative_to(folder))] = sha256(file.read_bytes()).hexdigest()
    return found


@pytest.fixture
def walk(open_folder: Path, data_folder: Path) -> Iterator[Walk]:
    """A copy of this checkout with nothing but what is kept in it, and the way to this one's programs."""
    checkout = Path(shutil.copytree(HOUSE, open_folder / f"checkout-{data_folder.name}", ignore=MADE_BY_TOOLS))
    (checkout / ".venv").symlink_to(HOUSE / ".venv")
    elsewhere = checkout.with_name(f"elsewhere-{data_folder.name}")
    elsewhere.mkdir(mode=0o711)
    before = left_in(checkout)
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("ALIS_", "OTEL_"))}
    ours = {"ALIS_DATA_FOLDER": str(data_folder), "ALIS_PORT": str(free_port()), "TMPDIR": str(elsewhere)}
    ours["ALIS_ACCESS_LOG_MILLISECONDS"] = "20000"  # a machine that runs all tests can be slow to commit
    yield Walk(checkout, {**plain, **ours, "COLUMNS": "100", "NO_COLOR": "1"})
    assert left_in(checkout) == before
    shutil.rmtree(checkout)


@contextmanager
def demonstrated(walk: Walk, tmp_path: Path) -> Iterator[str]:
    """What `make run` shows until it serves; it serves as long as the context lasts."""
    recipe = re.search(r"^run:.*\n\t@\$\(BIN\)/(.*)$", (HOUSE / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert recipe
    said, command = tmp_path / "said", f".venv/bin/{recipe[1]}".split()
    with (
        said.open("wb") as file,
        subprocess.Popen(command, cwd=walk.checkout, env=walk.settings, stdout=file, stderr=file) as running,
    ):
        try:
            until = time.monotonic() + SECONDS
            while "Ctrl-C" not in said.read_text("utf-8"):
                assert running.poll() is None, said.read_text("utf-8")
                assert time.monotonic() < until
                time.sleep(0.1)
            yield said.read_text("utf-8").replace(walk.address, ADDRESS)
        finally:
            running.send_signal(signal.SIGINT)


def test_make_run_ends_with_the_lines_that_the_readme_shows_the_second_time_too(walk: Walk, tmp_path: Path) -> None:
    [shown] = [block.shown for block in blocks("README.md") if block.commands.startswith("make run")]
    assert shown
    for _ in range(2):
        with demonstrated(walk, tmp_path) as said:
            assert fits(shown, said), said
            lines = said.splitlines()
            assert "\n".join(lines[:-1]) in walk.types(".venv/bin/alis demo"), "where it runs already"


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_say_what_it_shows(walk: Walk, tmp_path: Path, page: str) -> None:
    with demonstrated(walk, tmp_path):
        walk.takes(page)


def test_every_tour_can_be_taken_after_the_readme_and_the_others(walk: Walk, tmp_path: Path) -> None:
    with demonstrated(walk, tmp_path):
        for page in ("README.md", *TOURS):
            walk.takes(page)
