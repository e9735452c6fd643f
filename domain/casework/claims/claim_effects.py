"""A decided claim, and what a revisor has signed, with today's facts and rules: read from the log, decided nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.casework.claims.claim_loading import stream_of
from domain.casework.commands.book import Book
from domain.claim.lines.effect import (
    AffectedLine,
    AffectedShape,
    Knowledge,
    KnownLine,
    LineSubject,
    affected,
    known_line,
)
from domain.claim.lines.lacking import lacking, lacking_subject
from domain.claim.lines.signed import Signed, SignedLineShape, SignedStatement, signed_lines, signed_statement
from domain.claim.parts.parts import LineEffect, Outcome, in_line_order
from domain.claim.stream.events import ClaimAttested, ClaimEvent, LineRemoved
from domain.claim.stream.made import Proposal
from domain.claim.stream.numbering import decisions_named
from domain.claim.stream.state import GrantClaim
from domain.doctor.history import as_known
from domain.rules.sets.rule_set import RuleSet
from domain.store import NEWEST, LoggedFact, Recorded, Store
from domain.values.days.calendar import text_of
from domain.values.fields import MonthText, RegisteredId, Shape
from domain.values.streams import track_id


class AffectedLineShape(AffectedShape):
    """A decided line that comes to something else now, in kroner that can be granted, or one that the decision lacks.

    `decided` are the kroner of the decision; a line that it lacks has none, and no `outcome`. The kroner of `causes`
    sum to the difference, gone through in `order`.
    """

    outcome: Outcome | None
    decided: int


class RulesThenAndNow(Shape):
    """The rule sets that the line is seen under."""

    decided: RegisteredId
    now: RegisteredId


class EffectShape(Shape):
    """The decision that holds, recomputed with today's facts and rules.

    `would_grant` is a decision that grants what can be on the lines that change, and the rest as decided; one that got
    less than it could, for a reason, gets no more than it got. `outstanding` is what would then remain to be paid, or
    below zero reclaimed. A doctor is told of the own line alone, of which nobody knows how much is `settled`: null.
    """

    claim: str
    decision: int | str
    rules: RulesThenAndNow
    decided: int
    settled: int | None
    would_grant: int | None
    difference: int | None
    outstanding: int | None
    first_month: MonthText | None
    lines: list[AffectedLineShape]


@dataclass(frozen=True, slots=True)
class ClaimEffect:
    """The lines of a decision that come to something else now, and those that it lacks.

    `now` has every line of the decision as it is now.
    """

    claim: GrantClaim
    decision: Proposal
    rules: tuple[RuleSet, RuleSet]
    lines: tuple[AffectedLine, ...]
    now: Mapping[str, KnownLine]
    settled: int | None = None

    def of_line(self, hpr: str) -> "ClaimEffect":
        """The effect on one line."""
        decided = {name: line for name, line in self.decision.lines.items() if name == hpr}
        lines = tuple(line for line in self.lines if line.subject.hpr == hpr)
        return replace(self, decision=replace(self.decision, lines=decided), lines=lines, settled=None)

    @property
    def would_grant(self) -> int | None:
        """The kroner of a decision that grants what can be on what has changed, and the rest as decided.

        A line that got less than it could, for a reason, gets no more than it got.
        """
        amounts = {line.subject.hpr: self._would(line) for line in self.lines}
        decided = {hpr: line.kroner for hpr, line in self.decision.lines.items()}
        found = (decided | amounts).values()
        return None if None in found else sum(each for each in found if each is not None)

    def other_amounts(self) -> tuple[LineEffect, ...]:
        """The lines of which a decision now would grant another amount than was decided, with both."""
        decided_lines = (line for line in self.lines if not line.is_lacking)
        found = ((line, self._would(line), self.decision.lines[line.subject.hpr].kroner) for line in decided_lines)
        return tuple(
            line.event().model_copy(update={"before": decided, "after": would})
            for line, would, decided in found
            if would != decided
        )

    def as_json(self, *, whole: bool = False) -> dict[str, Any]:
        """The effect: what was decided and settled, what it would be now, line by line.

        Unless for somebody who sees the `whole` doctor, the facts of other municipalities have no names.
        """
        first = [line.first_month for line in self.lines if line.first_month is not None]
        would = self.would_grant
        return {
            "claim": self.claim.name,
            "decision": self.decision.name,
            "rules": {"decided": self.rules[0].id, "now": self.rules[1].id},
            "decided": self.decision.total,
            "settled": self.settled,
            "would_grant": would,
            "difference": None if would is None else would - self.decision.total,
            "outstanding": None if would is None or self.settled is None else would - self.settled,
            "first_month": text_of(min(first)) if first else None,
            "lines": [self._line(each, whole=whole) for each in self.lines],
        }

    def _would(self, line: AffectedLine) -> int | None:
        hpr, amount = line.subject.hpr, line.after.amount
        if amount is None or not self.decision.gave_less(hpr):
            return amount
        return min(amount, self.decision.lines[hpr].kroner)

    def _line(self, line: AffectedLine, *, whole: bool) -> dict[str, Any]:
        decided = self.decision.lines.get(line.subject.hpr)
        return {
            **line.as_json(whole=whole),
            "outcome": decided.outcome if decided else None,
            "decided": decided.kroner if decided else 0,
        }


class ClaimEffects:
    """Asks what later knowledge changes; it only reads."""

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book

    def of(self, claim: GrantClaim) -> ClaimEffect | None:
        """The effect on the decision that holds; None where nothing is decided."""
        decision = claim.decided
        if decision is None:
            return None
        codes = self._book.current().of_round(claim.round).municipalities.codes_of(claim.municipality)
        logged, before, after = self._read(claim, decision, codes)
        found = effect_of(claim, decision, logged, before, after)
        return replace(found, lines=(*found.lines, *self._lacking(claim, decision, logged, after)))

    def _lacking(
        self, claim: GrantClaim, decision: Proposal, logged: Mapping[str, Sequence[LoggedFact]], rules: RuleSet
    ) -> Iterator[AffectedLine]:
        """The lines that doctors of the municipality have now, and the decision does not."""
        removed = removed_at(self._store.stream(stream_of(claim.name))) if claim.removed else {}
        for hpr in in_line_order(logged.keys() - decision.lines.keys()):
            subject, known = lacking_subject(claim, hpr), Knowledge([each.fact for each in logged[hpr]], rules)
            then = self._known_at(removed[hpr], logged[hpr], claim.round) if hpr in removed else None
            found = lacking(subject, known, known_line(subject, as_known(known.facts), rules), then)
            if found is not None:
                yield found

    def _known_at(self, position: int, logged: Sequence[LoggedFact], round_id: str) -> Knowledge:
        facts = [each.fact for each in logged if each.position <= position]
        return Knowledge(facts, self._book.at_position(position).of_round(round_id))

    def statements(
        self, claim: GrantClaim, events: Sequence[ClaimEvent], *, whole: bool = False
    ) -> list[SignedStatement]:
        """Every statement of a revisor, the old ones too; of each line whether it still stands, and if not, why."""
        made = [event for event in events if isinstance(event, ClaimAttested)]
        if not made or claim.decided is None:
            return []
        logged, _, rules = self._read(claim, claim.decided)
        decisions = {decision.name: decision for decision in claim.decisions}
        found = list[SignedStatement]()
        for statement, name in zip(events, decisions_named(events), strict=True):
            if not isinstance(statement, ClaimAttested) or name is None:
                continue
            decision = decisions[name]
            before = self._book.current().by_digest(decision.assessment.rule_set_digest)
            lines = [
                self._signed(claim, each, decision, (before, rules), logged.get(each.line.hpr, ()), whole=whole)
                for each in signed_lines(statement, made)
            ]
            found.append(signed_statement(statement, decision.name, lines))
        return found

    def _read(
        self, claim: GrantClaim, decision: Proposal, codes: Sequence[str] = ()
    ) -> tuple[Mapping[str, Sequence[LoggedFact]], RuleSet, RuleSet]:
        """The facts of the doctors in the claim, and of those who ever had a post in a municipality."""
        book = self._book.current()
        before = book.by_digest(decision.assessment.rule_set_digest)
        by_doctor: dict[str, list[LoggedFact]] = defaultdict(list)
        doctors = [track_id(hpr) for hpr in claim.lines]
        for each in self._store.facts_of_these(doctors, codes):
            by_doctor[each.fact.hpr].append(each)
        return by_doctor, before, book.of_round(claim.round)

    def _signed(  # noqa: PLR0913 - a line, what it is seen under, and for whom
        self,
        claim: GrantClaim,
        signed: Signed,
        decision: Proposal,
        rules: tuple[RuleSet, RuleSet],
        logged: Sequence[LoggedFact],
        *,
        whole: bool,
    ) -> SignedLineShape:
        """A signed line, and what has become of it."""
        subject = subject_of(claim, decision, signed.line.hpr)
        now = known_line(subject, as_known(each.fact for each in logged), rules[1])
        stale = signed.replaced_by is None and signed.line.digest != now.digest
        found = affected(subject, *_knowledge(decision, rules, logged), now) if stale else None
        line = signed.line
        return {
            "hpr": line.hpr,
            "digest": line.digest,
            "finding": line.finding,
            "kroner": line.kroner,
            "remark": line.remark,
            "state": "replaced" if signed.replaced_by else "stale" if stale else "stands",
            "replaced_by": signed.replaced_by,
            "causes": [] if found is None else found.causes_as_json(whole=whole),
        }


def effect_of(
    claim: GrantClaim, decision: Proposal, logged: Mapping[str, Sequence[LoggedFact]], before: RuleSet, after: RuleSet
) -> ClaimEffect:
    """The effect on a decision of all that is known about its doctors, by HPR number, under today's rules."""
    now = {
        hpr: known_line(subject_of(claim, decision, hpr), as_known(each.fact for each in logged.get(hpr, ())), after)
        for hpr in in_line_order(decision.lines)
    }
    lines = _affected(claim, decision, logged, (before, after), now)
    return ClaimEffect(claim, decision, (before, after), tuple(lines), now, claim.settled)


