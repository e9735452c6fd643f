"""The decisions in force that a ruling touches: made under another value of the choice, computed under the ruled one.

All else is as it was decided: the facts that were known, the other rules, what persons limited. Nothing is stored, and
no decision is another for it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.casework.claims.claim_effects import subject_of
from domain.casework.claims.claim_loading import claims_of_round
from domain.casework.commands.book import Book
from domain.claim.lines.effect import KnownLine, known_line, sum_if_known
from domain.claim.parts.parts import in_line_order
from domain.claim.stream.made import Proposal
from domain.claim.stream.state import GrantClaim
from domain.doctor.about import Places
from domain.doctor.facts.fact import Fact
from domain.doctor.history import as_known
from domain.rules.sets.rule_set import RuleSet
from domain.rules.sets.rulings import Ruling
from domain.store import Store
from domain.values.fields import RegisteredHpr, RegisteredId, Shape
from domain.values.patience import ask
from domain.values.streams import track_id


class TouchedLineShape(Shape):
    """A decided line that is another under the ruled value: the kroner decided, and what could be granted instead."""

    hpr: RegisteredHpr
    decided: int
    would_grant: int | None
    difference: int | None


class TouchedDecisionShape(Shape):
    """A decision in force that was made under another value of the choice. `lines` is null where one may not see them.

    A line that got less than it could, for a reason, gets no more than it got. Null kroner: a rate is unknown.
    """

    claim: str
    decision: int | str
    rule_set: RegisteredId
    value: str | bool
    decided: int
    would_grant: int | None
    difference: int | None
    lines: list[TouchedLineShape] | None


class RulingEffectShape(Shape):
    """The decisions in force that a ruling touches, by round and municipality, with the kroner of all together.

    `untouched` counts the decisions that were made under another value too, and are the same under this one.
    """

    ruling: RegisteredId
    decisions: list[TouchedDecisionShape]
    untouched: int
    difference: int | None


@dataclass(frozen=True, slots=True)
class TouchedLine:
    """A decided line that is another under the ruled value; None where a rate is unknown."""

    hpr: str
    decided: int
    would_grant: int | None

    @property
    def difference(self) -> int | None:
        """The kroner more, or less, than were decided."""
        return None if self.would_grant is None else self.would_grant - self.decided

    def as_json(self) -> TouchedLineShape:
        """The line by names."""
        return {
            "hpr": self.hpr,
            "decided": self.decided,
            "would_grant": self.would_grant,
            "difference": self.difference,
        }


@dataclass(frozen=True, slots=True)
class TouchedDecision:
    """A decision in force that was made under another value, and its lines that are others under the ruled one."""

    claim: GrantClaim
    decision: Proposal
    rules: RuleSet
    option: str
    lines: tuple[TouchedLine, ...]

    @property
    def difference(self) -> int | None:
        """The kroner more, or less, of all lines."""
        return sum_if_known(line.difference for line in self.lines)

    def as_json(self, *, lines: bool) -> TouchedDecisionShape:
        """The decision by names, with its lines or without."""
        decided, difference = self.decision.total, self.difference
        return {
            "claim": self.claim.name,
            "decision": self.decision.name,
            "rule_set": self.rules.id,
            "value": self.rules.options[self.option],
            "decided": decided,
            "would_grant": None if difference is None else decided + difference,
            "difference": difference,
            "lines": [line.as_json() for line in self.lines] if lines else None,
        }


@dataclass(frozen=True, slots=True)
class RulingEffect:
    """Every decision in force that was made under another value than the ruled one, of the rounds that it holds for."""

    ruling: Ruling
    decisions: tuple[TouchedDecision, ...]

    @property
    def touched(self) -> tuple[TouchedDecision, ...]:
        """Those with a line that is another."""
        return tuple(each for each in self.decisions if each.lines)

    @property
    def difference(self) -> int | None:
        """The kroner more, or less, of all of them."""
        return sum_if_known(each.difference for each in self.touched)

    def as_json(self, *, lines: bool = True) -> RulingEffectShape:
        """The decisions that it touches, with their lines or without."""
        return {
            "ruling": self.ruling.id,
            "decisions": [each.as_json(lines=lines) for each in self.touched],
            "untouched": len(self.decisions) - len(self.touched),
            "difference": self.difference,
        }


class RulingEffects:
    """Asks which decisions a ruling touches; it only reads."""

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book

    def of(self, ruling: Ruling, places: Places | None = None) -> RulingEffect:
        """The decisions in force that rest on another value of the choice, or those of a municipality, by its codes."""
        return RulingEffect(ruling, tuple(self._decisions(ruling, places)))

    def _decisions(self, ruling: Ruling, places: Places | None) -> Iterator[TouchedDecision]:
        for claim, decision, rules in self._made_otherwise(ruling):
            if places is None or claim.municipality in places:
                ruled = dict(rules.alternatives[ruling.option])[ruling.value]
                yield TouchedDecision(claim, decision, rules, ruling.option, tuple(self._lines(claim, decision, ruled)))

    def _made_otherwise(self, ruling: Ruling) -> Iterator[tuple[GrantClaim, Proposal, RuleSet]]:
        """The claims of its rounds with the decision in force and the rules of it, where those do not follow it."""
        book = self._book.current()
        rounds = {each.round.id: each for each in book.published.values() if ruling.holds_for(each.round.first_day)}
        for in_force in sorted(rounds.values(), key=lambda each: each.round.first_day):
            claims = claims_of_round(self._store, in_force, None)
            for claim in sorted(claims, key=lambda each: each.municipality):
                if (decision := claim.decided) is not None:
                    rules = book.by_digest(decision.assessment.rule_set_digest)
                    if not rules.follows(ruling):
                        yield claim, decision, rules

    def _lines(self, claim: GrantClaim, decision: Proposal, ruled: RuleSet) -> Iterator[TouchedLine]:
        known = self._known(decision)
        for hpr in in_line_order(decision.lines):
            ask()
            subject = subject_of(claim, decision, hpr).as_decided()
            line = known_line(subject, as_known(known.get(hpr, ())), ruled)
            if line.worth != decision.assessment.lines[hpr].worth:
                yield TouchedLine(hpr, decision.lines[hpr].kroner, _would(decision, hpr, line))

    def _known(self, decision: Proposal) -> Mapping[str, Sequence[Fact]]:
        """What was known of each doctor of a decision when it was assessed."""
        known: dict[str, list[Fact]] = defaultdict(list)
        for each in self._store.facts_of_these([track_id(hpr) for hpr in decision.lines], ()):
            if each.position <= decision.assessment.position:
                known[each.fact.hpr].append(each.fact)
        return known


def _would(decision: Proposal, hpr: str, after: KnownLine) -> int | None:
    """What a decision would grant of a line; one that got less for a reason gets no more than it got."""
    if after.amount is None or not decision.gave_less(hpr):
        return after.amount
    return min(after.amount, decision.lines[hpr].kroner)
