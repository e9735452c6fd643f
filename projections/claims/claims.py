"""Claims: one row each, and one row for each line, as their events make them; they hold no free text.

The same functions make the rows and the answer about one claim, so that these cannot differ.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final, Self

from psycopg import Connection
from psycopg.rows import dict_row

from domain.casework.access.sight import EVERYTHING, Sight
from domain.claim.parts.parts import in_line_order
from domain.claim.stream.events import (
    ClaimEvent,
    ClaimOpened,
    ClaimSubmitted,
    DecisionApproved,
    LineAdded,
    LineConfirmed,
)
from domain.claim.stream.state import GrantClaim, claim_of
from domain.store import Recorded
from projections.engine.log import Page
from projections.engine.paging import MOST, Slice, seen, sliced
from projections.engine.projection import Projection, Row, Table, Writer


@dataclass(frozen=True, slots=True)
class ClaimInShort:
    """A claim: where it is, since when, and the kroner.

    `assessed` is the sum of what the last assessment lets be granted, `granted` that of the decision that holds,
    `settled` what was paid less what was reclaimed, `outstanding` what remains (below zero: to be reclaimed). To a
    doctor, who is told of no kroner of the claim as a whole, they are null.
    """

    claim: str
    municipality: str
    round: str
    status: str
    opened_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    changed_at: datetime
    lines: int
    confirmed: int
    assessed: int | None
    granted: int | None
    settled: int | None
    outstanding: int | None

    def seen_by(self, sight: Sight) -> Self:
        """The claim as somebody sees it."""
        whole = sight.doctor is None
        return self if whole else replace(self, assessed=None, granted=None, settled=None, outstanding=None)


@dataclass(frozen=True, slots=True)
class LineInShort:
    """A line: what it is limited to, what it was assessed to, what was decided, what the revisor found.

    Limits and who set them are null if a line applies for all that is computed. `computed`
    is without regard to the limits, `amount` within them.
    """

    claim: str
    hpr: str
    basis: str | None
    first_month: str | None
    last_month: str | None
    supplement: bool | None
    limited_by: str | None
    limited_at: datetime | None
    confirmed: bool
    computed: int | None
    amount: int | None
    outcome: str | None
    granted: int | None
    reason_code: str | None
    finding: str | None


def in_short(recorded: Sequence[Recorded]) -> ClaimInShort:
    """A claim of its events."""
    events = events_of(recorded)
    claim = claim_of(events)
    assessment, decided = claim.assessment, claim.decided
    opened = max((n for n, event in enumerate(events) if isinstance(event, ClaimOpened)), default=0)
    since = events[opened:]
    return ClaimInShort(
        claim.name,
        claim.municipality,
        claim.round,
        claim.status or "",
        _last(events, ClaimOpened) or events[0].recorded_at,
        _last(since, ClaimSubmitted),
        _last(events, DecisionApproved),
        events[-1].recorded_at,
        len(claim.lines),
        sum(line.confirmed for line in claim.lines.values()),
        sum(line.amount or 0 for line in assessment.lines.values()) if assessment else None,
        decided.total if decided else None,
        claim.settled,
        claim.outstanding,
    )


def lines_of(claim: GrantClaim) -> list[LineInShort]:
    """The lines of a claim in the order of the doctors' numbers."""
    return [_line(claim, hpr) for hpr in in_line_order(claim.lines)]


def _line(claim: GrantClaim, hpr: str) -> LineInShort:
    line = claim.lines[hpr]
    assessed = claim.assessment.lines.get(hpr) if claim.assessment else None
    decided = claim.decided.lines.get(hpr) if claim.decided else None
    attested = claim.attested.get(hpr)
    return LineInShort(
        claim.name,
        hpr,
        line.limits.basis.value if line.limits.basis else None,
        line.limits.first_month,
        line.limits.last_month,
        line.limits.supplement,
        line.limit.by if line.limit else None,
        line.limit.at if line.limit else None,
        line.confirmed,
        assessed.computed if assessed else None,
        assessed.amount if assessed else None,
        decided.outcome.value if decided else None,
        decided.kroner if decided else None,
        decided.reason_code.value if decided and decided.reason_code else None,
        attested.finding.value if attested else None,
    )


def limit_reasons(events: Sequence[ClaimEvent]) -> dict[str, str | None]:
    """Why each line is limited, if a person gave a reason; free text is in the events alone."""
    return {event.hpr: event.reason for event in events if isinstance(event, LineConfirmed | LineAdded)}


