"""What somebody sees of a claim, by their sight: the same as over HTTP (`api/claims/view.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from domain.casework.access.sight import Sight
from domain.casework.claims.claim_loading import claim_in
from domain.casework.claims.claims import StoredClaims
from domain.store import Recorded
from projections.claims.claim_decisions import ProposalView, proposal_views
from projections.claims.claims import ClaimInShort, LineInShort, events_of, in_short, lines_of
from projections.claims.known_of_lines import KnownOfLines


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """A claim as somebody sees it.

    A doctor sees the own line, what happened to it, and no kroner of the claim as a whole. Proposals that nobody has
    approved, and findings, are for those who see the `whole`.
    """

    claim: ClaimInShort
    lines: Sequence[LineInShort]
    told: Sequence[Recorded]
    made: Sequence[ProposalView]
    known: KnownOfLines
    sight: Sight

    @classmethod
    def of(cls, claims: StoredClaims, recorded: Sequence[Recorded], sight: Sight) -> Self:
        """A claim of its events; raises `Refused` (unknown-claim) for a doctor without a line in it."""
        told, state = claims.told(recorded, sight), claim_in(recorded).state
        lines = [line for line in lines_of(state) if sight.doctor in {None, line.hpr}]
        made = [each for each in proposal_views(events_of(told)) if each.approved or sight.whole]
        statements = claims.statements(state.name)
        stale = {line["hpr"] for each in statements for line in each["lines"] if line["state"] == "stale"}
        own = {line.hpr for line in lines}
        costs = {hpr: known for hpr, known in claims.costs(state).items() if hpr in own}
        known = KnownOfLines(costs, stale, claims.findings(state) if sight.whole else {})
        return cls(in_short(recorded).seen_by(sight), lines, told, made, known, sight)
