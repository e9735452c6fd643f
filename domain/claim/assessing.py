"""From computed lines to what an assessment stores, and how two assessments differ."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.claim.applied import limited
from domain.claim.deciding import Computed
from domain.claim.parts import Applied, AssessedLine, LineEffect, RestsOn, in_line_order
from domain.claim.state import Proposal
from domain.rules.result import ENGINE_VERSION, Line, Result
from domain.rules.rule_set import digest_of


def computed(
    result: Result, applied: Mapping[str, Applied], position: int, claim_version: int, streams: Mapping[str, int]
) -> Computed:
    """What a claim comes to, of a result with the doctors of its lines."""
    canonical = result.canonical()
    lines = {line.hpr: line for line in result.lines}
    shown = {line["hpr"]: line for line in canonical["lines"]}
    rests_on = RestsOn(
        rule_set=result.rules.id,
        rule_set_digest=result.rules.digest,
        position=position,
        claim_version=claim_version,
        streams=dict(streams),
        engine_version=ENGINE_VERSION,
        result=canonical,
        result_digest=digest_of(canonical),
    )
    found = (assessed(hpr, lines.get(hpr), shown.get(hpr), applied[hpr], result) for hpr in in_line_order(applied))
    return Computed(rests_on, tuple(found))


def assessed(hpr: str, line: Line | None, shown: Any, applied: Applied, result: Result) -> AssessedLine:  # noqa: ANN401
    """A line as assessed; of a doctor without a position there any more, nothing (`shown` is its canonical result)."""
    if line is None or line.known is None:
        return AssessedLine(hpr=hpr, digest=digest_of(None), computed=0, amount=0, elements={})
    _, laid = line.known
    less = limited(line, applied, result.municipality, result.rules, laid.costs)
    return AssessedLine(
        hpr=hpr,
        digest=digest_of(shown),
        computed=None if line.amounts.missing else line.amounts.total,
        amount=None if less.missing else less.total,
        elements=None if less.missing else dict(less.elements),
    )


def effects(decided: Proposal, before: Mapping[str, Any], now: Computed) -> Iterator[LineEffect]:
    """The lines that come to something else now than the decision rests on; `before` is its canonical result."""
    then = {line["hpr"]: line for line in before["lines"]}
    result: Mapping[str, Any] = now.rests_on.result
    today = {line["hpr"]: line for line in result["lines"]}
    for line in now.lines:
        old = decided.assessment.lines.get(line.hpr)
        if old is None or old.digest != line.digest or old.amount != line.amount:
            yield LineEffect(
                hpr=line.hpr,
                first_month=_first_other_month(then.get(line.hpr), today.get(line.hpr)),
                before=old.amount if old else None,
                after=line.amount,
            )


def _first_other_month(before: Any, now: Any) -> str | None:  # noqa: ANN401 - canonical lines
    """The earliest month that is not the same; None where only rates or costs are others."""
    months = {month["month"]: month for month in (before or {"months": []})["months"]}
    others = {month["month"]: month for month in (now or {"months": []})["months"]}
    differing = sorted(name for name in months.keys() | others.keys() if months.get(name) != others.get(name))
    return differing[0] if differing else None
