"""What account and organisation numbers have in common: how they are written, and the digit that checks the others."""

import re
from collections.abc import Sequence
from typing import Final

from pydantic import BeforeValidator, WithJsonSchema

_BETWEEN: Final = " .\u00a0\u2007\u2009\u202f"
"""What stands between groups of digits: a space (plain, no-break, as wide as a digit, thin, narrow), or a point."""


def _plain(value: object) -> object:
    return re.sub(f"[{_BETWEEN}]", "", value) if isinstance(value, str) else value


PLAIN: Final = BeforeValidator(_plain)
"""Spaces and points go."""


def as_written(digits: int, example: str) -> WithJsonSchema:
    """How a number of so many digits is described: with anything between its digits."""
    return WithJsonSchema(
        {"type": "string", "pattern": f"^([{_BETWEEN}]*[0-9]){{{digits}}}[{_BETWEEN}]*$", "examples": [example]}
    )


def fault(number: str, weights: Sequence[int]) -> str | None:
    """Why nobody can have a number (modulus 11); None where somebody can."""
    if not number.strip("0"):
        return "det består bare av nuller"
    products = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return None if (-products) % 11 == int(number[-1]) else "det siste sifferet stemmer ikke med de andre"
