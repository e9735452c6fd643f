"""Every step of a claim: which roles can take it now, and if none can, why not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.casework.claims.claim_loading import StoredClaim
from domain.casework.claims.claims import StoredClaims
from domain.casework.commands.commands import Actor
from domain.claim.rights.step import Acting
from domain.claim.steps.possible import possible_steps
from domain.claim.steps.registry import STEPS
from domain.values.refusals.refusal import Refused
from projections.claims.claim_sentences import ROLES

_NOBODY: Final = "–"


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step, the roles that can take it, and otherwise why its own roles cannot."""

    step: str
    roles: tuple[str, ...]
    refusal: Refused | None

    def as_json(self) -> dict[str, Any]:
        """The step by names."""
        why = {} if self.refusal is None else {"code": self.refusal.code, "detail": str(self.refusal)}
        return {"step": self.step, "possible": bool(self.roles), "roles": list(self.roles), **why}


def possible_now(claims: StoredClaims, stored: StoredClaim, moment: datetime) -> list[StepNow]:
    """Each step in the order of a claim's life, for a person in each role who had no part in it before."""
    claim, by_role = stored.state, {}
    for role in filter(None, ROLES):
        who = Actor(f"{role}:{_NOBODY}", role, claim.municipality)
        found = possible_steps(claim, Acting(claim.name, who, moment), claims.beforehand(stored, who, moment))
        by_role[role] = {each.step: each.refusal for each in found}
    return [_of_all(step, {role: by_role[role][step] for role in rule.roles}) for step, rule in STEPS.items()]


def possible_for(claims: StoredClaims, stored: StoredClaim, actor: Actor, moment: datetime) -> list[StepNow]:
    """Each step in the order of a claim's life, for one person; none for a doctor, who takes no steps."""
    if actor.role == "doctor":
        return []
    acting = Acting(stored.state.name, actor, moment)
    found = possible_steps(stored.state, acting, claims.beforehand(stored, actor, moment))
    return [StepNow(each.step, () if each.refusal else (str(actor.role),), each.refusal) for each in found]


def _of_all(step: str, refusals: dict[str, Refused | None]) -> StepNow:
    roles = tuple(role for role, refusal in refusals.items() if refusal is None)
    return StepNow(step, roles, None if roles else next(iter(refusals.values())))
