"""A claim as it is told to somebody who does not see all of it, with what must be looked up for that."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from domain.casework.access.sight import Sight
from domain.casework.claims.claim_basis import told_of
from domain.claim.rights.told import of_line, without_facts
from domain.claim.stream.event import ClaimEvent
from domain.doctor.about import Places, elsewhere
from domain.store import Recorded, Store

Hidden = Mapping[str, frozenset[str]]
"""By doctor, the ids of the facts that are other municipalities'."""


def as_told(store: Store, recorded: Sequence[Recorded], sight: Sight) -> list[Recorded]:
    """The events of a claim as somebody is told them."""
    if sight.whole:
        return list(recorded)
    events = [each.event for each in recorded if isinstance(each.event, ClaimEvent)]
    if sight.doctor is not None:
        return list(_those_left(recorded, list(of_line(events, sight.doctor))))
    hidden = hidden_in(store, events, sight.places or frozenset())
    return list(_those_left(recorded, [without_facts(event, hidden) for event in events]))


def hidden_in(store: Store, events: Sequence[ClaimEvent], here: Places) -> Hidden:
    """Which facts that changed a line are other municipalities'; looked up where any fact did."""
    doctors = {effect.hpr for event in events for effect in getattr(event, "effects", ()) if effect.facts}
    facts = (each.fact for each in told_of(store, sorted(doctors))) if doctors else ()
    return {hpr: elsewhere(list(told), here) for hpr, told in groupby(facts, key=lambda fact: fact.hpr)}


def _those_left(recorded: Sequence[Recorded], told: Sequence[ClaimEvent | None]) -> Iterator[Recorded]:
    for each, event in zip(recorded, told, strict=True):
        if event is not None:
            yield each if event is each.event else each._replace(event=event)
