"""How large folders, files and functions may be, so that each can be read in one go."""

import ast
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from tests.architecture.house import FILES, HOUSE, name, nodes

MOST_FILES: Final = 10
MOST_LINES: Final = 300
MOST_LINES_OF_A_FUNCTION: Final = 45

CROWDED: Final = {"deploy": 20}
"""Folders of more files, and how many: everything that starts and watches the program lies side by side."""


def counted(files: Iterable[Path]) -> Counter[str]:
    """How many files each folder has; the file that makes a folder a package is none to look into."""
    return Counter(name(file.parent) for file in files if file.name != "__init__.py")


def lines_of(files: Iterable[Path]) -> dict[str, int]:
    return {name(file): file.read_text("utf-8").count("\n") for file in files}


def functions(code: Iterable[tuple[str, ast.AST]]) -> dict[str, int]:
    """How many lines each function has, from its first line to its last."""
    return {
        f"{place} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for place, node in code
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def over(sizes: Mapping[str, int], most: int) -> dict[str, int]:
    """What is larger than it may be."""
    return {each: size for each, size in sizes.items() if size > most}


def test_a_folder_has_at_most_ten_files() -> None:
    assert over(counted(FILES), MOST_FILES) == CROWDED


def test_a_file_has_at_most_three_hundred_lines() -> None:
    assert over(lines_of(FILES), MOST_LINES) == {}


def test_a_function_has_at_most_forty_five_lines() -> None:
    assert over(functions(nodes(FILES)), MOST_LINES_OF_A_FUNCTION) == {}


def test_a_folder_a_file_and_a_function_over_their_bound_are_seen() -> None:
    folder = HOUSE / "domain" / "planted"
    files = [folder / f"file_{number}.py" for number in range(MOST_FILES + 1)]
    assert over(counted([*files[1:], folder / "__init__.py"]), MOST_FILES) == {}
    assert over(counted(files), MOST_FILES) == {"domain/planted": MOST_FILES + 1}
    assert over({"domain/short.py": 300, "domain/long.py": 301}, MOST_LINES) == {"domain/long.py": 301}
    assert functions([("here", function(45))]) == {"here planted": 45}


def function(lines: int) -> ast.AST:
    return ast.parse("async def planted():\n" + "    pass\n" * (lines - 1)).body[0]
