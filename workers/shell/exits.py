"""How a command ends: 0 for done, 2 for bad usage or bad input, and 1 for a failure."""

from collections.abc import Mapping
from typing import Final

from deploy.problems import InputProblem, SettingsProblem
from domain.values.refusals.kinds import Kind
from domain.values.refusals.refusal import Refused, Rejected

DONE: Final = 0
FAILED: Final = 1
BAD_USAGE: Final = 2
EXITS: Final[Mapping[Kind, int]] = {
    Kind.UNREADABLE: BAD_USAGE,
    Kind.NOT_ALLOWED: BAD_USAGE,
    Kind.NOT_FOUND: BAD_USAGE,
    Kind.CONFLICT: BAD_USAGE,
    Kind.CHANGED: BAD_USAGE,
    Kind.WRONG_FORMAT: BAD_USAGE,
    Kind.INVALID: BAD_USAGE,
    Kind.BAD_COMMAND: BAD_USAGE,
    Kind.FAILED: FAILED,
    Kind.BUSY: FAILED,
    Kind.UNAVAILABLE: FAILED,
    Kind.OUT_OF_ORDER: FAILED,
}


def exit_code(hindrance: BaseException) -> int:
    """The code with which a command ends that could not be done."""
    if isinstance(hindrance, Refused):
        return EXITS[hindrance.kind]
    return BAD_USAGE if isinstance(hindrance, Rejected | SettingsProblem | InputProblem) else FAILED
