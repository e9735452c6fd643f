"""The rows of tasks: of each decided line that it stands, and one for each task of a line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

from domain.casework.claims.claim_effects import removed_at
from domain.claim.lines.effect import AffectedLine
from domain.claim.stream.numbering import NumberName
from domain.claim.stream.state import GrantClaim
from domain.rulebook.rulebook import RuleBook
from domain.rules.sets.rule_set import RuleSet
from domain.store import Recorded
from domain.values.days.calendar import text_of
from domain.values.patience import at_most
from domain.values.streams import track_id
from projections.claims.claims import events_of
from projections.claims.task_lines import LackingLine, Seen, StandingLine, decided_lines
from projections.engine.aside.subjects import Subject, blaming
from projections.engine.log import Known, Page
from projections.engine.projection import Row

Kind = Literal["changed_after_decision", "attestation_stale", "line_after_decision"]
KINDS: Final[tuple[Kind, ...]] = ("changed_after_decision", "attestation_stale", "line_after_decision")
STANDS: Final = "stands"
_CHANGED: Final = KINDS[0]
_STALE: Final = KINDS[1]
_LACKING: Final = KINDS[2]
_OWNERS: Final[Mapping[str, Sequence[str]]] = {
    _CHANGED: ["caseworker"],
    _STALE: ["revisor"],
    _LACKING: ["municipality", "caseworker"],
}


def of_municipality(page: Page, claim: GrantClaim, rules: RuleSet) -> set[str]:
    """The doctors who could have a line in a claim, and those who ever had one."""
    doctors = page.log.doctors_of(rules.municipalities.codes_of(claim.municipality), page.last)
    return {*known_to(page, doctors), *(hpr for decision in claim.decisions for hpr in decision.lines)}


def lines_of(
    page: Page, claim: GrantClaim, recorded: Sequence[Recorded], owners: Sequence[str]
) -> list[StandingLine | LackingLine]:
    """The lines of some doctors: decided, or lacking in the decision."""
    decision = claim.decided
    if decision is None:
        return []
    removed = {hpr: at for hpr, at in removed_at(recorded).items() if hpr in claim.removed}
    out = {hpr: (at, page.log.book(at, page.aside.rules).of_round(claim.round)) for hpr, at in removed.items()}
    decided = decided_lines(claim, events_of(recorded), owners)
    others = [hpr for hpr in owners if hpr not in decision.lines]
    return [*decided, *(LackingLine(claim, decision, hpr, out.get(hpr)) for hpr in others)]


def known_to(page: Page, doctors: Iterable[UUID]) -> dict[str, Known]:
    """The doctors as known at the end of a page; raises `Blamed` for one that cannot be read."""
    wanted = [doctor for doctor in doctors if doctor not in page.aside.doctors]
    versions = page.log.versions(page.last, wanted)
    try:
        return {known.hpr: known for known in page.log.known(versions, page.last)}
    except Exception:
        for doctor, version in versions.items():
            with blaming(Subject("doctor", doctor)):
                page.log.known({doctor: version}, page.last)
        raise


def rows_of(
    page: Page, line: StandingLine | LackingLine, known: Mapping[str, Known], under: tuple[RuleBook, RuleSet]
) -> list[Row]:
    """The rows of a line; of a doctor who is set aside only that the line stands. Raises `Blamed`."""
    doctor, seen = track_id(line.hpr), Seen(known.get(line.hpr), *under)
    if doctor in page.aside.doctors:
        return [] if isinstance(line, LackingLine) else [_row(line, STANDS, line.decision.name, None, seen)]
    with blaming(Subject("doctor", doctor)), at_most(page.log.seconds):
        return list(_rows(line, seen))


def _rows(line: StandingLine | LackingLine, seen: Seen) -> Iterator[Row]:
    """The row of a decided line, and one for each task."""
    if isinstance(line, LackingLine):
        if (lacking := line.found(seen)) is not None:
            yield _row(line, _LACKING, line.decision.name, lacking, seen)
        return
    yield _row(line, STANDS, line.decision.name, None, seen)
    changed = line.changed(seen)
    if changed is not None:
        yield _row(line, _CHANGED, line.decision.name, changed, seen)
    if line.statement is not None and (stale := line.stale(seen)) is not None:
        yield _row(line, _STALE, line.statement.statement, stale, seen)


def _row(
    line: StandingLine | LackingLine, kind: str, number: NumberName, found: AffectedLine | None, seen: Seen
) -> Row:
    first = found.first_month if found else None
    facts = list(found.facts) if found else []
    return (
        key_of(line.claim.name, line.hpr),
        kind,
        line.claim.name,
        line.claim.municipality,
        line.claim.round,
        line.hpr,
        track_id(line.hpr),
        str(number),
        list(_OWNERS.get(kind, [])),
        seen.rules.round.report_due if kind == _STALE else None,
        decided.kroner if (decided := line.decision.lines.get(line.hpr)) else 0,
        found.before.amount if found else None,
        found.after.amount if found else None,
        _difference(line, kind, found) if found else None,
        None if first is None else text_of(first),
        [text_of(month) for month in found.change.months] if found else [],
        facts,
        sorted(found.elsewhere) if found else [],
        [seen.rules.id] if found and any(cause.parameters for cause in found.causes) else [],
        seen.first_stored(facts),
    )


def _difference(line: StandingLine | LackingLine, kind: str, found: AffectedLine) -> int | None:
    """The kroner at stake; a line that got less than it could, for a reason, would get no more than it got."""
    before, after = found.before.amount, found.after.amount
    if before is None or after is None:
        return None
    if kind == _CHANGED and line.decision.gave_less(line.hpr):
        return min(after, granted := line.decision.lines[line.hpr].kroner) - granted
    return after - before


def key_of(claim: str, hpr: str) -> str:
    """What a line is known by."""
    return f"{claim}/{hpr}"
