"""What is known of the lines of a claim beside its own events: costs, signatures that no longer hold, findings."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from domain.doctor.facts.accounts import CostsReported
from domain.values.fields import CostKind, FundingSource


@dataclass(frozen=True, slots=True)
class FundingOfCost:
    """What somebody else paid of a cost."""

    source: FundingSource
    kroner: int


@dataclass(frozen=True, slots=True)
class KnownCost:
    """A cost as known: the fact that says so, who recorded it and when. No kind is the whole element.

    `kroner` are net; if gross is known, they are `gross` less `other_funding`.
    """

    element: str
    kind: CostKind | None
    gross: int | None
    other_funding: list[FundingOfCost]
    kroner: int
    project_code: str | None
    fact: str
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, fact: CostsReported) -> Self:
        """A cost of the fact that reports it."""
        funding = [FundingOfCost(each.source, each.kroner) for each in fact.other_funding or ()]
        known = (fact.id, fact.recorded_at.astimezone(UTC), fact.recorded_by)
        return cls(fact.element, fact.kind, fact.gross, funding, fact.kroner, fact.project_code, *known)


@dataclass(frozen=True, slots=True)
class KnownOfLines:
    """What is known of the lines beside the claim's own events, by doctor.

    `stale` are the doctors whose lines come to something else now than what a revisor signed, `findings` what people
    should look at in the lines of what is proposed.
    """

    costs: Mapping[str, Sequence[CostsReported]] = field(default_factory=dict)
    stale: Collection[str] = ()
    findings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def net_costs(costs: Sequence[CostsReported]) -> dict[str, int]:
    """What the costs of each element come to, net of other funding."""
    sums = Counter[str]()
    for each in costs:
        sums[each.element] += each.kroner
    return dict(sums)