def events_of(recorded: Sequence[Recorded]) -> list[ClaimEvent]:
    """The events of a claim without their metadata."""
    return [each.event for each in recorded if isinstance(each.event, ClaimEvent)]


def _last(events: Sequence[ClaimEvent], kind: type[ClaimEvent]) -> datetime | None:
    return next((event.recorded_at for event in reversed(events) if isinstance(event, kind)), None)


class _OfClaims(Projection):
    """A read model with rows of claims."""

    @abstractmethod
    def rows(self, recorded: Sequence[Recorded]) -> list[Row]:
        """The rows of a claim."""

    def project(self, page: Page, writer: Writer) -> None:
        """Write the rows of the claims with an event in the page."""
        for name, recorded in page.claims():
            writer.replace(self.table, [name], self.rows(recorded))


class Claims(_OfClaims):
    """A row for each claim."""

    name: ClassVar[str] = "claims"
    version: ClassVar[int] = 2
    table: ClassVar[Table] = Table(
        "claims",
        {
            "claim": "text",
            "municipality": "text",
            "round": "text",
            "status": "text",
            "opened_at": "timestamptz",
            "submitted_at": "timestamptz",
            "decided_at": "timestamptz",
            "changed_at": "timestamptz",
            "lines": "integer",
            "confirmed": "integer",
            "assessed": "bigint",
            "granted": "bigint",
            "settled": "bigint",
            "outstanding": "bigint",
        },
        keys=1,
        indexes=("round, status, claim",),
    )

    def rows(self, recorded: Sequence[Recorded]) -> list[Row]:
        """The one row."""
        return [astuple(in_short(recorded))]


class ClaimLines(_OfClaims):
    """A row for each line of each claim."""

    name: ClassVar[str] = "claim_lines"
    table: ClassVar[Table] = Table(
        "claim_lines",
        {
            "claim": "text",
            "hpr": "text",
            "basis": "text",
            "first_month": "text",
            "last_month": "text",
            "supplement": "boolean",
            "limited_by": "text",
            "limited_at": "timestamptz",
            "confirmed": "boolean",
            "computed": "integer",
            "amount": "integer",
            "outcome": "text",
            "granted": "integer",
            "reason_code": "text",
            "finding": "text",
        },
        keys=2,
        indexes=("hpr, claim",),
    )

    def rows(self, recorded: Sequence[Recorded]) -> list[Row]:
        """The rows in the order of the lines."""
        return [astuple(line) for line in lines_of(claim_of(events_of(recorded)))]


_LIST: Final = """
SELECT * FROM read.claims c WHERE claim > %(after)s
AND (%(municipality)s::text IS NULL OR municipality = %(municipality)s)
AND (%(round)s::text IS NULL OR round = %(round)s) AND (%(status)s::text IS NULL OR status = %(status)s)
AND (%(doctor)s::text IS NULL OR EXISTS (
    SELECT FROM read.claim_lines l WHERE l.claim = c.claim AND l.hpr = %(doctor)s))
AND (%(seen_places)s::text[] IS NULL OR municipality = ANY(%(seen_places)s))
AND (%(seen_doctor)s::text IS NULL OR EXISTS (
    SELECT FROM read.claim_lines l WHERE l.claim = c.claim AND l.hpr = %(seen_doctor)s))
ORDER BY claim LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ClaimsWanted:
    """Which claims: of a municipality, of a round, of a status, with a line for a doctor; and those somebody sees."""

    municipality: str | None = None
    round: str | None = None
    status: str | None = None
    doctor: str | None = None
    sight: Sight = EVERYTHING


def claims(
    connection: Connection[Any], wanted: ClaimsWanted | None = None, after: str | None = None, limit: int = MOST
) -> Slice[ClaimInShort]:
    """Claims in the order of their names."""
    wanted = wanted or ClaimsWanted()
    asked = {
        "municipality": wanted.municipality,
        "round": wanted.round,
        "status": wanted.status,
        "doctor": wanted.doctor,
        "after": after or "",
        "limit": limit + 1,
        **seen(wanted.sight),
    }
    rows = connection.cursor(row_factory=dict_row).execute(_LIST, asked)
    found = [ClaimInShort(**row).seen_by(wanted.sight) for row in rows]
    return sliced(found, limit, lambda claim: claim.claim)
