"""Who sees which claims: a municipality and its revisor see their own, Helsedirektoratet sees all."""

from typing import Annotated, Final

from fastapi import Depends, Path

from api.http.identity import Asking
from api.http.problems import Problem
from domain.casework.commands.commands import Actor
from domain.claim.parts import parts
from domain.values.refusals.refusal import refused

ClaimName = Annotated[
    parts.ClaimName,
    Path(alias="claim", description="The claim's name: municipality and round.", examples=["1804-2026"]),
]
ALL: Final = frozenset({"caseworker", "approver", "auditor"})
OWN: Final = frozenset({"municipality", "revisor"})
INVISIBLE: Final = ("role-sees-no-claims", "organisation-missing")
"""The refusals of those who see no claims."""


def own_municipality(actor: Actor) -> str | None:
    """The municipality whose claims somebody sees, None for all; raises `Problem` for those who see none."""
    if actor.role in ALL:
        return None
    if actor.role not in OWN:
        raise Problem("role-sees-no-claims")
    if actor.organisation is None:
        raise Problem("organisation-missing")
    return actor.organisation


def check_sees(actor: Actor, claim: str) -> None:
    """Raise `Refused` (unknown-claim) for another municipality's claim, whether it is there or not."""
    own = own_municipality(actor)
    if own is not None and claim.partition("-")[0] != own:
        raise refused("unknown-claim", claim=claim)


async def _seen_claim(claim: ClaimName, actor: Asking) -> str:
    check_sees(actor, claim)
    return claim


SeenClaim = Annotated[str, Depends(_seen_claim)]
"""The claim that an address names, for somebody who may see it; checked before anything else in a request."""


def sees_all(actor: Actor) -> bool:
    """Whether somebody sees all that Helsedirektoratet sees.

    That is positions and versions of the log, which reveal what others do; proposals before they are approved; and what
    other municipalities know of a doctor.
    """
    return actor.role in ALL
