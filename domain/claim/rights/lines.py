"""Lines that a step names: in the claim, and granted."""

from domain.claim.stream.state import GrantClaim
from domain.values.refusals.refusal import refused


def check_in_claim(claim: GrantClaim, hpr: str) -> None:
    """Raise `Refused` (unknown-line) where a doctor is not in the claim."""
    if hpr not in claim.lines:
        raise refused("unknown-line", hpr=hpr, claim=claim.name)


def check_granted(claim: GrantClaim, hpr: str) -> None:
    """Raise `Refused` (line-not-granted) where there is nothing to attest."""
    if hpr not in claim.granted:
        raise refused("line-not-granted", hpr=hpr)
