"""The claims: that no event is missing before another, and that what decisions rest on is still there."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from domain.casework.verifying.findings import LogFinding
from domain.casework.verifying.log import LogReading
from domain.claim.steps.gaps import first_gap
from domain.claim.stream.events import ClaimAssessed, ClaimEvent
from domain.rulebook.rulebook import RuleSetPublished
from domain.rules.sets.rule_set import digest_of_plain
from domain.store import Recorded
from domain.values import words
from domain.values.streams import track_id


def claim_findings(seen: LogReading) -> Iterator[LogFinding]:
    """All claims."""
    digests = {each.event.digest for each in seen.book if isinstance(each.event, RuleSetPublished)}
    for name, recorded in sorted(seen.claims.items()):
        yield from _of_claim(name, recorded)
        for each in recorded:
            if isinstance(each.event, ClaimAssessed):
                yield from _rests_on(seen, each, each.event, digests)


def _of_claim(name: str, recorded: Sequence[Recorded]) -> Iterator[LogFinding]:
    gap = first_gap([each.event for each in recorded if isinstance(each.event, ClaimEvent)])
    if gap:
        each = recorded[gap.before - 1]
        at = f", lagret {words.moment(each.stored_at)}" if each.stored_at else ""
        sentence = f"I søknaden {name} mangler noe før hendelse {each.originator_version}{at}: {gap.missing}."
        yield LogFinding("claim-step-missing", sentence, each.position)


def _rests_on(seen: LogReading, each: Recorded, event: ClaimAssessed, digests: set[str]) -> Iterator[LogFinding]:
    """That what an assessment read is there, as far as it read, and that its result is the one it says."""
    on = event.rests_on
    what = f"Vurdering {event.assessment} i søknaden {event.claim}"
    for stream, version in on.streams.items():
        has = seen.versions.get(UUID(stream), 0)
        if has < version:
            sentence = f"{what} leste {version} hendelser om {_of(seen, UUID(stream))}, men loggen har bare {has}."
            yield LogFinding("read-events-missing", sentence, each.position)
    if seen.book and max(book.originator_version for book in seen.book) < on.rule_book_version:
        yield LogFinding("read-events-missing", f"{what} leste mer av regelboken enn loggen har.", each.position)
    if on.rule_set_digest not in digests:
        yield LogFinding("rules-missing", f"{what} bygger på et regelsett som ikke står i regelboken.", each.position)
    if digest_of_plain(on.result) != on.result_digest:
        yield LogFinding("result-changed", f"{what} har et annet resultat enn digesten sier.", each.position)


def _of(seen: LogReading, stream: UUID) -> str:
    """A stream, or the doctor whom it was of."""
    known = {track_id(hpr): hpr for hpr in seen.names.doctors.values()}
    if stream in known:
        return f"legen med HPR-nummer {known[stream]}"
    return seen.names.stream(stream)