def _affected(
    claim: GrantClaim,
    decision: Proposal,
    logged: Mapping[str, Sequence[LoggedFact]],
    rules: tuple[RuleSet, RuleSet],
    now: Mapping[str, KnownLine],
) -> Iterator[AffectedLine]:
    for hpr, line in now.items():
        if decision.assessment.lines[hpr].worth == line.worth:
            continue
        found = affected(subject_of(claim, decision, hpr), *_knowledge(decision, rules, logged.get(hpr, ())), line)
        if found is not None:
            yield found


def _knowledge(
    decision: Proposal, rules: tuple[RuleSet, RuleSet], logged: Sequence[LoggedFact]
) -> tuple[Knowledge, Knowledge]:
    """What the decision rests on, and what is known now."""
    position = decision.assessment.position
    before = [each.fact for each in logged if each.position <= position]
    return Knowledge(before, rules[0]), Knowledge([each.fact for each in logged], rules[1])


def removed_at(recorded: Iterable[Recorded]) -> dict[str, int]:
    """Where in the log a person took each line out last."""
    return {each.event.hpr: each.position or NEWEST for each in recorded if isinstance(each.event, LineRemoved)}


def subject_of(claim: GrantClaim, decision: Proposal, hpr: str) -> LineSubject:
    """A decided line, within the limits that persons had made."""
    made = decision.assessment
    within = made.computed_within[hpr]
    return LineSubject(hpr, claim.municipality, made.limits[hpr], None if within == made.limits[hpr] else within)
