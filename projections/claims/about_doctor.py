"""What a claim's events say of one doctor, and nothing that tells of another.

Another's line, a sum that others have a part in, and texts about the claim as a whole are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import BaseModel, JsonValue

from domain.claim.stream.events import ClaimAssessed, ClaimEvent, DecisionProposed, DocumentAttached, DocumentRemoved
from domain.claim.stream.state import claim_of
from domain.store import Recorded
from projections.claims.claim_decisions import proposal_views
from projections.claims.claim_details import content
from projections.claims.claims import events_of

_OF_ALL: Final = ("decision", "assessment", "statement", "reason_code", "signed_on", "paid_on", "due_on", "until")
"""What is said of the claim as a whole and is nobody's."""
_RESTS_ON: Final = ("rule_set", "rule_set_digest", "engine_version")


@dataclass(frozen=True, slots=True)
class AboutDoctor:
    """Something that happened to a claim: when, by whom, and what it says of the doctor."""

    at: datetime
    by: str
    role: str | None
    event: str
    content: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class ClaimAbout:
    """A claim in which a doctor has or had a line."""

    claim: str
    municipality: str
    round: str
    status: str
    happened: tuple[AboutDoctor, ...]


def claim_about(recorded: Sequence[Recorded], hpr: str) -> ClaimAbout:
    """A claim, as far as it is about a doctor; a proposal that nobody has approved is told of without its content."""
    events = events_of(recorded)
    claim = claim_of(events)
    unapproved = {id(each.event) for each in proposal_views(events) if not each.approved}
    happened = (_about(each, hpr, hidden=id(each.event) in unapproved) for each in recorded)
    told = tuple(each for each in happened if each is not None)
    return ClaimAbout(claim.name, claim.municipality, claim.round, claim.status or "", told)


def documents_about(recorded: Sequence[Recorded], hpr: str) -> list[DocumentAttached]:
    """The documents that were attached to the doctor's line, each once, as it was attached last."""
    attached = (each for each in events_of(recorded) if isinstance(each, DocumentAttached) and each.hpr == hpr)
    return list({each.document: each for each in attached}.values())


def _about(each: Recorded, hpr: str, *, hidden: bool) -> AboutDoctor | None:
    event = each.event
    assert isinstance(event, ClaimEvent)  # noqa: S101 - nothing else is in a claim's stream
    whose = event.__dict__.get("hpr")
    if whose == hpr:
        said = content(event)
    elif whose is not None or isinstance(event, DocumentAttached | DocumentRemoved):
        return None
    else:
        said = {name: value for name, value in content(event).items() if name in _OF_ALL}
        said |= {} if hidden and isinstance(event, DecisionProposed) else dict(_own_parts(event, hpr))
    return AboutDoctor(event.recorded_at.astimezone(UTC), event.recorded_by, each.origin.role, event.event_topic, said)


def _own_parts(event: ClaimEvent, hpr: str) -> Iterator[tuple[str, Any]]:
    """Of each list of lines the doctor's own."""
    for name, value in event:
        if isinstance(value, tuple):
            own = [_plain(part) for part in value if part == hpr or getattr(part, "hpr", None) == hpr]
            yield from (("line" if name == "lines" else name, part) for part in own[:1])
    if isinstance(event, ClaimAssessed):
        rests_on = event.rests_on
        yield from ((name, getattr(rests_on, name)) for name in _RESTS_ON)
        yield from (("result", line) for line in rests_on.result["lines"] if line["hpr"] == hpr)


def _plain(part: object) -> object:
    return part.model_dump(mode="json") if isinstance(part, BaseModel) else part
