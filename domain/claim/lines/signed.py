"""The lines that a revisor signed, and which later statement replaced each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from domain.claim.lines.cause import CauseShape
from domain.claim.parts.parts import AttestedContent, AttestedLine, Finding
from domain.claim.stream.events import ClaimAttested
from domain.claim.stream.numbering import NumberName
from domain.rules.sets.rule_set import Digest
from domain.values.fields import RegisteredHpr, Shape


class SignedLineShape(Shape):
    """A signed line, and whether it stands: `stale` where its content has changed since, with the causes."""

    hpr: RegisteredHpr
    digest: Digest
    finding: Finding
    kroner: int | None
    remark: str | None
    state: Literal["stands", "stale", "replaced"]
    replaced_by: int | None
    causes: list[CauseShape]


class SignedStatement(Shape):
    """A revisor's statement, whole."""

    statement: int
    decision: int | str
    recorded_at: datetime
    recorded_by: str
    grant_scheme: str
    budget_item: str
    addressee: str
    attested: list[AttestedContent]
    control_actions: list[str]
    lines: list[SignedLineShape]
    place: str
    signed_on: date
    name: str
    firm: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A line of a statement, and the statement that replaced it, where one did."""

    line: AttestedLine
    replaced_by: int | None


def signed_lines(statement: ClaimAttested, all_made: Sequence[ClaimAttested]) -> Iterator[Signed]:
    """The lines of a statement; of each the next one that says something of the same line replaces it."""
    for line in statement.lines:
        later = (
            each.statement
            for each in all_made
            if each.statement > statement.statement and any(other.hpr == line.hpr for other in each.lines)
        )
        yield Signed(line, next(later, None))


def signed_statement(
    statement: ClaimAttested, decision: NumberName, lines: Sequence[SignedLineShape]
) -> SignedStatement:
    """A statement as JSON, with the decision by what it is called and what has become of its lines."""
    plain = statement.model_dump(mode="json", exclude={"claim", "type"})
    return cast("SignedStatement", {**plain, "decision": decision, "lines": lines})
