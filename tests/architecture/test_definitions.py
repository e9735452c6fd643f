"""That nothing is defined in the house that nothing in the house names."""

import ast
from textwrap import dedent
from typing import Final

import pytest

from tests.architecture.circles import imports
from tests.architecture.definitions import definitions, is_named, names_in, overriding, passed_on, registered, unnamed
from tests.architecture.house import FILES, module, tree
from workers.cli import COMMANDS

CODE: Final = {module(file): tree(file) for file in FILES}
KEPT: Final = {
    "workers.cli.main": "the command `alis`, by pyproject.toml",
    "api.door.metrics._Pool.describe": "the library of figures asks a collector for it where there is one",
    "api.door.metrics._ReadSide.describe": "as above",
    "domain.casework.calculating.Calculating.remembered": "how tests see that no more is remembered than may be",
}
"""Definitions that nothing in the house names, and why they are there all the same."""
LOADED: Final = {each.module for each in COMMANDS.values()}
"""The modules of commands, which the parser loads by their names."""
CALLED_BY_LIBRARIES: Final = {*registered(CODE), *overriding(CODE)}
CALLED_BY_NAME: Final = {f"{loaded}.{name}" for loaded in LOADED for name in ("arguments", "run")}


def test_nothing_is_defined_that_nothing_but_tests_names() -> None:
    assert unnamed(CODE, {*KEPT, *CALLED_BY_LIBRARIES, *CALLED_BY_NAME}) == []


def test_what_is_kept_although_nothing_names_it_is_there_and_is_not_named() -> None:
    kept = [each for each in definitions(CODE) if str(each) in KEPT]
    names, shown = names_in(CODE), passed_on(CODE)
    assert [str(each) for each in kept if not is_named(each, names, shown)] == sorted(KEPT)


def test_every_file_is_imported_but_the_one_that_is_run() -> None:
    arrows = imports()
    packages = {module(file) for file in FILES if file.name == "__init__.py"}
    assert arrows.keys() - packages - set().union(*arrows.values()) <= {"workers.cli", *LOADED}


# ---------------------------------------------------------------- that the tests see what they should


def found(**code: str) -> list[str]:
    """What nothing names in modules of these texts."""
    return unnamed({name.replace("__", "."): ast.parse(dedent(text)) for name, text in code.items()})


@pytest.mark.parametrize(
    ("code", "dead"),
    [
        ("def planted(): pass", "a.planted"),
        ("async def planted(): await planted()", "a.planted"),
        ("class Planted:\n    def method(self): return Planted", "a.Planted"),
        ("PLANTED: Final = 1", "a.PLANTED"),
        ("PLANTED = 1\ndef other(PLANTED): pass\nother()", "a.PLANTED"),
        ("class Kept:\n    @property\n    def planted(self): return self.planted\nKept()", "a.Kept.planted"),
    ],
)
def test_a_definition_that_only_itself_names_is_seen(code: str, dead: str) -> None:
    assert found(a=code) == [dead]


def test_what_only_the_dead_name_is_dead_too() -> None:
    assert found(a="def first(): return second()\ndef second(): return LAST\nLAST = 1") == [
        "a.LAST",
        "a.first",
        "a.second",
    ]


def test_a_name_of_another_module_is_another_name() -> None:
    assert found(a="def one(): pass", b="def one(): pass\none()") == ["a.one"]
    assert found(a="def one(): pass", b="from a import one", c="from b import one\none()") == []
    assert found(a__b="def one(): pass", c="from a import b\nb.one()") == []
    assert found(a__b="def one(): pass", c="import a.b\na.b.one()") == []


def test_to_import_is_not_to_use() -> None:
    assert found(a="def one(): pass", b="from a import one\n__all__ = ['one']") == ["a.one"]
    assert found(a="def one(): pass", beside="from a import one\none()") == []


def test_a_name_in_an_annotation_or_asked_for_by_its_text_is_named() -> None:
    assert found(a="class One: pass\ndef use(x: 'One | None'): pass\nuse(1)") == []
    assert found(a="class One:\n    def two(self): pass\nattrgetter('x.two')(One())") == []
    assert found(a="class One:\n    def two(self): pass\nmatch 1:\n    case One(two=3): pass") == []


def test_what_decorates_a_function_hands_it_on_only_where_it_is_known_to() -> None:
    code = """
        @router.get("/")
        def answered(): pass

        @cache
        def planted(): pass

        class Shape(BaseModel):
            @model_validator(mode="after")
            def checked(self): return self
    """
    assert list(registered({"a": ast.parse(dedent(code))})) == ["a.answered", "a.Shape.checked"]


def test_the_tests_of_definitions_look_at_what_is_there() -> None:
    assert len(list(definitions(CODE))) > 9 * len(FILES)
    assert "workers.shell.parser.Parser.format_help" in CALLED_BY_LIBRARIES
    assert "domain.casework.service.Casework.replay" not in CALLED_BY_LIBRARIES
