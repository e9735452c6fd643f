"""Every field of every event of a claim can be read: in its sentence, under it, or as JSON in the history."""

import json
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any, Final, get_args

import pytest
from pydantic import BaseModel

from api.claims.decisions import AssessmentBasis
from domain.claim.parts.parts import (
    Answer,
    AppliedBasis,
    AttestedLine,
    DocumentKind,
    Finding,
    Outcome,
    ReasonCode,
    ReopenReason,
    RestsOn,
)
from domain.claim.stream.events import CLAIM_EVENTS, ClaimEvent
from domain.values import words
from domain.values.fields import CostKind, FundingSource
from domain.values.places import someone
from projections.claims.claim_details import ANSWERS, FOR_PROGRAMS, LABELS, REASON_CODES, content, details
from projections.claims.claim_sentences import BASES, DOCUMENTS, FINDINGS, OUTCOMES, REOPENED, sentence
from tests.domain.casework.test_event_versions import FOLDER, stored

COMMON: Final = {"type", "claim", "recorded_at", "recorded_by"}
IN_THE_TABLE_OF_LINES: Final = ("lines_proposed", "claim_assessed")
"""What their lines say stands in the table of lines."""
WORDS: Final = {
    Outcome: OUTCOMES, Finding: FINDINGS, DocumentKind: DOCUMENTS, ReasonCode: REASON_CODES, Answer: ANSWERS,
    AppliedBasis: BASES, ReopenReason: REOPENED, CostKind: words.COST_KINDS, FundingSource: words.FUNDING_SOURCES,
}  # fmt: skip


def event_of(topic: str) -> ClaimEvent:
    return CLAIM_EVENTS[topic].model_validate_json(json.dumps(stored(FOLDER / f"{topic}.json")["event"]))


def leaves(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Every value in an event, under the name of its field."""
    if isinstance(value, BaseModel):
        for inner, each in value:
            yield from leaves(inner, each)
    elif isinstance(value, tuple):
        for each in value:
            yield from leaves(name, each)
    elif value is not None:
        yield name, value


def spoken(name: str, value: Any) -> str:  # noqa: ANN401 - the value of any field
    """How a value is said."""
    if isinstance(value, Enum):
        return str(WORDS[type(value)][value])  # type: ignore[index]
    if isinstance(value, bool):
        return "entralitetstillegg"
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, int):
        return words.grouped(abs(value))
    if name.endswith("_month"):
        return words.month(value)
    return {"element": words.element, "revisor": someone}.get(name, str)(value)


def fields_of(kind: type[BaseModel]) -> Iterator[str]:
    """The names of all fields of a class and of the classes within it."""
    for name, field in kind.model_fields.items():
        yield name
        if name not in FOR_PROGRAMS:
            yield from (inner for part in _parts(field.annotation) for inner in fields_of(part))


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _parts(each)


@pytest.mark.parametrize("kind", CLAIM_EVENTS.values(), ids=lambda kind: kind.event_topic)
def test_every_field_of_every_event_has_a_name_for_people_or_is_for_programs(kind: type[ClaimEvent]) -> None:
    nested = {"applied", "limits", "effects", "answers", "lines", "costs"}
    assert set(fields_of(kind)) - COMMON - FOR_PROGRAMS - nested <= LABELS.keys()


@pytest.mark.parametrize("topic", CLAIM_EVENTS)
def test_all_that_an_event_says_is_told_in_words(topic: str) -> None:
    event = event_of(topic)
    told = "\n".join([sentence(event), *details(event)])
    elsewhere = {"lines", *COMMON} if event.type in IN_THE_TABLE_OF_LINES else COMMON  # type: ignore[attr-defined]
    elsewhere = elsewhere | ({"municipality"} if topic == "claim.opened.v1" else set())
    for name, value in event:
        if name not in elsewhere | FOR_PROGRAMS:
            said = [(inner, one) for inner, one in leaves(name, value) if inner not in FOR_PROGRAMS]
            assert [(inner, one) for inner, one in said if spoken(inner, one) not in told] == [], told


@pytest.mark.parametrize("topic", CLAIM_EVENTS)
def test_all_that_an_event_says_stands_in_the_history_for_programs(topic: str) -> None:
    event = event_of(topic)
    left_out = {*COMMON, "rests_on"}
    assert content(event) == {
        name: value for name, value in event.model_dump(mode="json").items() if name not in left_out
    }
    assert RestsOn.model_fields.keys() <= set(AssessmentBasis.__dataclass_fields__)


@pytest.mark.parametrize(("kroner", "says"), [(1_500, "500 kroner for mye"), (-1_500, "500 kroner for lite")])
def test_a_deviation_is_told_as_too_much_or_too_little(kroner: int, says: str) -> None:
    event = event_of("claim.attested.v1")
    [line] = event.lines  # type: ignore[attr-defined]
    assert isinstance(line, AttestedLine)
    told = event.model_copy(update={"lines": (line.model_copy(update={"kroner": kroner}),)})
    assert says in "\n".join(details(told))
