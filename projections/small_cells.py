"""Small cells: figures about so few people that they would tell of each of them are hidden, also from subtraction.

A sum that is shown beside its cells tells what those that are not shown come to, and whoever knows one of these, as a
municipality knows its own, takes it off. So besides the small cells the smallest others are hidden, until what is left
of the hidden ones is never fewer people than may be shown, whichever of them is known. Where all of them are not
enough, the sum is hidden too.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from domain.rules.sets.limits import FEWEST_PEOPLE


class Hidden(NamedTuple):
    """The cells of a sum that are hidden, and whether the sum is."""

    cells: frozenset[str]
    total: bool


def hidden(people: Mapping[str, int], also: Collection[str] = ()) -> Hidden:
    """What to hide of the numbers of people that a sum is made of; some cells are hidden for another reason."""
    found = {name for name, number in people.items() if 0 < number < FEWEST_PEOPLE.value} | set(also)
    others = sorted((number, name) for name, number in people.items() if number and name not in found)
    for _, name in others:
        if _conceals(people, found):
            break
        found.add(name)
    return Hidden(frozenset(found), not _conceals(people, found))


def _conceals(people: Mapping[str, int], found: Collection[str]) -> bool:
    """Whether the sum of some cells tells nothing of any, not even to whoever knows the largest."""
    numbers = [people[name] for name in found]
    return not any(numbers) or sum(numbers) - max(numbers) >= FEWEST_PEOPLE.value
