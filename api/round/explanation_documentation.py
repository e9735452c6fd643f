"""What the documentation says of explained differences."""

from typing import Final

from pydantic import TypeAdapter

from api.described.body import JsonBody, Schemas, schemas_of
from api.described.responses import Responses, always, reading
from api.http.kinds import codes_of
from api.round.explanation_shapes import SidesBody
from domain.values.refusals.facts import MALFORMED

EXPLAIN: Final = """
Why two calculations of the round differ, krone by krone: what became known between two moments, what one rule set has
otherwise than another, or both. A side is `now` or a moment, and after a comma `rules:` with the id of a rule set:
`now,rules:nasjonal-alis-2026-final`. The contributions sum exactly to the difference; the answer says in which order it
is shared out.
"""
SUPPOSE: Final = """
The same for sides that may suppose some more facts. What is supposed is checked as a registration is, but it is never
stored: all is read where nothing can be changed. An error in a fact is named by its place, `to.facts.0.first_day`.
"""
_NAMED: Final = (
    "unknown-municipality",
    "unknown-rule-set",
    "no-rule-set",
    "wrong-round",
    "too-much-to-explain",
    "takes-too-long",
    "crowded",
)


def explaining() -> Responses:
    """The responses of an explanation of what is stored."""
    return reading(*_NAMED)


def supposing() -> Responses:
    """The responses of an explanation of what is supposed."""
    return always(
        "store-unavailable", "store-busy", "too-large", "unsupported-media-type", *codes_of(MALFORMED), *_NAMED
    )


def _sides() -> Schemas:
    return schemas_of("SidesBody", TypeAdapter(SidesBody))


SIDES_BODY: Final = JsonBody("SidesBody", "The two sides.", _sides)
