"""The decisions of a claim, repeated, as text for people: one line a decision."""

from collections.abc import Iterator

from domain.casework.claims.claim_repeat import Repeated, RepeatedDecision


def repeated_table(found: Repeated) -> str:
    """Which decisions came out as they were made, and where the others did not."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Repeated) -> Iterator[str]:
    yield f"Tilskuddssøknad {found.claim}"
    if not found.decisions:
        yield "Det er ikke fattet noe vedtak."
    for each in found.decisions:
        yield f"Vedtak {each.number}, vurdering {each.assessment}: {_outcome(each)}"
    if found.gap:
        yield f"Noe mangler før hendelse {found.gap.before}: {found.gap.missing}."


def _outcome(decision: RepeatedDecision) -> str:
    if decision.difference is None:
        return "likt, byte for byte"
    return f"ulikt fra {decision.difference}: vedtatt {decision.decided!r}, nå {decision.repeated!r}"
