"""The version stands once, and the changelog tells of it."""

import re
import tomllib
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).parents[2]
CHANGELOG: Final = (HOUSE / "CHANGELOG.md").read_text("utf-8")
HEADINGS: Final = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)
KINDS: Final = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def releases() -> list[tuple[str, str]]:
    """Version and day of each release, the newest first."""
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (.+)$", CHANGELOG, re.MULTILINE)


def test_the_newest_release_in_the_changelog_is_the_version_of_the_program() -> None:
    written = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert releases()[0][0] == written == version("alis")


def test_what_is_not_released_stands_first_and_releases_follow_from_the_newest_on() -> None:
    assert HEADINGS[0] == "[Unreleased]"
    assert len(releases()) == len(HEADINGS) - 1
    numbers = [tuple(map(int, number.split("."))) for number, _ in releases()]
    assert numbers == sorted(numbers, reverse=True)
    days = [date.fromisoformat(day) for _, day in releases()]
    assert days == sorted(days, reverse=True)


def test_changes_stand_under_the_headings_that_readers_know() -> None:
    assert set(re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE)) <= KINDS
