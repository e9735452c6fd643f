"""How large folders, files and functions may be, so that each can be read in one go."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.architecture.house import FILES, HOUSE, name, nodes

MOST_FILES: Final = 10
MOST_LINES: Final = 300
MOST_LINES_OF_A_FUNCTION: Final = 45

CROWDED: Final = {"api/claims": 13, "deploy": 17}
"""Folders of more files, and how many each may have. The list only shrinks."""
LONG_FILES: Final = {
    "cli.py": 325,
    "facts.py": 454,
    "recorder.py": 331,
    "rulebook.py": 302,
    "service.py": 305,
    "track.py": 326,
}
"""Files of more lines, wherever they stand, and how many each may have. The list only shrinks."""
LONG_FUNCTIONS: Final = {"evolve": 46, "parser": 80}
"""Functions of more lines, and how many each may have. The list only shrinks."""


def crowded(files: Iterable[Path]) -> dict[str, int]:
    """The folders with too many files; the file that makes a folder a package is none to look into."""
    counts = Counter(name(file.parent) for file in files if file.name != "__init__.py")
    return {folder: count for folder, count in counts.items() if count > CROWDED.get(folder, MOST_FILES)}


def too_long(lengths: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {file: lines for file, lines in lengths if lines > LONG_FILES.get(Path(file).name, MOST_LINES)}


def lines_of(files: Iterable[Path]) -> Iterator[tuple[str, int]]:
    for file in files:
        yield name(file), file.read_text("utf-8").count("\n")


def functions_too_long(code: Iterable[tuple[str, ast.AST]]) -> list[str]:
    return [
        f"{place} {node.name}: {lines}"
        for place, node in code
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1)
        > LONG_FUNCTIONS.get(node.name, MOST_LINES_OF_A_FUNCTION)
    ]


def test_a_folder_has_at_most_ten_files() -> None:
    assert crowded(FILES) == {}


def test_a_file_has_at_most_three_hundred_lines() -> None:
    assert too_long(lines_of(FILES)) == {}


def test_a_function_has_at_most_forty_five_lines() -> None:
    assert functions_too_long(nodes(FILES)) == []


def test_a_folder_a_file_and_a_function_over_their_bound_are_seen() -> None:
    folder = HOUSE / "domain" / "planted"
    files = [folder / f"file_{number}.py" for number in range(MOST_FILES + 1)]
    assert crowded([*files[1:], folder / "__init__.py"]) == {}
    assert crowded(files) == {"domain/planted": MOST_FILES + 1}
    assert too_long([("domain/short.py", MOST_LINES), ("domain/long.py", MOST_LINES + 1)]) == {"domain/long.py": 301}
    assert functions_too_long([("here", function(MOST_LINES_OF_A_FUNCTION))]) == []
    assert functions_too_long([("here", function(MOST_LINES_OF_A_FUNCTION + 1))]) == ["here planted: 46"]


def function(lines: int) -> ast.AST:
    return ast.parse("async def planted():\n" + "    pass\n" * (lines - 1)).body[0]
