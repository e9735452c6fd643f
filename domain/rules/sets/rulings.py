"""Rulings: Helsedirektoratet's answers to what the rules leave open, each settling a choice.

A ruling changes no rule set, no digest and no amount. It is the authority of a choice that was made as it says, and
tells of one that was made otherwise.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import WithJsonSchema

from domain.rules.sets.content import Chosen
from domain.rules.sets.options import OPTIONS, Choosable
from domain.values import words
from domain.values.fields import RegisteredId, Shape


class RulingShape(Shape):
    """The ruling on a choice; `followed` says whether the choice was made as it says."""

    ruling: RegisteredId
    option: str
    value: str | bool
    followed: bool
    answered_on: Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
    source: str
    binds: str
    text: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """An answer that two persons gave: the choice that it settles, from when, and where it stands.

    It holds for the rounds that begin on or after `first_day`, or for every round where that is None.
    """

    id: str
    question: str
    option: str
    value: Choosable
    answer: str
    answered_on: date
    source: str
    binds: str
    first_day: date | None
    given_at: datetime

    def holds_for(self, round_begins: date) -> bool:
        """Whether it holds for a round."""
        return self.first_day is None or self.first_day <= round_begins

    @property
    def words(self) -> str:
        """What it says of the choice, in words that stand after «at»."""
        return OPTIONS[self.option].words[self.value]

    @property
    def named(self) -> str:
        """The ruling as a sentence names it: its day and its source."""
        return f"fortolkning av {words.day(self.answered_on)} ({self.source})"

    def stating(self, made: Chosen) -> Chosen:
        """A choice that was made as it says, on its authority."""
        return made.model_copy(update={"basis": "stated", "source": self.source, "note": self.answer})

    def beside(self, *, followed: bool) -> RulingShape:
        """The ruling as it stands beside a choice that it is about."""
        return {
            "ruling": self.id,
            "option": self.option,
            "value": self.value,
            "followed": followed,
            "answered_on": self.answered_on.isoformat(),
            "source": self.source,
            "binds": self.binds,
            "text": f"Oppgitt i {self.named}." if followed else f"I strid med {self.named}: at {self.words}.",
        }
