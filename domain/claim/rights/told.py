"""What of a claim's events somebody is told who does not see all of it.

A municipality is not told which facts of other municipalities changed a line. A doctor is told of the own line, and
of what happens to the claim as a whole without its texts, its kroner and its other lines.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from domain.claim.parts.parts import LineEffect
from domain.claim.stream.events import (
    AttestationRequested,
    ClaimAttested,
    ClaimEvent,
    ClaimPaidV1,
    ClaimReclaimedV1,
    DecisionApproved,
    DecisionProposed,
    DocumentAttached,
    DocumentRemoved,
    LinesProposed,
)

_OF_MANY: Final = ("lines", "effects", "answers")
"""The fields of an event that have a part for each of some lines."""
_TEXTS: Final[Mapping[str, Any]] = {"reason": None, "remark": None, "attested": (), "control_actions": ()}
"""The fields of an event of the whole claim with texts that may be about any line, and what stands for them."""
_OF_LINES: Final = (LinesProposed, AttestationRequested, ClaimAttested)
"""Events that are about nothing but their lines."""
_OF_ALL_KRONER: Final = (ClaimPaidV1, ClaimReclaimedV1)


def without_facts(event: ClaimEvent, hidden: Mapping[str, Collection[str]]) -> ClaimEvent:
    """An event without the ids of the facts that are `hidden`, by doctor."""
    effects: Sequence[LineEffect] = getattr(event, "effects", ())
    if not any(hidden.get(each.hpr) for each in effects):
        return event
    return event.model_copy(update={"effects": tuple(_less(each, hidden.get(each.hpr, ())) for each in effects)})


def of_line(events: Iterable[ClaimEvent], hpr: str) -> Iterator[ClaimEvent | None]:
    """Each event as the doctor of a line is told it; None for those that a doctor is not told of."""
    proposed, documents = dict[int, int](), set[str]()
    for event in events:
        told = _of_line(event, hpr)
        match told:
            case DocumentAttached():
                documents.add(told.document)
            case DocumentRemoved() if told.document not in documents:
                told = None
            case DecisionProposed():
                proposed[told.decision] = sum(line.kroner for line in told.lines)
            case DecisionApproved():
                told = told.model_copy(update={"total": proposed.get(told.decision, 0)})
        yield told


def _of_line(event: ClaimEvent, hpr: str) -> ClaimEvent | None:
    if isinstance(event, _OF_ALL_KRONER):
        return None
    if "hpr" in event.__dict__:
        return event if event.__dict__["hpr"] == hpr else None
    parts = {name: _own(event.__dict__[name], hpr) for name in _OF_MANY if name in event.__dict__}
    if isinstance(event, _OF_LINES) and not parts["lines"]:
        return None
    texts = {name: nothing for name, nothing in _TEXTS.items() if name in event.__dict__}
    return event.model_copy(update=parts | texts)


def _own(parts: Iterable[Any], hpr: str) -> tuple[Any, ...]:
    return tuple(part for part in parts if getattr(part, "hpr", part) == hpr)


def _less(effect: LineEffect, hidden: Collection[str]) -> LineEffect:
    return effect.model_copy(update={"facts": tuple(fact for fact in effect.facts if fact not in hidden)})
