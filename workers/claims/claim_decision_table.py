"""What is proposed and what is decided, line by line, as a person reads it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from domain.claim.parts.parts import AppliedBasis, Outcome, ReasonCode
from domain.values.places import someone
from domain.values.words import grouped, kroner, month
from projections.claims.claim_decisions import DecidedBefore, DecidedLineView, ProposalView, lines_in_force
from projections.claims.claim_details import REASON_CODES
from projections.claims.claim_sentences import OUTCOMES, limited_months
from workers.shell.columns import columns

_HEAD: Final = ("HPR-nummer", "søkt om", "utfall", "beregnet", "kan gis", "innvilges", "forrige vedtak")
_NOT: Final = "–"


def proposed_table(made: Sequence[ProposalView], findings: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What waits for an approver, with all that is to be weighed; nothing if nothing does."""
    for told in made[-1:]:
        if told.settled is None:
            total = kroner(sum(line.granted for line in told.lines))
            head = f"Forslag til vedtak {told.name} av {someone(told.event.recorded_by)}: {total}"
            notes = [note for line in told.lines for note in _notes(line, findings.get(line.hpr, ()))]
            yield "\n".join([head, columns([_HEAD, *map(_row, told.lines)], left=3) + "".join(notes)])


def why_not_all(made: Sequence[ProposalView]) -> str:
    """Of each line that was not granted in full: why."""
    told = (
        f"{line.hpr} er {OUTCOMES[line.outcome]}: {_because(line.reason_code, line.reason)}\n"
        for line in lines_in_force(made).values()
        if line.reason_code or line.reason
    )
    return "".join(told)


def _row(line: DecidedLineView) -> Sequence[str]:
    return (
        line.hpr,
        _applied(line),
        OUTCOMES[line.outcome],
        _kroner(line.computed),
        _kroner(line.amount),
        grouped(line.granted),
        _NOT if line.before is None else grouped(line.before.granted),
    )


def _applied(line: DecidedLineView) -> str:
    basis = ["kun veiledning"] if line.basis is AppliedBasis.GUIDANCE_ONLY else []
    supplement = ["uten sentralitetstillegg"] if line.supplement is False else []
    return " ".join([*basis, *limited_months(line.first_month, line.last_month), *supplement]) or "alt"


def _notes(line: DecidedLineView, findings: tuple[str, ...]) -> Iterator[str]:
    """Notes below the table: why less than all, what was decided before and changed since, and findings."""
    if line.reason_code or line.reason:
        yield f"{line.hpr} {OUTCOMES[line.outcome]}: {_because(line.reason_code, line.reason)}\n"
    if line.before and (line.before.reason_code or line.before.reason):
        yield f"{line.hpr} forrige vedtak, {_outcome(line.before)}\n"
    if line.since:
        since = f" fra {month(line.since.first_month)}" if line.since.first_month else ""
        after = _NOT if line.since.after is None else kroner(line.since.after)
        yield f"{line.hpr} endret siden forrige vedtak{since}: {_kroner(line.since.before)} → {after}\n"
    yield from (f"{line.hpr} merknad: {text}\n" for text in findings)


def _outcome(before: DecidedBefore) -> str:
    return f"{OUTCOMES[Outcome(before.outcome)]}: {_because(before.reason_code, before.reason)}"


def _because(code: ReasonCode | None, reason: str | None) -> str:
    return ", ".join([*([REASON_CODES[code]] if code else []), *([f"«{reason}»"] if reason else [])])


def _kroner(amount: int | None) -> str:
    return _NOT if amount is None else grouped(amount)
