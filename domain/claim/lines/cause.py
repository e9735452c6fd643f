"""Why a line of a claim comes to something else than it did: one step, and its kroner."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import JsonValue

from domain.rules.compare.explain_facts import Change
from domain.rules.compare.explain_rules import Parameter
from domain.rules.compare.explain_words import of_facts, of_parameters
from domain.values.fields import Shape

_UNLIMITED: Final = "det programmet foreslo da søknaden ble åpnet, avgrenser ikke linjen lenger"


class CauseShape(Shape):
    """What became known, or which parameters are others, and the kroner that it makes of the line.

    `limit` is that what the program once proposed limits the line no more.
    """

    kind: Literal["fact", "parameter", "limit"]
    kroner: int | None
    text: str
    facts: list[dict[str, JsonValue]]
    parameters: list[dict[str, JsonValue]]


@dataclass(frozen=True, slots=True)
class Cause:
    """Facts that became known, or parameters that are others, and what they do to the line.

    With neither, it is that what the program once proposed limits the line no more.
    """

    facts: tuple[Change, ...]
    parameters: tuple[Parameter, ...]
    kroner: int | None

    def text(self, here: Collection[str] | None = None) -> str:
        """The cause in words; as told to a municipality (by all its codes), without the names of others."""
        if self.facts:
            return of_facts(self.facts, here)
        return of_parameters(self.parameters) if self.parameters else _UNLIMITED

    def as_json(self, here: Collection[str], *, whole: bool) -> CauseShape:
        """The cause in words, and its kroner; `here` are the codes of the municipality, for no other is told of.

        Those who see the `whole` doctor get the names of all facts.
        """
        return {
            "kind": "fact" if self.facts else "parameter" if self.parameters else "limit",
            "kroner": self.kroner,
            "text": self.text(None if whole else here),
            "facts": [each.as_json(here, whole=whole) for each in self.facts],
            "parameters": [each.as_json() for each in self.parameters],
        }
