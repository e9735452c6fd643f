"""The files of the house, read as code: what every test of the house looks at."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).parents[2]
PARTS: Final = ("domain", "projections", "api", "workers", "deploy")
FILES: Final = sorted(file for part in PARTS for file in (HOUSE / part).rglob("*.py"))
TESTS: Final = sorted((HOUSE / "tests").rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def name(file: Path) -> str:
    return file.relative_to(HOUSE).as_posix()


def module(file: Path) -> str:
    """What a file is imported as."""
    return name(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def nodes(files: Iterable[Path]) -> Iterator[tuple[str, ast.AST]]:
    """Every piece of code, with the place where it stands."""
    for file in files:
        for node in ast.walk(tree(file)):
            yield f"{name(file)}:{getattr(node, 'lineno', 0)}", node
