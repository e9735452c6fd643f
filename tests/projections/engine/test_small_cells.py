"""What is hidden so that nothing tells of fewer than five people."""

import random
from itertools import combinations

import pytest

from projections.engine.small_cells import hidden


@pytest.mark.parametrize(
    ("people", "cells", "total"),
    [
        ({"a": 5, "b": 9}, "", False),
        ({"a": 0, "b": 9}, "", False),
        ({"a": 4, "b": 9, "c": 7, "d": 30}, "abc", False),
        ({"a": 4, "b": 4}, "ab", True),
        ({"a": 4, "b": 4, "c": 4}, "abc", False),
        ({"a": 3}, "a", True),
        ({"a": 3, "b": 40}, "ab", True),
        ({"a": 3, "b": 0, "c": 40, "d": 60}, "acd", False),
    ],
)
def test_the_small_cells_are_hidden_and_the_smallest_others_with_them(
    people: dict[str, int], cells: str, *, total: bool
) -> None:
    assert hidden(people) == (frozenset(cells), total)


def test_a_cell_that_is_hidden_for_another_reason_is_not_told_by_the_sum_either() -> None:
    assert hidden({"a": 8, "b": 20, "c": 30}, ["a"]) == (frozenset("ab"), False)


def test_neither_the_sum_nor_one_who_knows_a_hidden_cell_finds_fewer_than_five_people() -> None:
    chance = random.Random(5)  # noqa: S311 - repeated each time
    for _ in range(500):
        people = {str(name): chance.choice([0, 1, 2, 3, 4, 5, 6, 8, 20]) for name in range(chance.randint(1, 7))}
        found = hidden(people)
        assert all(not 0 < people[name] < 5 for name in people.keys() - found.cells)
        known = [(), *combinations(found.cells, 1)]
        if found.total:
            assert found.cells >= {name for name, number in people.items() if number}
        elif any(people[name] for name in found.cells):
            assert all(sum(people[name] for name in found.cells.difference(each)) >= 5 for each in known)
