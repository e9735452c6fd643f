"""What a decision of a claim is told beside the claim and the step: who acts, when, and what was looked up for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from domain.claim.lines.assessing import Computed
from domain.claim.parts.parts import Applied, Cost, LineEffect, ReportedCost
from domain.claim.rights.steps import Parts, Who
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.state import GrantClaim
from domain.rules.compare.explain import Side
from domain.rules.sets.rule_set import RuleSet
from domain.values.event import Strict
from domain.values.refusals.refusal import refused

Event = TypeVar("Event", bound=ClaimEvent)


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, when (and on which day in Norway), and what the step needs to know; the rest is empty.

    `rules` is the round's published rule set. `registered` are the lines that can be claimed, with
    all that is computed of each. `computed` is the claim at this moment under these rules.
    `sides` are what was known of its doctors when it was assessed, and what is known now. `effects` are what is known
    now, against the decision that holds. `registrants` are those who recorded any fact of the doctors in the claim,
    with the roles in which they did.
    `stale` are the attested lines that come to something else now, with the ids of the facts that caused it.
    `position` is how far the log went before anything was looked up.
    """

    claim: str
    who: Who
    moment: datetime
    day: date
    rules: RuleSet | None = None
    registered: Mapping[str, Applied] | None = None
    costs: tuple[ReportedCost, ...] = ()
    computed: Computed | None = None
    sides: tuple[Side, Side] | None = None
    effects: tuple[LineEffect, ...] = ()
    registrants: Parts = field(default_factory=dict)
    stale: Mapping[str, tuple[str, ...]] | None = None
    position: int = 1

    def event(self, kind: type[Event], /, **fields: object) -> Event:
        """An event of the claim, at this moment, by this person."""
        return kind(claim=self.claim, recorded_at=self.moment, recorded_by=self.who.subject, **fields)

    def as_asked(self, kind: type[Event], step: Strict, /) -> Event:
        """An event that says what was asked for, and no more."""
        return self.event(kind, **{name: value for name, value in step if name != "type"})


def line_in(claim: GrantClaim, hpr: str) -> None:
    """Raise `Refused` (unknown-line) where a doctor is not in the claim."""
    if hpr not in claim.lines:
        raise refused("unknown-line", hpr=hpr, claim=claim.name)


def cost_elements(costs: tuple[Cost, ...]) -> None:
    """Raise `Refused` (element-twice) where an element is named twice."""
    seen: set[str] = set()
    for cost in costs:
        if cost.element in seen:
            raise refused("element-twice", element=cost.element)
        seen.add(cost.element)
