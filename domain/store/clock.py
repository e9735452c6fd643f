"""This process's clock compared with the database's: under a wrong clock, facts become known at the wrong moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.values.refusals.refusal import refused

EVERY_SECONDS: Final = 5.0
"""While the clocks agree, they are compared no more often than this."""
_NOTHING: Final = timedelta()
_UNITS: Final = (
    ("dag", "dager", timedelta(days=1)),
    ("time", "timer", timedelta(hours=1)),
    ("minutt", "minutter", timedelta(minutes=1)),
    ("sekund", "sekunder", timedelta(seconds=1)),
)


@dataclass(frozen=True, slots=True)
class OwnClock:
    """The clock that moments come from, and how far it may be from the database's."""

    now: Callable[[], datetime]
    most: timedelta = timedelta(seconds=5)


class Clocks:
    """Compares a clock of one's own with that of the database."""

    def __init__(self, own: OwnClock, of_database: Callable[[], datetime]) -> None:
        self._own = own
        self._of_database = of_database
        self._agreed: float | None = None

    def difference(self) -> timedelta:
        """How far our clock is ahead of the database's; zero if the time that the answer took may explain it."""
        before = self._own.now()
        there = self._of_database()
        after = self._own.now()
        return max(before - there, _NOTHING) or min(after - there, _NOTHING)

    def compare(self) -> None:
        """Raises `Refused` (clock-differs)."""
        self._agreed = None
        difference = self.difference()
        if abs(difference) > self._own.most:
            raise refused("clock-differs", difference=_words(abs(difference)))
        self._agreed = time.monotonic()

    def compare_now_and_then(self) -> None:
        """As `compare`, unless they agreed a moment ago."""
        if self._agreed is None or time.monotonic() - self._agreed > EVERY_SECONDS:
            self.compare()


def _words(difference: timedelta) -> str:
    """The difference, rounded, in the largest unit that fits into it: «10 dager»."""
    one, more, unit = next((each for each in _UNITS if difference >= each[2]), _UNITS[-1])
    number = (2 * difference + unit) // (2 * unit)
    return f"{number} {one if number == 1 else more}"
