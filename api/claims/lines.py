"""The lines of a claim as a caller sees them. Texts that people wrote are in the events alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.claim.parts.limits import LineLimit
from domain.claim.parts.parts import AttestedLine, in_line_order
from domain.claim.stream.events import ClaimAttested, ClaimEvent, ClaimReturned
from domain.claim.stream.state import GrantClaim
from domain.doctor.facts.accounts import CostsReported
from projections.claims.claim_decisions import ProposalView, lines_in_force
from projections.claims.claims import limit_reasons
from projections.claims.known_of_lines import KnownCost, KnownOfLines, net_costs


@dataclass(frozen=True, slots=True)
class AttestedView:
    """What a revisor said last of a line, in which statement, and over which content.

    `kroner` are those of a deviation: positive where the grant was too high, negative where it was too low. `stale`
    says that the line comes to something else now, for what became known or was decided since.
    """

    statement: int
    finding: str
    kroner: int | None
    remark: str | None
    digest: str
    stale: bool


@dataclass(frozen=True, slots=True)
class RemarkView:
    """What was to be put right on a line when the claim was returned."""

    at: datetime
    by: str
    remark: str


@dataclass(frozen=True, slots=True)
class LimitView:
    """Who limited a line, when, and why if that was stated."""

    by: str
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line: what it is limited to, what it was assessed to, what is decided, what the revisor found.

    `basis`, `first_month`, `last_month` and `supplement` are what a person limited it to, as `limit` says; each is
    null where nobody did, for then the line applies for all that is computed. `computed` is without regard to the
    limits, `amount` within them, and `elements` what that consists of. `digest` is of the line's canonical result,
    which a revisor signs.

    `costs` are those known of the doctor for the municipality and the round, whoever reported them and however, and
    `net_costs` their sum for each element; `project_code` is that of the cost reported last.
    """

    hpr: str
    basis: str | None
    first_month: str | None
    last_month: str | None
    supplement: bool | None
    limit: LimitView | None
    confirmed: bool
    project_code: str | None
    costs: list[KnownCost]
    net_costs: dict[str, int]
    computed: int | None
    amount: int | None
    elements: dict[str, int] | None
    digest: str | None
    outcome: str | None
    granted: int | None
    reason_code: str | None
    reason: str | None
    remarks: list[RemarkView]
    attested: AttestedView | None


@dataclass(frozen=True, slots=True)
class _ByLine:
    """What was signed and limited last for each line, and every remark."""

    signed: Mapping[str, tuple[int, AttestedLine]]
    limited_for: Mapping[str, str | None]
    remarks: Mapping[str, list[RemarkView]]


def line_views(
    claim: GrantClaim, events: Sequence[ClaimEvent], proposals: Sequence[ProposalView], known: KnownOfLines
) -> list[LineView]:
    """Every line of a claim."""
    latest, decided = _by_line(events), lines_in_force(proposals)
    assessed = claim.assessment.lines if claim.assessment else {}
    holding = claim.decided.assessment.lines if claim.decided else assessed
    views = []
    for hpr in in_line_order(claim.lines):
        line, costs = claim.lines[hpr], known.costs.get(hpr, ())
        made, granted = assessed.get(hpr), decided.get(hpr)
        digest = holding[hpr].digest if hpr in holding else None
        views.append(
            LineView(
                hpr=hpr,
                **dict(line.limits),
                limit=_limit(line.limit, latest.limited_for.get(hpr)),
                confirmed=line.confirmed,
                project_code=_project(costs),
                costs=[KnownCost.of(each) for each in costs],
                net_costs=net_costs(costs),
                computed=made.computed if made else None,
                amount=made.amount if made else None,
                elements=made.elements if made else None,
                digest=digest,
                outcome=granted.outcome if granted else None,
                granted=granted.kroner if granted else None,
                reason_code=granted.reason_code if granted else None,
                reason=granted.reason if granted else None,
                remarks=latest.remarks.get(hpr, []),
                attested=_attested(latest.signed.get(hpr), digest, known_stale=hpr in known.stale),
            )
        )
    return views


def _by_line(events: Sequence[ClaimEvent]) -> _ByLine:
    signed = dict[str, tuple[int, AttestedLine]]()
    remarks = defaultdict[str, list[RemarkView]](list)
    for event in events:
        match event:
            case ClaimAttested():
                signed |= {line.hpr: (event.statement, line) for line in event.lines}
            case ClaimReturned():
                at, by = event.recorded_at.astimezone(UTC), event.recorded_by
                for line in event.lines:
                    remarks[line.hpr].append(RemarkView(at, by, line.remark))
    return _ByLine(signed, limit_reasons(events), remarks)


def _project(costs: Sequence[CostsReported]) -> str | None:
    latest = max(costs, key=lambda each: each.recorded_at, default=None)
    return latest.project_code if latest else None


def _limit(limit: LineLimit | None, reason: str | None) -> LimitView | None:
    return None if limit is None else LimitView(limit.by, limit.at.astimezone(UTC), reason)


def _attested(signed: tuple[int, AttestedLine] | None, digest: str | None, *, known_stale: bool) -> AttestedView | None:
    if signed is None:
        return None
    statement, line = signed
    stale = known_stale or line.digest != digest
    return AttestedView(statement, line.finding, line.kroner, line.remark, line.digest, stale)
