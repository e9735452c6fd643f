"""What a step of a claim needs to know beside the claim, looked up in the log, and the facts that it records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, NamedTuple

from domain.casework.claims.claim_basis import compute_of, doctors_of, registered, sides_of, told_of
from domain.casework.claims.claim_costs import costs_as_facts, costs_of_lines
from domain.casework.claims.claim_effects import ClaimEffect, ClaimEffects
from domain.casework.claims.claim_loading import StoredClaim
from domain.casework.commands.book import Book
from domain.casework.commands.commands import Command
from domain.claim.lines.assessing import Computed, ReadUpTo
from domain.claim.lines.outdated import Sides
from domain.claim.parts.name import parts_of
from domain.claim.parts.status import Status
from domain.claim.rights.known import (
    NOBODY,
    Costs,
    Dates,
    Effects,
    Known,
    OtherAmounts,
    Registered,
    RegisteredLine,
    Registrants,
    StaleLines,
    dates_of,
)
from domain.claim.rights.step import ClaimStep, Who
from domain.claim.steps.applying.report_costs import ReportCosts
from domain.claim.steps.registry import STEPS
from domain.claim.stream.state import GrantClaim, limits_in
from domain.doctor.facts.accounts import CostsReported
from domain.doctor.history import Reference
from domain.rules.findings.findings import Findings
from domain.rules.result import calculate
from domain.rules.sets.rule_set import RuleSet
from domain.store import LoggedFact, Recorded, Store
from domain.values.refusals.refusal import Refused, refused
from domain.values.streams import track_id


@dataclass(frozen=True, slots=True)
class Sources:
    """Where everything is looked up."""

    store: Store
    book: Book
    effects: ClaimEffects


class ClaimReading:
    """One look at the log for a claim: each thing is read once, when it is first asked for."""

    def __init__(self, sources: Sources, claim: StoredClaim, name: str) -> None:
        self._from = sources
        self._claim = claim
        self._name = name

    @cached_property
    def position(self) -> int:
        """How far the log went before anything else was looked up."""
        return self._from.store.last_position() or 1

    @cached_property
    def rules(self) -> RuleSet:
        """The published rule set of the round; raises `Refused` where it has none."""
        return self._from.book.rule_set(None, parts_of(self._name)[1])

    @cached_property
    def computed(self) -> Computed:
        """The claim under the rules, with all that was known at the position."""
        position, rules, state = self.position, self.rules, self._claim.state
        read = ReadUpTo(position, self._claim.version, self._from.book.version)
        return compute_of(self._told, state.municipality, limits_in(state), rules, read)

    @property
    def sides(self) -> Sides:
        """What was known when the proposal was assessed, and what is known at the position."""
        proposal = self._claim.state.proposal
        assert proposal is not None  # noqa: S101 - the status says so
        made = proposal.assessment
        under = (self._from.book.by_digest(made.rule_set_digest), self.rules)
        return Sides(sides_of(self._told, made.position, under))

    @property
    def dates(self) -> Dates:
        """The dates of the round."""
        return dates_of(self.rules)

    @property
    def registered(self) -> Registered:
        """The lines that can be claimed for the municipality, which the round must have."""
        where = _standing(parts_of(self._name)[0], self.rules)
        told = self._from.store.facts_of_municipality(self.rules.municipalities.codes_of(where))
        return Registered(registered(told, where, self.rules))

    def registered_line(self, hpr: str) -> RegisteredLine:
        """The line that can be claimed for one doctor."""
        told = told_of(self._from.store, [hpr])
        return RegisteredLine(registered(told, parts_of(self._name)[0], self.rules).get(hpr))

    @property
    def effects(self) -> Effects:
        """The lines that come to something else now."""
        return Effects(tuple(line.event() for line in self._effect.lines) if self._effect else ())

    @property
    def other_amounts(self) -> OtherAmounts:
        """The lines of which a decision now would grant another amount."""
        return OtherAmounts(self._effect.other_amounts() if self._effect else ())

    @property
    def stale(self) -> StaleLines:
        """The signed lines that come to something else now."""
        lines = self._effect.lines if self._effect else ()
        return StaleLines(frozenset(each.subject.hpr for each in lines) & self._claim.state.attested.keys())

    @cached_property
    def registrants(self) -> Registrants:
        """Who recorded facts of the doctors in the claim."""
        lines = self._claim.state.lines
        return Registrants(self._from.store.registrants([track_id(hpr) for hpr in lines]) if lines else NOBODY)

    @cached_property
    def _told(self) -> list[LoggedFact]:
        """What was known of the doctors at the position, read in one question."""
        return told_of(self._from.store, self._claim.state.lines, self.position)

    @cached_property
    def _effect(self) -> ClaimEffect | None:
        return self._from.effects.of(self._claim.state)


BY_TYPE: Final[Mapping[object, Callable[[ClaimReading, Any], object]]] = {
    RuleSet: lambda at, _: at.rules,
    Dates: lambda at, _: at.dates,
    Computed: lambda at, _: at.computed,
    Sides: lambda at, _: at.sides,
    Registered: lambda at, _: at.registered,
    RegisteredLine: lambda at, asked: at.registered_line(asked.hpr),
    Effects: lambda at, _: at.effects,
    OtherAmounts: lambda at, _: at.other_amounts,
    StaleLines: lambda at, _: at.stale,
    Registrants: lambda at, _: at.registrants,
}
"""How each thing that a decision may need is looked up for a step."""


class LookedUp(NamedTuple):
    """What a decision needs to know, the facts to be recorded with it, and the position that it rests on."""

    known: Known
    facts: Sequence[Recorded]
    position: int | None


class Lookup:
    """Asks the log and the rule book for what a decision needs; each step asks once, however many its lines."""

    def __init__(self, store: Store, book: Book, reference: Reference, effects: ClaimEffects) -> None:
        self._from = Sources(store, book, effects)
        self._reference = reference

    def of(self, name: str, claim: StoredClaim, asked: ClaimStep, command: Command, now: datetime) -> LookedUp:
        """What the step needs to know, and the facts that it records on doctors."""
        step, reading = STEPS[asked.type], ClaimReading(self._from, claim, name)
        position = reading.position if step.rests_on_log else None
        known: dict[object, Any] = {each: BY_TYPE[each](reading, asked) for each in step.needs if each is not Costs}
        if command.actor.role != "municipality":
            known[Registrants] = reading.registrants
        facts: Sequence[Recorded] = ()
        if isinstance(asked, ReportCosts):
            rules, store = self._rules(claim.state.round), self._from.store
            facts, known[Costs] = costs_as_facts(store, self._reference, claim.state, rules, asked, command, now)
        return LookedUp(known, facts, position)

    def beforehand(self, claim: StoredClaim, who: Who) -> Known:
        """What can be known of the steps before any of them says anything."""
        state, reading = claim.state, ClaimReading(self._from, claim, claim.state.name)
        rules = self._rules(state.round)
        known: dict[object, Any] = {Dates: dates_of(rules), Registrants: NOBODY, StaleLines: frozenset()}
        if who.role != "municipality":
            known[Registrants] = reading.registrants
        if state.proposal and who.role == "approver" and rules:
            known |= {Computed: reading.computed, Sides: reading.sides}
        if state.status is Status.ATTESTED and who.role == "caseworker":
            known[StaleLines] = reading.stale
        return known

    def findings(self, claim: GrantClaim) -> dict[str, tuple[str, ...]]:
        """What people should look at in the lines of what is proposed, as known when it was assessed."""
        if claim.proposal is None:
            return {}
        made, book = claim.proposal.assessment, self._from.book
        rules, told = book.by_digest(made.rule_set_digest), told_of(self._from.store, claim.lines, made.position)
        checks = Findings(claim.municipality, rules)
        lines = calculate(doctors_of(told), claim.municipality, rules).lines
        return {line.hpr: tuple(each.text for each in line.looked_at(checks)[0]) for line in lines}

    def costs(self, claim: GrantClaim, until: int) -> dict[str, list[CostsReported]]:
        """The costs known of each line, by doctor; none if the round has no published rule set."""
        rules = self._rules(claim.round)
        return costs_of_lines(self._from.store, claim, rules, until) if rules else {}

    def _rules(self, round_id: str) -> RuleSet | None:
        """The published rule set of a round; None if it has none."""
        try:
            return self._from.book.rule_set(None, round_id)
        except Refused:
            return None


def _standing(code: str, rules: RuleSet) -> str:
    """The code of a municipality that the round has; raises `Refused` (unknown-municipality, municipality-ended)."""
    current = rules.municipalities.current(code)
    if current != code:
        raise refused("municipality-ended", municipality=code, successor=current)
    return code
