"""What the documentation says of explained differences, with examples made by the very code that answers."""

from datetime import UTC, datetime
from typing import Any, Final

from api.described.responses import Responses, always, reading
from api.doctors import examples
from api.http.kinds import codes_of
from domain.casework.explaining import Explanation
from domain.doctor.facts.facts import FACT, Fact
from domain.doctor.history import known
from domain.rulebook.release import choose_rule_set
from domain.rules.compare.explain import Side, explained
from domain.values.refusals.facts import MALFORMED

Json = dict[str, Any]
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
_EXAMPLE: Final = "supposed_leave"
_NAMED: Final = (
    "unknown-municipality",
    "unknown-rule-set",
    "no-rule-set",
    "wrong-round",
    "too-much-to-explain",
    "takes-too-long",
    "crowded",
)
_THEN: Final = datetime(2024, 9, 1, 20, 30, tzinfo=UTC)


def explaining() -> Responses:
    """The responses of an explanation of what is stored."""
    return reading(*_NAMED)


def supposing() -> Responses:
    """The responses of an explanation of what is supposed."""
    return always(
        "store-unavailable", "store-busy", "too-large", "unsupported-media-type", *codes_of(MALFORMED), *_NAMED
    )


def sides_body() -> Json:
    """The body with the two sides, and an example."""
    supposed = {
        "id": "hva-om",
        "type": "leave_registered",
        "hpr": examples.HPR,
        "recorded_at": "2026-03-01T12:00:00Z",
        "recorded_by": examples.ACTOR,
        "leave": "hva-om",
        "kind": "agreed",
        "first_day": "2025-12-01",
        "last_day": "2025-12-31",
    }
    example = {"from": {}, "to": {"facts": [supposed]}}
    shown = {_EXAMPLE: {"summary": "a supposed leave", "value": example}}
    content = {"application/json": {"schema": {"component": "SidesBody"}, "examples": shown}}
    return {"requestBody": {"required": True, "description": "The two sides.", "content": content}}


def answers() -> list[tuple[str, str, str, Json]]:
    """The example answers: of the example doctor's first half day, and of a leave that is supposed."""
    path = "/municipalities/{municipality}/rounds/{round}/explanation"
    rules, facts = choose_rule_set(None, examples.ROUND), _facts()
    now = Side({examples.HPR: facts}, rules)
    then = Side({examples.HPR: known(facts, _THEN)}, rules, _THEN)
    body = sides_body()["requestBody"]["content"]["application/json"]["examples"][_EXAMPLE]["value"]
    leave: Json = body["to"]["facts"][0]
    supposed = FACT.validate_python(leave, strict=False)
    whatif = Side({examples.HPR: [*facts, supposed]}, rules, None, frozenset({(examples.HPR, supposed.id)}))
    return [(path, "get", "200", _answer(then, now)), (path, "post", "200", _answer(now, whatif))]


def _facts() -> list[Fact]:
    return [each.event for each in examples.recorded() if isinstance(each.event, Fact)]


def _answer(before: Side, after: Side) -> Json:
    return Explanation(explained(examples.MUNICIPALITY, before, after), ((), ())).as_json()
