"""What every event of a claim is."""

from domain.claim.parts.parts import ClaimName
from domain.values.event import Event, Strict


class _OfClaim(Strict):
    claim: ClaimName


class ClaimEvent(Event, _OfClaim):
    """What every event of a claim carries: which claim, when, and by whom."""
