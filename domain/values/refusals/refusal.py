"""Refusals: a stable code, the values that it is about, and the one Norwegian sentence that goes with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any, Final

from domain.values import words
from domain.values.places import place, someone
from domain.values.refusals.kinds import Kind
from domain.values.refusals.table import GROUPS, SENTENCES
from domain.values.texts import shown

OF_THE_STORE: Final = frozenset({"store-unavailable", "store-busy", "store-read-only"})
"""The database refuses every request for now: the same request can be sent again."""

_SAID: Final[Mapping[str, Callable[[Any], str]]] = {
    "kroner": words.kroner,
    "number": words.grouped,
    "month": words.month,
    "element": words.element,
    "place": place,
    "person": someone,
    "acting": words.acting,
    "roles": words.roles,
}
"""How a sentence says a value, as named after the colon of a field."""


class _InWords(Formatter):
    """Fills a sentence with values as people read them; days and moments always are."""

    def format_field(self, value: object, format_spec: str) -> str:
        match value:
            case datetime():
                return words.moment(value)
            case date():
                return words.day(value)
        say = _SAID.get(format_spec)
        return say(value) if say else str(super().format_field(value, format_spec))


_IN_WORDS: Final = _InWords()


def said(sentence: str, details: Mapping[str, object]) -> str:
    """A sentence of a table with its details in words, safe to print even if somebody sent control characters."""
    return shown(_IN_WORDS.vformat(sentence, (), details))


class Refused(Exception):
    """A named refusal; `details` fill the sentence and tell programs where."""

    def __init__(self, code: str, details: Mapping[str, object]) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @property
    def kind(self) -> Kind:
        """What kind of refusal it is, as the table says."""
        return GROUPS[self.code].kind

    def __str__(self) -> str:
        """Give the Norwegian sentence."""
        return said(SENTENCES[self.code], self.details)


def refused(code: str, /, **details: object) -> Refused:
    """Make a refusal of a code that is in the table."""
    return Refused(code, details)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: the place in it, the fact, the field, and why."""

    place: int | None
    fact: str | None
    refusal: Refused

    def as_json(self) -> dict[str, object]:
        """Return place, fact, code, field where known, and the sentence."""
        field = self.refusal.details.get("field")
        return {
            "place": self.place,
            "fact": self.fact and shown(self.fact),
            "code": self.refusal.code,
            **({"field": field} if field else {}),
            "detail": str(self.refusal),
        }


MOST_TOLD: Final = 100
"""More errors than this help nobody; the others are counted."""
_MORE: Final = "more-errors"


class Rejected(Exception):
    """A whole input is refused, with the first problems in the order of their places, and how many more there are."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        untold = sum(_count(each) for each in problems if each.refusal.code == _MORE)
        found = sorted((each for each in problems if each.refusal.code != _MORE), key=lambda each: each.place or 0)
        self.count = len(found) + untold
        left = self.count - min(len(found), MOST_TOLD)
        self.problems = (*found[:MOST_TOLD], *([Problem(None, None, refused(_MORE, count=left))] if left else []))
        super().__init__(self.count)

    def __str__(self) -> str:
        """One line per problem."""
        return "\n".join(str(problem.refusal) for problem in self.problems)


def _count(more: Problem) -> int:
    return int(str(more.refusal.details["count"]))
