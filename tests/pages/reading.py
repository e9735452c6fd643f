"""The pages that people copy commands from, and the commands on them.

A fence of `sh` is one block: what somebody pastes in one go, in a checkout where `make run` runs in another window. A
fence of `text` right after it is what they see then; `…` in it stands for anything, and on a line of its own for any
lines.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.values.words import THIN_SPACE

HOUSE: Final = Path(__file__).parents[2]
TOURS: Final = tuple(
    f"docs/tours/{role}.md" for role in ("municipality", "caseworker", "revisor", "auditor", "operator", "developer")
)
PAGES: Final = ("README.md", "docs/commands.md", "docs/http.md", *TOURS)
ADDRESS: Final = "http://127.0.0.1:8000"
_FENCE: Final = re.compile(r"^```sh\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
_HERE: Final = re.compile(r"<<'END'.*?^END$", re.MULTILINE | re.DOTALL)
_REDIRECTS: Final = re.compile(r"[0-9]?[<>]")
_ENDS_COMMAND: Final = frozenset({"|", "&&", ";", "||"})


@dataclass(frozen=True, slots=True)
class Block:
    """Commands of a page, and what they answer, where the page shows it."""

    commands: str
    shown: str | None


def blocks(page: str) -> list[Block]:
    """The blocks of a page in order."""
    return [Block(found[1], found[2]) for found in _FENCE.finditer(text_of(page))]


def text_of(page: str) -> str:
    """A page as it stands in the house."""
    return (HOUSE / page).read_text("utf-8")


def commands(page: str, program: str) -> Iterator[list[str]]:
    """The arguments of every command of a program on a page."""
    for block in blocks(page):
        for line in _HERE.sub("", block.commands).replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            for number, word in enumerate(words):
                if word == program:
                    rest = words[number + 1 :]
                    ends = (n for n, each in enumerate(rest) if each in _ENDS_COMMAND or _REDIRECTS.match(each))
                    yield rest[: next(ends, len(rest))]


def fits(shown: str, said: str) -> bool:
    """Whether what was said is what a page shows, which need not have thin spaces."""
    lines = [r"(?:.*\n)*?" if line == "…" else _line(line) for line in shown.splitlines()]
    return re.fullmatch("".join(lines), said.replace(THIN_SPACE, " ")) is not None


def _line(shown: str) -> str:
    return ".*".join(re.escape(part) for part in shown.split("…")) + " *\n"
