"""Claims as stored: folded from their events, and remembered, so that only what came since is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from domain.casework.commands.recent import Recent
from domain.claim.parts.name import parts_of
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.state import NO_CLAIM, GrantClaim, claim_of, evolve
from domain.rules.sets.rule_set import RuleSet
from domain.store import Recorded, Store
from domain.values.streams import claim_id

REMEMBERED: Final = 500


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim as stored: what its events make, and how many they are."""

    state: GrantClaim
    version: int


class LoadedClaims:
    """The claims last worked on; only what came since is read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._claims: Recent[StoredClaim] = Recent(REMEMBERED)

    def load(self, name: str) -> StoredClaim:
        """A claim as it is now; one that nobody opened is at version 0. Raises `Refused` (unknown-claim)."""
        stream = stream_of(name)
        while True:
            epoch = self._store.epoch
            known = self._claims.get(stream, epoch) or StoredClaim(NO_CLAIM, 0)
            state, version = known.state, known.version
            for each in self._store.stream(stream, after=version):
                assert isinstance(each.event, ClaimEvent)  # noqa: S101 - nothing else is in a claim's stream
                state, version = evolve(state, each.event, each.origin.role), each.originator_version
            if epoch == self._store.epoch:
                return self._claims.keep(stream, epoch, StoredClaim(state, version))


def claims_of_round(store: Store, rules: RuleSet, known_at: datetime | None) -> list[GrantClaim]:
    """The claims of the round of a rule set as known at a moment, read in one question."""
    streams = [claim_id(code, rules.round.id) for code in rules.municipalities.by_code]
    known = (each for each in store.streams(streams) if known_at is None or each.event.recorded_at <= known_at)
    return [
        claim_of(each.event for each in recorded if isinstance(each.event, ClaimEvent))
        for _, recorded in groupby(known, key=attrgetter("originator_id"))
    ]


def claim_in(recorded: Sequence[Recorded]) -> StoredClaim:
    """The claim that its stored events make, with who had a part in it in which role."""
    claim = NO_CLAIM
    for each in recorded:
        if isinstance(each.event, ClaimEvent):
            claim = evolve(claim, each.event, each.origin.role)
    return StoredClaim(claim, len(recorded))


def stream_of(name: str) -> UUID:
    """The stream of a claim by its name; raises `Refused` (unknown-claim) for what is no name."""
    return claim_id(*parts_of(name))
