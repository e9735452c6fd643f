"""The lines that a revisor signed, and which later statement replaced each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.claim.parts.parts import AttestedLine
from domain.claim.stream.events import ClaimAttested


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
