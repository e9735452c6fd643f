"""That imports point one way, between files, between folders, and between what lies side by side in a folder."""

import ast
from typing import Final

import pytest

from tests.architecture.circles import MODULES, between_folders, between_siblings, circles, imported, imports
from tests.architecture.house import FILES, HOUSE, module, name

ARROWS: Final = imports()
FOLDERS: Final = sorted({module(file) for file in FILES if file.name == "__init__.py"})


def test_no_files_import_one_another_in_a_circle() -> None:
    assert circles(ARROWS) == []


def test_no_folders_import_one_another_in_a_circle() -> None:
    found = [[name(HOUSE / folder) for folder in circle] for circle in circles(between_folders(ARROWS, MODULES))]
    assert found == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_in_a_folder_imports_in_a_circle_what_lies_beside_it(folder: str) -> None:
    assert circles(between_siblings(ARROWS, folder)) == []


def test_a_circle_is_seen_however_it_is_imported() -> None:
    code = "import a.low\ndef later():\n    from a import high\n    from a.high import something"
    assert set(imported(ast.parse(code), ["a", "a.low", "a.high"])) == {"a.low", "a.high"}
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"e"}, "e": {"d"}}) == [["b", "c"], ["d", "e"]]


def test_a_circle_of_folders_is_seen_where_the_files_go_in_none() -> None:
    arrows = {"p.a.one": {"p.b.one"}, "p.b.one": set(), "p.b.two": {"p.a.two"}, "p.a.two": {"q.all"}, "q.all": set()}
    files = {each: HOUSE / f"{each.replace('.', '/')}.py" for each in arrows}
    assert circles(arrows) == []
    assert circles(between_folders(arrows, files)) == [[str(HOUSE / "p/a"), str(HOUSE / "p/b")]]
    assert circles(between_siblings(arrows, "p")) == [["p.a", "p.b"]]
    assert circles(between_siblings(arrows, "p.a")) == []


def test_the_tests_of_circles_look_at_what_is_there() -> None:
    assert len(MODULES) == len(FILES)
    assert all(each in ARROWS for there in ARROWS.values() for each in there)
    assert sum(map(len, ARROWS.values())) > 2 * len(FILES)
