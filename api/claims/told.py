"""What happened to a claim as a caller sees it: its decisions line by line, its history, and the remarks on lines.

Texts that people wrote are in the events alone. What is proposed and not approved is told to those who may see it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from api.claims.shapes import DecisionView, Happened, RemarkView
from domain.claim.stream.events import ClaimEvent, ClaimReturned
from domain.store import Recorded
from projections.claims.claim_decisions import ProposalTold
from projections.claims.claim_details import content
from projections.claims.claim_sentences import PROPOSED, sentences
from projections.claims.claims import events_of

_WRITTEN = ("reason", "remark")


def decision_views(
    told: Sequence[ProposalTold], findings: Mapping[str, tuple[str, ...]], *, all_proposals: bool
) -> Iterator[DecisionView]:
    """Each decision; what is not approved has no kroner and no lines for those who may not see it."""
    for each in told:
        event, settled = each.event, each.settled
        seen = each.approved or all_proposals
        looked_at = findings if settled is None else {}
        lines = [replace(line, findings=looked_at.get(line.hpr, ())) for line in each.lines]
        yield DecisionView(
            each.name,
            each.assessment,
            sum(line.kroner for line in event.lines) if seen else None,
            event.recorded_at.astimezone(UTC),
            event.recorded_by,
            each.state,
            settled.recorded_at.astimezone(UTC) if settled else None,
            settled.recorded_by if settled else None,
            each.sent_back_for,
            lines if seen else [],
        )


def history_view(recorded: Sequence[Recorded], told: Sequence[ProposalTold], *, all_proposals: bool) -> list[Happened]:
    """Everything that happened, with all that was said."""
    unseen = set[int]() if all_proposals else {id(each.event) for each in told if not each.approved}
    said = sentences(events_of(recorded))
    return [_happened(each, text, seen=id(each.event) not in unseen) for each, text in zip(recorded, said, strict=True)]


def remarks_by_line(events: Sequence[ClaimEvent]) -> Mapping[str, list[RemarkView]]:
    """What was to be put right on each line, each time that the claim was returned."""
    found = defaultdict[str, list[RemarkView]](list)
    for event in events:
        if isinstance(event, ClaimReturned):
            for line in event.lines:
                found[line.hpr].append(RemarkView(event.recorded_at.astimezone(UTC), event.recorded_by, line.remark))
    return found


def _happened(each: Recorded, told: str, *, seen: bool) -> Happened:
    event = each.event
    assert isinstance(event, ClaimEvent)  # noqa: S101 - nothing else is in a claim's stream
    text = next((written for name in _WRITTEN if (written := getattr(event, name, None))), None)
    at, said = event.recorded_at.astimezone(UTC), told if seen else PROPOSED
    return Happened(at, event.recorded_by, each.origin.role, event.topic, said, text, content(event, whole=seen))
