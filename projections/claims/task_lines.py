"""Decided lines recomputed with today's facts and rules, to find their tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.casework.claims.claim_effects import subject_of
from domain.claim.lines.effect import AffectedLine, Knowledge, KnownLine, LineSubject, affected, as_claimed
from domain.claim.lines.lacking import lacking, lacking_subject
from domain.claim.stream.events import ClaimAttested, ClaimEvent
from domain.claim.stream.made import Proposal
from domain.claim.stream.state import GrantClaim
from domain.rulebook.rulebook import RuleBook
from domain.rules.sets.rule_set import RuleSet
from projections.engine.log import Known


@dataclass(frozen=True, slots=True)
class Seen:
    """What a line is seen with: what is known of its doctor, the rule book, and the rules in force."""

    known: Known | None
    book: RuleBook
    rules: RuleSet

    def first_stored(self, facts: Sequence[str]) -> datetime | None:
        """When the first of some facts was stored."""
        told = self.known.logged if self.known else ()
        return min((each.stored_at for each in told if each.fact.id in facts), default=None)


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A decided line of a claim, with the statement that signed it last."""

    claim: GrantClaim
    decision: Proposal
    hpr: str
    statement: ClaimAttested | None

    def changed(self, seen: Seen) -> AffectedLine | None:
        """What has become of it since it was assessed; None where it is the same."""
        assessed, now = self.decision.assessment.lines[self.hpr], self._now(self.decision, seen)
        if assessed.worth == now.worth:
            return None
        return self._since(self.decision, seen, now)

    def stale(self, seen: Seen) -> AffectedLine | None:
        """What has become of it since the decision that was signed; None where the signature stands."""
        if self.statement is None:
            return None
        signed = next(each for each in self.claim.decisions if each.number == self.statement.decision)
        now = self._now(signed, seen)
        return self._since(signed, seen, now) if self.claim.attested[self.hpr].digest != now.digest else None

    def _subject(self, decision: Proposal) -> LineSubject:
        return subject_of(self.claim, decision, self.hpr)

    def _now(self, decision: Proposal, seen: Seen) -> KnownLine:
        """As it is now, of what a decision was about; a doctor's lines are computed once for all projections."""
        subject = self._subject(decision)
        if seen.known is None:
            return as_claimed(subject, None, {}, seen.rules)
        found = seen.known.lines(seen.rules).get(self.claim.municipality)
        return as_claimed(subject, found, seen.known.record(seen.rules).costs, seen.rules)

    def _since(self, decision: Proposal, seen: Seen, now: KnownLine) -> AffectedLine | None:
        told = seen.known.logged if seen.known else ()
        before = [each.fact for each in told if each.position <= decision.assessment.position]
        rules = seen.book.by_digest(decision.assessment.rule_set_digest)
        after = Knowledge([each.fact for each in told], seen.rules)
        return affected(self._subject(decision), Knowledge(before, rules), after, now)


@dataclass(frozen=True, slots=True)
class LackingLine:
    """A doctor whom the decision that holds does not have; `removed` is where a person took the line out, if one did.

    With it go the rules that were in force there.
    """

    claim: GrantClaim
    decision: Proposal
    hpr: str
    removed: tuple[int, RuleSet] | None

    def found(self, seen: Seen) -> AffectedLine | None:
        """The line, if it can be applied for."""
        if seen.known is None:
            return None
        subject, told = lacking_subject(self.claim, self.hpr), seen.known.logged
        line = seen.known.lines(seen.rules).get(self.claim.municipality)
        now = as_claimed(subject, line, seen.known.record(seen.rules).costs, seen.rules)
        then = None
        if self.removed is not None:
            position, rules = self.removed
            then = Knowledge([each.fact for each in told if each.position <= position], rules)
        return lacking(subject, Knowledge([each.fact for each in told], seen.rules), now, then)


def decided_lines(claim: GrantClaim, events: Sequence[ClaimEvent], hprs: Iterable[str]) -> list[StandingLine]:
    """Those of some doctors that the decision which holds has."""
    decision, signed = claim.decided, dict[str, ClaimAttested]()
    for event in events:
        if isinstance(event, ClaimAttested):
            signed |= dict.fromkeys((line.hpr for line in event.lines), event)
    if decision is None:
        return []
    return [StandingLine(claim, decision, hpr, signed.get(hpr)) for hpr in hprs if hpr in decision.lines]
