"""A run of days in which nothing changes for a doctor.

All of rules.md section 3 asks questions of days, so each is answered once per span.
"""

from fractions import Fraction
from typing import NamedTuple

from domain.rules.days.positions import Post
from domain.rules.days.shares import Weights


class Span(NamedTuple):
    """A run of days (ordinals, inclusive) in which nothing changes.

    `failing` holds the codes of the conditions that fail for the doctor wherever the post is;
    `leave` is the part of full time that leave takes, at most all of it; `used` is the part of
    full time that each day uses of the five years.
    """

    first: int
    last: int
    posts: tuple[Post, ...]
    agreed: frozenset[str]
    failing: frozenset[str]
    leave: Fraction
    weights: Weights
    used: Fraction
