"""The kinds of refusals.

What a kind means stands once: its HTTP status in `api/http/kinds.py`, its exit code in `workers/shell/exits.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """Why something is refused: what the caller could do about it."""

    UNREADABLE = auto()
    """The input is not a request at all."""
    NOT_ALLOWED = auto()
    """Somebody else may do this."""
    NOT_FOUND = auto()
    """What is named does not exist."""
    CONFLICT = auto()
    """Conflicts with what is recorded already."""
    CHANGED = auto()
    """Somebody else changed it after the caller read it."""
    WRONG_FORMAT = auto()
    """The content is in a format that is not accepted."""
    INVALID = auto()
    """The input can be read, but cannot be accepted as it is."""
    BAD_COMMAND = auto()
    """The program was started with something that it cannot use: an argument, a file, a name."""
    FAILED = auto()
    """The program, or what it stores, is not as it should be."""
    BUSY = auto()
    """Others are first all the time; try again at once."""
    UNAVAILABLE = auto()
    """Something that is needed does not answer; try again soon."""
    OUT_OF_ORDER = auto()
    """Does not work until an operator has mended it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Refusals of one kind under one title, which says in Norwegian what they have in common."""

    kind: Kind
    title: str


Groups = Mapping[Group, Mapping[str, str]]
"""The sentence of each refusal by its code, in groups; a field with a colon says how its value is put in words."""
