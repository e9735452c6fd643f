"""The revisor's statement: who may sign, what it must say, what a later one replaces, and when a line goes stale.

What a Norwegian særattestasjon holds are the fields of `ClaimAttested`: scheme and budget item, addressee, what is
attested and in which document it stands, the control actions, the result per line, place, date, name, firm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.claim.parts.parts import AttestedLine, Finding
from domain.claim.rights.days import check_happened
from domain.claim.steps.commands import Attest
from domain.claim.steps.deciding import Context
from domain.claim.stream.events import ClaimAttested, ClaimEvent
from domain.claim.stream.state import GrantClaim
from domain.values.refusals.refusal import refused

Events = Sequence[ClaimEvent]


@dataclass(frozen=True, slots=True)
class Signed:
    """A line of a statement, and the statement that replaced it, where one did."""

    line: AttestedLine
    replaced_by: int | None


def attest(claim: GrantClaim, step: Attest, context: Context) -> Events:
    """Over lines exactly as they were decided."""
    if not claim.granted:
        raise refused("nothing-granted")
    followed = "vedtaket" if claim.settled_on == claim.decided_on else "utbetalingen"
    check_happened(step.signed_on, context.day, claim.settled_on, followed)
    _check_documents(claim, step)
    _check_lines(claim, step)
    fields = {name: value for name, value in step if name != "type"}
    decision, statement = claim.decisions[-1].number, claim.statements + 1
    return [context.event(ClaimAttested, statement=statement, decision=decision, **fields)]


def signed_lines(statement: ClaimAttested, all_made: Sequence[ClaimAttested]) -> Iterator[Signed]:
    """The lines of a statement; of each the next one that says something of the same line replaces it."""
    for line in statement.lines:
        later = (
            each.statement
            for each in all_made
            if each.statement > statement.statement and any(other.hpr == line.hpr for other in each.lines)
        )
        yield Signed(line, next(later, None))


def granted_line(claim: GrantClaim, hpr: str) -> None:
    """Raise `Refused` (line-not-granted) where there is nothing to attest."""
    if hpr not in claim.granted:
        raise refused("line-not-granted", hpr=hpr)


def _check_documents(claim: GrantClaim, step: Attest) -> None:
    """What is attested stands in documents that lie with the claim."""
    for each in step.attested:
        if each.document not in claim.documents:
            raise refused("unknown-document", document=each.document)


def _check_lines(claim: GrantClaim, step: Attest) -> None:
    seen: set[str] = set()
    for line in step.lines:
        if line.hpr in seen:
            raise refused("line-twice", hpr=line.hpr)
        seen.add(line.hpr)
        granted_line(claim, line.hpr)
        if line.digest != claim.decisions[-1].assessment.lines[line.hpr].digest:
            raise refused("line-content-differs", hpr=line.hpr)
        _check_finding(line, claim.granted[line.hpr].kroner)


def _check_finding(line: AttestedLine, granted: int) -> None:
    """A deviation has kroner and words, what was not possible has words, and what is confirmed has no kroner.

    No more can be found to be too much than was granted.
    """
    if line.finding is Finding.DEVIATION and (not line.kroner or line.remark is None):
        raise refused("deviation-incomplete", hpr=line.hpr)
    if line.finding is Finding.NOT_POSSIBLE and line.remark is None:
        raise refused("remark-missing", hpr=line.hpr)
    if line.finding is not Finding.DEVIATION and line.kroner is not None:
        raise refused("kroner-without-deviation", hpr=line.hpr)
    if line.kroner is not None and line.kroner > granted:
        raise refused("deviation-beyond-granted", hpr=line.hpr, kroner=granted)
