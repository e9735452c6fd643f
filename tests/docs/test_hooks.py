"""The hooks that can be switched on ask what `make check` asks, and fetch nothing."""

import re
from pathlib import Path
from typing import Final

import yaml  # type: ignore[import-untyped]

HOUSE: Final = Path(__file__).parents[2]
HOOKS: Final = yaml.safe_load((HOUSE / ".pre-commit-config.yaml").read_text("utf-8"))
MAKEFILE: Final = (HOUSE / "Makefile").read_text("utf-8")


def program(entry: str) -> str:
    """What is run, without how: `ruff check`."""
    return re.sub(r" --?\S+| \.$", "", entry.removeprefix(".venv/bin/"))


def test_every_check_of_make_check_has_a_hook_and_no_hook_asks_anything_else() -> None:
    checks = {
        program(entry)
        for entry in re.findall(r"^\t\$\(BIN\)/((?:ruff|mypy|lint-imports|deptry).*)$", MAKEFILE, re.MULTILINE)
    }
    assert checks == {program(hook["entry"]) for repo in HOOKS["repos"] for hook in repo["hooks"]}


def test_hooks_run_what_is_set_up_and_fetch_nothing() -> None:
    assert [repo["repo"] for repo in HOOKS["repos"]] == ["local"]
    for hook in HOOKS["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/")
        assert "additional_dependencies" not in hook
