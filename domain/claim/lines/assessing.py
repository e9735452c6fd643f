"""From computed lines to what an assessment stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.claim.lines.applied import limited
from domain.claim.parts.limits import Limits
from domain.claim.parts.parts import AssessedLine, RestsOn, in_line_order
from domain.rules.result import ENGINE_VERSION, Line, Result
from domain.rules.sets.rule_set import digest_of, digest_of_plain


@dataclass(frozen=True, slots=True)
class ReadUpTo:
    """How far the log was read: to which position, and to which versions of the claim and of the rule book."""

    position: int
    claim_version: int
    rule_book_version: int


@dataclass(frozen=True, slots=True)
class Computed:
    """What a claim comes to: all that it rests on, and its lines."""

    rests_on: RestsOn
    lines: tuple[AssessedLine, ...]


def computed(result: Result, limits: Mapping[str, Limits], read: ReadUpTo, streams: Mapping[str, int]) -> Computed:
    """What a claim comes to, of a result with the doctors of its lines."""
    canonical = result.canonical()
    lines = {line.hpr: line for line in result.lines}
    shown = {line["hpr"]: line for line in canonical["lines"]}
    rests_on = RestsOn(
        rule_set=result.rules.id,
        rule_set_digest=result.rules.digest,
        position=read.position,
        claim_version=read.claim_version,
        rule_book_version=read.rule_book_version,
        streams=dict(streams),
        engine_version=ENGINE_VERSION,
        result=canonical,
        result_digest=digest_of_plain(canonical),
    )
    found = (assessed(hpr, lines.get(hpr), shown.get(hpr), limits[hpr], result) for hpr in in_line_order(limits))
    return Computed(rests_on, tuple(found))


def assessed(hpr: str, line: Line | None, shown: Any, limits: Limits, result: Result) -> AssessedLine:  # noqa: ANN401
    """A line as assessed; of a doctor without a position there any more, nothing (`shown` is its canonical result)."""
    if line is None or line.known is None:
        return AssessedLine(hpr=hpr, digest=digest_of(None), computed=0, amount=0, elements={})
    _, record = line.known
    less = limited(line, limits, result.municipality, result.rules, record.costs)
    return AssessedLine(
        hpr=hpr,
        digest=digest_of_plain(shown),
        computed=None if line.amounts.missing else line.amounts.total,
        amount=None if less.missing else less.total,
        elements=None if less.missing else dict(less.elements),
    )
