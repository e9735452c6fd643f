"""Rounding, the one time that it is done (rules.md 4): half up, and the elements by largest remainder."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

Number = TypeVar("Number", int, Fraction)


def round_half_up(amount: Number, parts: int = 1) -> int:
    """An amount in parts of a krone as a whole krone; exactly half goes up."""
    return int((2 * amount + parts) // (2 * parts))


def largest_remainder(exact: Mapping[str, Number], total: int, parts: int = 1) -> dict[str, int]:
    """Whole kroner that sum to a total: the largest remainders get one more, ties in order."""
    whole = {name: int(amount // parts) for name, amount in exact.items()}
    left = total - sum(whole.values())
    if left:
        by_remainder = sorted(exact, key=lambda name: whole[name] * parts - exact[name])
        for name in by_remainder[:left]:
            whole[name] += 1
    return whole
