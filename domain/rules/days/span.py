"""A run of days in which nothing changes for a doctor, and the conditions that can fail on a day.

All of rules.md section 3 asks questions of days, so each is answered once per span.
"""

from fractions import Fraction
from typing import Final, NamedTuple

from domain.rules.days.positions import Post
from domain.rules.days.shares import Weights

OLD_SCHEME: Final = "old_scheme"
TRACK_NOT_ACTIVE: Final = "track_not_active"
NO_POSITION: Final = "no_position"
ON_LEAVE: Final = "on_leave"
INSTITUTIONAL_SERVICE: Final = "institutional_service"
AGENCY_AFFILIATION: Final = "agency_affiliation"
DURATION_EXHAUSTED: Final = "duration_exhausted"
NO_AGREEMENT: Final = "no_agreement"


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
