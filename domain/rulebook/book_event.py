"""What every event of the rule book is, who acts on the book, and what is kept of it."""

from dataclasses import dataclass
from datetime import datetime

from domain.values.event import Event
from domain.values.refusals.refusal import refused


class BookEvent(Event):
    """An event of the rule book."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Who did something, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, in which role, and when."""

    subject: str
    role: str | None
    at: datetime
    called: tuple[str, ...] = ()
    """What a person who signed in is called, besides in the subject."""

    def check_role(self, wanted: tuple[str, ...]) -> None:
        """Raise `Refused` (wrong-role) for a role that may not do this."""
        if self.role not in wanted:
            raise refused("wrong-role", role=self.role, wanted=wanted)


def mark_of(event: BookEvent) -> Mark:
    """Who recorded an event, and when."""
    return Mark(event.recorded_by, event.recorded_at)
