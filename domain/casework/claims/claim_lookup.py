"""What a step of a claim needs to know beside the claim, looked up in the log, and the facts that it records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from domain.casework.claims.claim_basis import compute_of, doctors_of, registered, sides_of, told_of
from domain.casework.claims.claim_effects import ClaimEffects
from domain.casework.claims.claim_loading import StoredClaim
from domain.casework.commands.book import Book
from domain.casework.commands.commands import Command
from domain.casework.facts.cases import Case, case_of
from domain.claim.lines.assessing import Computed, ReadUpTo
from domain.claim.parts.name import parts_of
from domain.claim.parts.parts import ReportedCost
from domain.claim.rights.steps import NOBODY, Parts, Who
from domain.claim.steps.commands import (
    AcceptReport,
    AddLine,
    AnyStep,
    Approve,
    Assess,
    ConfirmLine,
    Open,
    Pay,
    ProposeLines,
    Reclaim,
    Reopen,
    ReportCosts,
    RequestAttestation,
    Submit,
)
from domain.claim.steps.deciding import Context, cost_elements
from domain.claim.stream.made import Assessment
from domain.claim.stream.state import GrantClaim, Status, limits_in
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.supervision import CostsReported
from domain.doctor.history import Reference, decide
from domain.rules.findings.findings import Findings
from domain.rules.result import calculate
from domain.rules.sets.rule_set import RuleSet
from domain.store import LoggedFact, Recorded, Store
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.refusal import Refused, refused
from domain.values.streams import track_id

_NEEDS_RULES: Final = (
    Open,
    ProposeLines,
    AddLine,
    ConfirmLine,
    Submit,
    Assess,
    RequestAttestation,
    Reopen,
    Pay,
    Approve,
)
_NEEDS_POSITION: Final = (Assess, Approve, Pay, Reclaim, AcceptReport)


class Lookup:
    """Asks the log and the rule book for what a decision is told; each step asks once, however many its lines."""

    def __init__(self, store: Store, book: Book, reference: Reference, effects: ClaimEffects) -> None:
        self._store = store
        self._book = book
        self._reference = reference
        self._effects = effects

    def context(
        self, name: str, claim: StoredClaim, step: AnyStep, command: Command, now: datetime
    ) -> tuple[Context, Sequence[Recorded]]:
        """What the step needs to know, and the facts that it records on doctors."""
        more: dict[str, Any] = {}
        facts: Sequence[Recorded] = ()
        position = (self._store.last_position() or 1) if isinstance(step, _NEEDS_POSITION) else 1
        if isinstance(step, _NEEDS_RULES):
            more["rules"] = self._book.rule_set(None, parts_of(name)[1])
        match step:
            case Open() | ProposeLines():
                where = _standing(parts_of(name)[0], more["rules"])
                told = self._store.facts_of_municipality(more["rules"].municipalities.codes_of(where))
                more["registered"] = registered(told, where, more["rules"])
            case AddLine() | ConfirmLine():
                more["registered"] = registered(told_of(self._store, [step.hpr]), parts_of(name)[0], more["rules"])
            case ReportCosts():
                facts, more["costs"] = self._costs(claim.state, step, command, now)
            case Assess():
                more["computed"] = self._computed(claim, more["rules"], position)[0]
            case Approve() if claim.state.proposal:
                more |= self._since(claim, claim.state.proposal.assessment, more["rules"], position)
            case Reopen() if effect := self._effects.of(claim.state):
                more["effects"] = tuple(line.event() for line in effect.lines)
            case Pay() | Reclaim() if effect := self._effects.of(claim.state):
                more["effects"] = effect.other_amounts()
            case AcceptReport():
                more["stale"] = self._stale(claim.state)
        more["registrants"] = self.registrants(claim.state) if _asks_who(step, command.actor) else NOBODY
        return Context(name, command.actor, now, norwegian_day(now), position=position, **more), facts

    def beforehand(self, claim: StoredClaim, who: Who, now: datetime) -> Context:
        """What can be known of the steps before any of them says anything."""
        name = claim.state.name
        more: dict[str, Any] = {"rules": self._rules(name)}
        if who.role != "municipality":
            more["registrants"] = self.registrants(claim.state)
        if claim.state.proposal and who.role == "approver" and more["rules"]:
            position = self._store.last_position() or 1
            more |= self._since(claim, claim.state.proposal.assessment, more["rules"], position)
        if claim.state.status is Status.ATTESTED and who.role == "caseworker":
            more["stale"] = self._stale(claim.state)
        return Context(name, who, now, norwegian_day(now), **more)

    def findings(self, claim: GrantClaim) -> dict[str, tuple[str, ...]]:
        """What people should look at in the lines of what is proposed, as known when it was assessed."""
        if claim.proposal is None:
            return {}
        made = claim.proposal.assessment
        rules, told = self._book.by_digest(made.rule_set_digest), told_of(self._store, claim.lines, made.position)
        checks = Findings(claim.municipality, rules)
        lines = calculate(doctors_of(told), claim.municipality, rules).lines
        return {line.hpr: tuple(each.text for each in line.looked_at(checks)[0]) for line in lines}

    def _rules(self, name: str) -> RuleSet | None:
        try:
            return self._book.rule_set(None, parts_of(name)[1])
        except Refused:
            return None

    def _stale(self, claim: GrantClaim) -> dict[str, tuple[str, ...]]:
        """The signed lines that come to something else now, with the facts that did it."""
        effect = self._effects.of(claim)
        lines = effect.lines if effect else ()
        return {each.subject.hpr: each.facts for each in lines if each.subject.hpr in claim.attested}

    def registrants(self, claim: GrantClaim) -> Parts:
        """Who recorded facts of the doctors in a claim, and in which roles."""
        return self._store.registrants([track_id(hpr) for hpr in claim.lines]) if claim.lines else NOBODY

    def _since(self, claim: StoredClaim, made: Assessment, rules: RuleSet, position: int) -> dict[str, Any]:
        """What the claim comes to now under the round's rule set of now, and what was known then and is now."""
        now, told = self._computed(claim, rules, position)
        under = (self._book.by_digest(made.rule_set_digest), rules)
        return {"computed": now, "sides": sides_of(told, made.position, under)}

    def _computed(self, claim: StoredClaim, rules: RuleSet, position: int) -> tuple[Computed, Sequence[LoggedFact]]:
        """The claim under a rule set, with all that was known at a position, which is read in one question."""
        read = ReadUpTo(position, claim.version, self._book.version)
        told = told_of(self._store, claim.state.lines, read.position)
        return compute_of(told, claim.state.municipality, limits_in(claim.state), rules, read), told

    def _costs(
        self, claim: GrantClaim, step: ReportCosts, command: Command, now: datetime
    ) -> tuple[list[Recorded], tuple[ReportedCost, ...]]:
        """The costs as facts of the doctor, next in the doctor's log, and what the claim says of them."""
        cost_elements(step.costs)
        case, new, costs = case_of(self._store.facts_of([track_id(step.hpr)])), [], []
        versions = case.versions
        for n, cost in enumerate(step.costs, start=1):
            fact = CostsReported(
                id=f"{command.id}-{n}",
                hpr=step.hpr,
                recorded_at=now,
                recorded_by=command.actor.subject,
                municipality=claim.municipality,
                round=claim.round,
                element=cost.element,
                kroner=cost.kroner,
                project_code=step.project_code,
            )
            recorded, versions = versions.next(self._checked(case, fact), command.origin())
            new.append(recorded)
            costs.append(ReportedCost(element=cost.element, kroner=cost.kroner, fact=fact.id))
        return new, tuple(costs)

    def _checked(self, case: Case, fact: CostsReported) -> Fact:
        """The fact as it is stored; one that is stored already was recorded by this very command."""
        new = decide(case.history, case.as_known_now(fact), self._reference)
        if not new:
            raise refused("fact-id-used", id=fact.id)
        return new[0]


def _asks_who(step: AnyStep, who: Who) -> bool:
    """Whether it matters who recorded the facts: to all but the municipality, and to whom it asks to sign."""
    return who.role != "municipality" or isinstance(step, RequestAttestation)


def _standing(code: str, rules: RuleSet) -> str:
    """The code of a municipality that the round has; raises `Refused` (unknown-municipality, municipality-ended)."""
    current = rules.municipalities.current(code)
    if current != code:
        raise refused("municipality-ended", municipality=code, successor=current)
    return code
