"""Which claim an address names, for somebody who may see it."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path

from api.http.identity import Asking, Seeing
from api.http.services import Serving
from domain.casework.access.sight import Sight
from domain.claim.parts import parts
from domain.claim.parts.name import parts_of
from domain.values.refusals.refusal import refused

ClaimName = Annotated[
    parts.ClaimName,
    Path(alias="claim", description="The claim's name: municipality and round.", examples=["1804-2026"]),
]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, how far they see, and what answers."""

    actor: Asking
    sight: Seeing
    serving: Serving


def check_sees(sight: Sight, claim: str) -> None:
    """Raise `Refused` (unknown-claim) for another municipality's claim, whether it is there or not."""
    if sight.doctor is None and not sight.sees_municipality(parts_of(claim)[0]):
        raise refused("unknown-claim", claim=claim)


async def _seen_claim(claim: ClaimName, sight: Seeing, serving: Serving) -> str:
    check_sees(sight, claim)
    if sight.doctor is not None:
        await asyncio.to_thread(serving.casework.claims.check_line, claim, sight.doctor)
    return claim


SeenClaim = Annotated[str, Depends(_seen_claim)]
"""The claim that an address names, for somebody who may see it; checked before anything else in a request."""
