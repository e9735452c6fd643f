"""That every rule which compares persons asks `domain/values/refusals/person.py`."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.house import FILES, HOUSE, name, nodes

NAMES_PERSONS: Final = {"recorded_by", "subject", "by"}
COMPARING: Final = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
SETS: Final = {"isdisjoint", "intersection", "issubset", "casefold", "lower", "upper", "normalize"}
THE_ONE_PLACE: Final = HOUSE / "domain" / "values" / "refusals" / "person.py"


def named_persons(node: ast.AST) -> Iterator[str]:
    """The fields in an expression that name a person; of `line.subject.hpr` only the last word counts."""
    match node:
        case ast.Call(func=ast.Name(id="municipality_of")):
            return  # the number of a municipality that recorded something, which no person has
        case ast.Attribute(attr=attr, value=value):
            if attr in NAMES_PERSONS:
                yield attr
            elif hasattr(str, attr):
                yield from named_persons(value)
        case ast.Subscript(slice=ast.Constant(value=str(key))) if key in NAMES_PERSONS:
            yield key
        case _:
            for each in ast.iter_child_nodes(node):
                yield from named_persons(each)


def compares_persons(node: ast.AST) -> bool:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others) if any(isinstance(op, COMPARING) for op in ops):
            return any(True for part in (left, *others) for _ in named_persons(part))
        case ast.Call(func=ast.Attribute(attr=asked, value=value), args=args) if asked in SETS:
            return any(True for part in (value, *args) for _ in named_persons(part))
        case ast.Match(subject=subject):
            return any(True for _ in named_persons(subject))
        case _:
            return False


def test_persons_are_compared_in_one_place_only() -> None:
    elsewhere = [file for file in FILES if file != THE_ONE_PLACE]
    assert THE_ONE_PLACE in FILES
    assert [place for place, node in nodes(elsewhere) if compares_persons(node)] == []


@pytest.mark.parametrize(
    "code",
    [
        "command.by == proposal.by",
        "event.recorded_by.casefold() != x",
        "who.subject in claim.involved",
        "norm(a.recorded_by) == norm(b.recorded_by)",
        "{each.recorded_by for each in facts} - x == set()",
        "names.isdisjoint({who.subject})",
        "row['recorded_by'] == name",
    ],
)
def test_the_test_sees_a_comparison_however_it_is_written(code: str) -> None:
    assert any(compares_persons(node) for node in ast.walk(ast.parse(code)))


def test_the_test_lets_other_things_be_compared() -> None:
    assert not any(compares_persons(node) for node in ast.walk(ast.parse("line.subject.hpr in signed")))
    assert not any(compares_persons(node) for node in ast.walk(ast.parse("municipality_of(fact.recorded_by) in here")))
    assert name(Path(THE_ONE_PLACE)) == "domain/values/refusals/person.py"


def is_four_eyes(node: ast.AST) -> bool:
    """Whether somebody is refused here for being the same person."""
    if not isinstance(node, ast.If) or not any(isinstance(each, ast.Raise) for each in node.body):
        return False
    asked = [each.func for each in ast.walk(node.test) if isinstance(each, ast.Call)]
    return any(isinstance(each, ast.Name) and each.id == "same_person" for each in asked)


def test_four_eyes_are_asked_for_in_one_place_only() -> None:
    found = [place.partition(":")[0] for place, node in nodes(FILES) if is_four_eyes(node)]
    assert found == ["domain/values/refusals/person.py"]
