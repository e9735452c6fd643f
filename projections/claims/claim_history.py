"""The history of a claim as people read it; equal entries in a row are merged into one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from domain.claim.parts.limits import EVERYTHING, as_limits
from domain.claim.stream.earlier import LineConfirmedV1
from domain.claim.stream.events import ClaimEvent, LineConfirmed
from projections.claims.claim_decisions import proposal_views
from projections.claims.claim_details import details_of
from projections.claims.claim_sentences import PROPOSED, limited_to, lines_confirmed, sentences


@dataclass(frozen=True, slots=True)
class Happening:
    """When something happened, by whom, the sentence, and its details."""

    at: datetime
    by: str
    said: str
    more: Sequence[str] = ()


def history(events: Sequence[ClaimEvent], after: int = 0, *, all_proposals: bool = True) -> list[Happening]:
    """The history after a number of events; equal confirmations in a row by one person are merged.

    Without `all_proposals`, of one that is not approved it is told only that it was made.
    """
    unseen = [] if all_proposals else [each.event for each in proposal_views(events) if not each.approved]
    told = [
        (event, PROPOSED, []) if any(event is each for each in unseen) else (event, said, more)
        for event, said, more in zip(events, sentences(events), details_of(events), strict=True)
    ][after:]
    runs = groupby(told, key=lambda each: _alike(each[0]))
    return [one for alike, run in runs for one in _run(list(run), alike)]


def _run(told: Sequence[tuple[ClaimEvent, str, Sequence[str]]], alike: tuple[str, str] | None) -> Iterator[Happening]:
    if alike is None or len(told) == 1:
        yield from (Happening(event.recorded_at, event.recorded_by, said, more) for event, said, more in told)
    else:
        yield Happening(told[-1][0].recorded_at, alike[0], lines_confirmed(len(told), alike[1]))


def _alike(event: ClaimEvent) -> tuple[str, str] | None:
    """Who confirmed a line, and for what, where nothing is to be said of this line alone."""
    match event:
        case LineConfirmed() if event.limits == EVERYTHING and event.reason is None:
            return event.recorded_by, "alt som er beregnet"
        case LineConfirmedV1():
            return event.recorded_by, limited_to(as_limits(event.applied))
    return None
