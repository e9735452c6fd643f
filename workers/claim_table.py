"""Claims as text for people: many in short, or one with lines, history and what can be done now."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from domain.casework.commands import Actor
from domain.casework.store import Recorded
from domain.claim.events import ClaimEvent
from domain.claim.parts import AppliedBasis, Finding, Outcome
from domain.claim.possible import possible_steps
from domain.claim.state import GrantClaim, Status, claim_of
from domain.claim.steps import STEPS
from domain.norwegian_time import norwegian_time
from domain.places import someone
from domain.rules.rule_set import RuleSet
from domain.words import grouped, kroner
from domain.words import moment as spoken
from projections.claim_sentences import FINDINGS, OUTCOMES, ROLES, STATUSES, sentences
from projections.claims import ClaimInShort, ClaimLine, events_of, in_short, limit_reasons, lines_of

_HISTORY: Final = "Hva som har skjedd (norsk tid):"
_NOT_YET: Final = "–"
_STALE: Final = "gjelder ikke lenger"


def claims_table(found: Sequence[ClaimInShort]) -> str:
    """A line for each claim."""
    if not found:
        return "Ingen tilskuddssøknader.\n"
    head = ("søknad", "status", "linjer", "vurdert", "innvilget", "oppgjort", "gjenstår")
    rows = [
        (
            each.claim,
            STATUSES[Status(each.status)],
            str(each.lines),
            _kroner(each.assessed),
            _kroner(each.granted),
            _kroner(each.settled),
            _kroner(each.outstanding),
        )
        for each in found
    ]
    return _columns([head, *rows], left=2)


def claim_table(
    recorded: Sequence[Recorded], rules: RuleSet | None, moment: datetime, stale: Collection[str] = ()
) -> str:
    """One claim, whole; `stale` are the lines whose attestation no longer holds."""
    events = events_of(recorded)
    claim = claim_of(events)
    parts = [
        _head(in_short(recorded), rules),
        _lines(lines_of(claim), stale, limit_reasons(events)),
        f"{_HISTORY}\n{told(recorded)}",
        _now(claim, rules, moment),
    ]
    return "\n".join(parts)


def told(recorded: Iterable[Recorded], after: int = 0) -> str:
    """What happened after so many events, as sentences: when, who, what."""
    events = [each.event for each in recorded if isinstance(each.event, ClaimEvent)]
    who = [someone(event.recorded_by) for event in events]
    width = max(map(len, who[after:]), default=0)
    return "".join(
        f"{norwegian_time(event.recorded_at):%d.%m.%Y %H.%M}  {name:<{width}}  {said}\n"
        for event, name, said in list(zip(events, who, sentences(events), strict=True))[after:]
    )


def possible_now(claim: GrantClaim, rules: RuleSet | None, moment: datetime) -> list[tuple[str, list[str]]]:
    """The steps that can be taken now, each with the roles that can."""
    found: dict[str, list[str]] = {}
    for role in ROLES:
        who = Actor(f"{role}:{_NOT_YET}", role, claim.municipality)
        for each in possible_steps(claim, who, moment, rules):
            if each.refusal is None:
                found.setdefault(each.step, []).append(str(role))
    return [(step, found[step]) for step in STEPS if step in found]


def _head(claim: ClaimInShort, rules: RuleSet | None) -> str:
    name = rules.municipalities.by_code[claim.municipality].name if rules else claim.municipality
    lines = [f"{name} ({claim.municipality}), tilskuddsperioden {claim.round}: {STATUSES[Status(claim.status)]}"]
    if rules and rules.round.claim_deadline:
        lines.append(f"Søknadsfrist {rules.round.claim_deadline:%d.%m.%Y}")
    if claim.granted is not None:
        granted, settled = grouped(claim.granted), grouped(claim.settled)
        lines.append(f"Innvilget {granted}, oppgjort {settled}, gjenstår {kroner(claim.outstanding)}")
    return "\n".join([*lines, ""])


def _lines(lines: Sequence[ClaimLine], stale: Collection[str], reasons: Mapping[str, str | None]) -> str:
    if not lines:
        return "Søknaden har ingen linjer.\n"
    head = ("HPR-nummer", "søkt om", "måneder", "beregnet", "kan gis", "innvilget", "vedtak", "revisor")
    rows = [
        (
            line.hpr,
            _applied(line),
            _months(line),
            _kroner(line.computed),
            _kroner(line.amount),
            _kroner(line.granted),
            OUTCOMES[Outcome(line.outcome)] if line.outcome else _NOT_YET,
            _found(line, stale),
        )
        for line in lines
    ]
    return _columns([head, *rows], left=3) + "".join(_limited(lines, reasons))


def _found(line: ClaimLine, stale: Collection[str]) -> str:
    if line.hpr in stale:
        return _STALE
    return FINDINGS[Finding(line.finding)] if line.finding else _NOT_YET


def _applied(line: ClaimLine) -> str:
    basis = ["kun veiledning"] if line.basis == AppliedBasis.GUIDANCE_ONLY else []
    limits = [*basis, *(["uten sentralitetstillegg"] if line.supplement is False else [])]
    return (", ".join(limits) or "alt") + ("" if line.confirmed else " (foreslått)")


def _months(line: ClaimLine) -> str:
    if line.first_month and line.last_month:
        return f"{line.first_month}–{line.last_month}"
    return f"fra {line.first_month}" if line.first_month else f"til {line.last_month}" if line.last_month else "alle"


def _limited(lines: Sequence[ClaimLine], reasons: Mapping[str, str | None]) -> Iterator[str]:
    """Of each line that a person limited: who, when, and why."""
    for line in lines:
        if line.limited_by and line.limited_at:
            why = f": {reason}" if (reason := reasons.get(line.hpr)) else ""
            yield f"{line.hpr} er avgrenset av {someone(line.limited_by)} {spoken(line.limited_at)}{why}\n"


def _now(claim: GrantClaim, rules: RuleSet | None, moment: datetime) -> str:
    steps = possible_now(claim, rules, moment)
    lines = [f"  {step.replace('_', '-'):<22}{', '.join(ROLES[role] for role in roles)}" for step, roles in steps]
    return "\n".join(["Kan gjøres nå (alis claim …):", *lines, ""])


def _kroner(amount: int | None) -> str:
    return _NOT_YET if amount is None else grouped(amount)


def _columns(rows: Sequence[Sequence[str]], left: int) -> str:
    """Rows with columns as wide as they need; the first ones begin, the others end, together."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(f"{_row(row, widths, left)}\n" for row in rows)


def _row(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    return "  ".join(_cells(row, widths, left)).rstrip()


def _cells(row: Sequence[str], widths: Sequence[int], left: int) -> Iterator[str]:
    for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield f"{cell:<{width}}" if number < left else f"{cell:>{width}}"
