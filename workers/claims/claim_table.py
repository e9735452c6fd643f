"""Claims as text for people: many in short, or one with lines, history and what can be done now."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from textwrap import fill
from typing import Final

from domain.claim.parts.parts import AppliedBasis, Finding, Outcome
from domain.claim.stream.events import ClaimEvent
from domain.claim.stream.state import Status
from domain.rules.sets.rule_set import RuleSet
from domain.store import Recorded
from domain.values import words
from domain.values.norwegian_time import norwegian_time
from domain.values.places import someone
from domain.values.words import grouped, kroner
from domain.values.words import moment as spoken
from projections.claims.claim_history import history
from projections.claims.claim_sentences import FINDINGS, OUTCOMES, ROLES, STATUSES, limited_months
from projections.claims.claims import ClaimInShort, LineInShort, events_of, limit_reasons
from workers.claims.claim_cost_table import cost_table
from workers.claims.claim_decision_table import proposed_table, why_not_all
from workers.claims.claim_possible import StepNow
from workers.claims.claim_seen import ClaimSeen
from workers.shell.columns import columns

_HISTORY: Final = "Hva som har skjedd (norsk tid):"
_NOT_YET: Final = "–"
_STALE: Final = "gjelder ikke lenger"
_WIDTH: Final = 100
_INDENT: Final = " " * 18


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
    return columns([head, *rows], left=2)


def claim_table(
    seen: ClaimSeen, rules: RuleSet | None, possible: Sequence[StepNow], call: Callable[[str], str] = str
) -> str:
    """One claim, as somebody sees it."""
    reasons = limit_reasons(events_of(seen.told))
    parts = [
        _head(seen, rules),
        _lines(seen.lines, seen.known.stale, reasons) + why_not_all(seen.made),
        *filter(None, [cost_table(seen.known.costs)]),
        *proposed_table(seen.made, seen.known.findings),
        f"{_HISTORY}\n{told(seen.told, call=call, all_proposals=seen.sight.whole)}",
        *([_now(possible)] if possible else []),
    ]
    return "\n".join(parts)


def told(
    recorded: Iterable[Recorded], after: int = 0, call: Callable[[str], str] = str, *, all_proposals: bool = True
) -> str:
    """The history after a number of events, as sentences: when, who, what; with the details of each.

    `call` puts a person's name where there is only an id: before the columns are made.
    """
    events = [each.event for each in recorded if isinstance(each.event, ClaimEvent)]
    happened = history(events, after, all_proposals=all_proposals)
    whom = {each.by: call(someone(each.by)) for each in happened}
    width = max(map(len, whom.values()), default=0)
    return "".join(
        f"{norwegian_time(each.at):%d.%m.%Y %H.%M}  {whom[each.by]:<{width}}  {each.said}\n{_beyond(each.more)}"
        for each in happened
    )


def _beyond(lines: Sequence[str]) -> str:
    return "".join(f"{_INDENT}{line}\n" for line in lines)


def _head(seen: ClaimSeen, rules: RuleSet | None) -> str:
    claim = seen.claim
    name = rules.municipalities.by_code[claim.municipality].name if rules else claim.municipality
    lines = [f"{name} ({claim.municipality}), tilskuddsperioden {claim.round}: {STATUSES[Status(claim.status)]}"]
    if rules and rules.round.claim_deadline:
        lines.append(f"Søknadsfrist {rules.round.claim_deadline:%d.%m.%Y}")
    if claim.granted is not None:
        granted, settled = grouped(claim.granted), grouped(claim.settled or 0)
        lines.append(f"Innvilget {granted}, oppgjort {settled}, gjenstår {kroner(claim.outstanding or 0)}")
    return "\n".join([*lines, ""])


def _lines(lines: Sequence[LineInShort], stale: Collection[str], reasons: Mapping[str, str | None]) -> str:
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
    return columns([head, *rows], left=3) + "".join(_limited(lines, reasons))


def _found(line: LineInShort, stale: Collection[str]) -> str:
    if line.hpr in stale:
        return _STALE
    return FINDINGS[Finding(line.finding)] if line.finding else _NOT_YET


def _applied(line: LineInShort) -> str:
    basis = ["kun veiledning"] if line.basis == AppliedBasis.GUIDANCE_ONLY else []
    limits = [*basis, *(["uten sentralitetstillegg"] if line.supplement is False else [])]
    return (", ".join(limits) or "alt") + ("" if line.confirmed else " (foreslått)")


def _months(line: LineInShort) -> str:
    return "".join(limited_months(line.first_month, line.last_month)) or "alle"


def _limited(lines: Sequence[LineInShort], reasons: Mapping[str, str | None]) -> Iterator[str]:
    """Of each line that a person limited: who, when, and why."""
    for line in lines:
        if line.limited_by and line.limited_at:
            why = f": {reason}" if (reason := reasons.get(line.hpr)) else ""
            yield f"{line.hpr} er avgrenset av {someone(line.limited_by)} {spoken(line.limited_at)}{why}\n"


def _now(possible: Sequence[StepNow]) -> str:
    can = [f"  {_typed(each)}{words.listed(ROLES[role] for role in each.roles)}" for each in possible if each.roles]
    told = can or ["  Ingenting."]
    return "\n".join(["Kan gjøres nå (alis claim …):", *told, "", "Kan ikke gjøres nå:", *_cannot(possible), ""])


def _cannot(possible: Sequence[StepNow]) -> Iterator[str]:
    """Each reason once, and under it the steps that it holds for."""
    steps: dict[str, list[str]] = {}
    for each in possible:
        if not each.roles:
            steps.setdefault(str(each.refusal), []).append(each.step.replace("_", "-"))
    for why, names in steps.items():
        yield f"  {why}"
        yield fill(", ".join(names), _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 4, break_on_hyphens=False)


def _typed(step: StepNow) -> str:
    return f"{step.step.replace('_', '-'):<23}"


def _kroner(amount: int | None) -> str:
    return _NOT_YET if amount is None else grouped(amount)
