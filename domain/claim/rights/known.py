"""What a decision may need to know beside the claim and the step; each is looked up by its type."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, NewType

from domain.claim.parts.parts import Applied, LineEffect, ReportedCost
from domain.claim.rights.step import Parts
from domain.rules.sets.rule_set import RuleSet

Known = Mapping[object, Any]
"""What was looked up, by its type."""
Registrants = NewType("Registrants", Parts)
"""Who recorded any fact of the doctors in the claim, and in which roles."""
Registered = NewType("Registered", Mapping[str, Applied])
"""The lines that can be claimed, by doctor, with all that is computed of each."""
Costs = NewType("Costs", tuple[ReportedCost, ...])
"""The costs of a line with the facts that they are recorded as."""
Effects = NewType("Effects", tuple[LineEffect, ...])
"""The lines that come to something else now than in the decision that holds, and those that it lacks."""
OtherAmounts = NewType("OtherAmounts", tuple[LineEffect, ...])
"""The lines of which a decision now would grant another amount than the decision that holds."""
StaleLines = NewType("StaleLines", frozenset[str])
"""The attested lines that come to something else now."""


class RegisteredLine(NamedTuple):
    """All that is computed of the line that is asked for; None if the doctor held no position there in the round."""

    applied: Applied | None


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of the claim's round; None where it has no published rule set, or the set does not say."""

    claim_deadline: date | None = None
    report_due: date | None = None


def dates_of(rules: RuleSet | None) -> Dates:
    """The dates that a rule set says; `rules` is None if the round has no published rule set."""
    return Dates(rules.round.claim_deadline, rules.round.report_due) if rules else Dates()


NOBODY: Final[Parts] = {}
NOTHING_KNOWN: Final[Known] = {}
