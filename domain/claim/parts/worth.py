"""What makes a line the same line."""

from typing import NamedTuple


class Worth(NamedTuple):
    """The digest of a line's canonical result, and the kroner that can be granted; None where a rate is unknown.

    Two lines of a doctor are the same where these are equal.
    """

    digest: str
    amount: int | None
