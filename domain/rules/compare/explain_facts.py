"""From what one side knows of a doctor to what the other knows, fact by fact.

Facts that only the first side knows are taken away, the last recorded first; then those that only the other
knows are added in the order recorded. Facts that cannot stand without one another are one step.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.doctor.about import Places, is_elsewhere, places_of
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.history import History, decide_again, evolve
from domain.rules.result import moment_text
from domain.values.patience import ask
from domain.values.refusals.refusal import Refused


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that one side knows and the other does not."""

    fact: Fact
    added: bool
    supposed: bool = False
    municipalities: Places = frozenset()
    """Those whose posts, agreements or the like it is about; none of what is the doctor's own."""

    def is_elsewhere(self, here: Collection[str]) -> bool:
        """Whether it is another municipality's than this (by all its codes)."""
        return is_elsewhere(self.fact, self.municipalities, here)

    def as_json(self, here: Collection[str] = (), *, whole: bool = False) -> dict[str, Any]:
        """The fact by name, type, moment and who recorded it, never by its content; what it corrects, where it does.

        Unless for somebody who sees the `whole` doctor, another municipality's fact has none of them.
        """
        named = whole or not self.is_elsewhere(here)
        corrects = {"corrects": self.fact.corrects} if isinstance(self.fact, FactCorrected) and named else {}
        return {
            "hpr": self.fact.hpr,
            "id": self.fact.id if named else None,
            "type": type_of(self.fact) if named else None,
            **corrects,
            "recorded_at": moment_text(self.fact.recorded_at) if named else None,
            "recorded_by": self.fact.recorded_by if named else None,
            "change": "added" if self.added else "removed",
            "what_if": self.supposed,
        }


@dataclass(frozen=True, slots=True)
class FactStep:
    """One step: the facts that change, and what is known after it."""

    changes: tuple[Change, ...]
    known: Sequence[Fact]


def type_of(fact: Fact) -> str:
    """The type of a fact, as contract.md names it."""
    return str(type(fact).model_fields["type"].default)


class _Anything:
    """What facts refer to was asked when they were accepted."""

    def check_municipality(self, code: str) -> None:
        """Every municipality."""

    def check_cost_element(self, round_id: str, element: str) -> None:
        """Every cost."""


def changed(before: Sequence[Fact], after: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts that only the one knows, and those that only the other does."""
    of_before, of_after = ({fact.id: fact for fact in side} for side in (before, after))
    gone = [fact for fact in before if of_after.get(fact.id) != fact]
    return gone, [fact for fact in after if of_before.get(fact.id) != fact]


def fact_steps(
    before: Sequence[Fact],
    after: Sequence[Fact],
    supposed: frozenset[tuple[str, str]] = frozenset(),
) -> Iterator[FactStep]:
    """The steps from what was known before to what is known after, both in the order recorded and valid.

    `supposed` are the facts (HPR number and id) that are only supposed.
    """
    pending: list[Change] = []
    places = places_of([*before, *after])
    for change, known in _one_by_one(before, after, supposed, places):
        pending.append(change)
        if _is_beginning(known, before) or _is_beginning(known, after) or _stands(known):
            yield FactStep(tuple(pending), known)
            pending = []


def _one_by_one(
    before: Sequence[Fact], after: Sequence[Fact], supposed: frozenset[tuple[str, str]], places: Mapping[str, Places]
) -> Iterator[tuple[Change, Sequence[Fact]]]:
    """Each change with what is known after it, whether that can stand or not."""

    def change(fact: Fact, *, added: bool) -> Change:
        return Change(fact, added, (fact.hpr, fact.id) in supposed, places[fact.id])

    gone, new = changed(before, after)
    common = {fact.id for fact in after} - {fact.id for fact in new}
    left = {fact.id for fact in gone}
    for fact in reversed(gone):
        left.discard(fact.id)
        known = [each for each in before if each.id in left or each.id in common]
        yield change(fact, added=False), known
    missing = {fact.id for fact in new}
    for fact in new:
        missing.discard(fact.id)
        yield change(fact, added=True), [each for each in after if each.id not in missing]


def _is_beginning(known: Sequence[Fact], side: Sequence[Fact]) -> bool:
    """Whether all that is known is what a valid side began with: then it is valid too."""
    return len(known) <= len(side) and all(
        one is other or one == other for one, other in zip(known, side, strict=False)
    )


def _stands(known: Sequence[Fact]) -> bool:
    """Whether each fact can be recorded after those before it."""
    history = History()
    for fact in known:
        ask()
        try:
            events = decide_again(history, fact, _Anything())
        except Refused:
            return False
        for event in events:
            history = evolve(history, event)
    return True
