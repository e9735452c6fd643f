"""How much work a run does: all of it, or as much as shows the direction."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of doctors, facts and rounds. A doctor has some commands timed, after one that warms up."""

    command_rounds: int
    command_doctors: int
    commands_each: int
    writer_doctors: int
    load_rounds: int
    loads: int
    import_rounds: int
    import_doctors: int
    cost_doctors: int
    line_rounds: int
    round_doctors: int
    idle_seconds: float
    plain_doctors: tuple[int, ...]
    read_rounds: int
    read_doctors: int
    saves: int
    claim_lines: tuple[int, ...]
    claim_rounds: int
    claim_turns: int
    http_rounds: int
    http_seconds: float


FULL: Final = Sizes(
    command_rounds=7,
    command_doctors=40,
    commands_each=10,
    writer_doctors=8,
    load_rounds=7,
    loads=400,
    import_rounds=2,
    import_doctors=5_000,
    cost_doctors=1_000,
    line_rounds=5,
    round_doctors=2_403,
    idle_seconds=5.0,
    plain_doctors=(2_400, 100_000),
    read_rounds=3,
    read_doctors=500,
    saves=200,
    claim_lines=(10, 300),
    claim_rounds=3,
    claim_turns=20,
    http_rounds=3,
    http_seconds=1.0,
)
QUICK: Final = Sizes(
    command_rounds=3,
    command_doctors=20,
    commands_each=8,
    writer_doctors=4,
    load_rounds=3,
    loads=150,
    import_rounds=1,
    import_doctors=400,
    cost_doctors=150,
    line_rounds=2,
    round_doctors=400,
    idle_seconds=2.0,
    plain_doctors=(2_400,),
    read_rounds=1,
    read_doctors=100,
    saves=50,
    claim_lines=(10, 50),
    claim_rounds=1,
    claim_turns=10,
    http_rounds=1,
    http_seconds=0.5,
)
WRITERS: Final = 8
DOCTOR_SIZES: Final = (20, 24, 28, 33, 38, 44, 50)
"""A doctor has so many facts when the commands are through."""
LOADED: Final = 50
LARGER: Final = 10
"""The read side is measured again on so many times the events."""
IMPORTED: Final = 20
"""Facts of a doctor in an import."""
