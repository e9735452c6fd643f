"""The decided claims in which somebody with a tie took part: what they did, and whether it was declared then."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, product
from operator import attrgetter

from domain.casework.claims.claim_loading import claim_in
from domain.casework.registers.ties import StoredTies
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.state import GrantClaim
from domain.store import NEWEST, Recorded, Store
from domain.ties.events import TieDeclared
from domain.ties.ties import Tie
from domain.values.norwegian_time import norwegian_day
from domain.values.patience import ask
from domain.values.refusals.person import same_person

Called = Mapping[str, Sequence[str]]
"""All that each person is called."""


@dataclass(frozen=True, slots=True)
class Participation:
    """What somebody did in a claim, in which role, and whether the tie had been declared by then."""

    event: ClaimEvent
    role: str | None
    declared_before: bool


@dataclass(frozen=True, slots=True)
class TiedDecision:
    """A decided claim in which somebody took part while a tie was in force, as it is known now."""

    claim: str
    decided_on: date
    tie: TieDeclared
    took_part: tuple[Participation, ...]


class TieSearch:
    """Asks in which decided claims somebody with a tie took part; it only reads."""

    def __init__(self, store: Store, ties: StoredTies) -> None:
        self._store = store
        self._ties = ties

    def decisions(self, person: str | None = None) -> list[TiedDecision]:
        """By claim, for the ties of one person or of all."""
        ties = self._ties.current()
        wanted = [*ties.by_id.values()] if person is None else ties.of(*self._ties.called([person])[person])
        return [*self._found(wanted)] if wanted else []

    def _found(self, ties: Sequence[Tie]) -> Iterator[TiedDecision]:
        recorded = self._store.streams(self._store.claims_between(0, NEWEST))
        persons = {each.event.recorded_by for each in recorded} | {tie.declared.person for tie in ties}
        called = self._ties.called(persons)
        streams = (list(events) for _, events in groupby(recorded, key=attrgetter("originator_id")))
        claims = ((claim_in(events).state, events) for events in streams)
        for claim, events in sorted(claims, key=lambda each: each[0].name):
            ask()
            if claim.decided_on is not None:
                yield from (each for tie in ties if (each := self._of(tie, claim, events, called)))

    def _of(self, tie: Tie, claim: GrantClaim, events: Iterable[Recorded], called: Called) -> TiedDecision | None:
        """What somebody did in a claim that a tie is about; None where they did nothing."""
        said = tie.declared
        if not (said.hpr in _doctors(claim) or claim.municipality in self._codes(said.municipality)):
            return None
        took_part = tuple(_steps(tie, events, called))
        return TiedDecision(claim.name, claim.decided_on, said, took_part) if took_part and claim.decided_on else None

    def _codes(self, municipality: str | None) -> frozenset[str]:
        return frozenset() if municipality is None else self._ties.codes_of(municipality)


def _doctors(claim: GrantClaim) -> set[str]:
    """The doctors in a claim, and in any decision of it."""
    return {*claim.lines, *(hpr for decision in claim.decisions for hpr in decision.lines)}


def _steps(tie: Tie, events: Iterable[Recorded], called: Called) -> Iterator[Participation]:
    """What a person did in a claim on the days on which the tie is in force."""
    for each in events:
        event, said = each.event, tie.declared
        if not isinstance(event, ClaimEvent) or not tie.holds_on(norwegian_day(event.recorded_at)):
            continue
        pairs = product(called[said.person], called[event.recorded_by])
        if any(same_person(one, other) for one, other in pairs):
            yield Participation(event, each.origin.role, said.recorded_at <= event.recorded_at)
