"""A doctor's stored facts: found by id and compared by content, before anything is asked of what is new.

What was erased is not compared. A text composed otherwise, a number written otherwise, or a field that is null, is
no other content, nor is it in what a correction replaces.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Self

from pydantic_core import to_json

from domain.doctor.correcting import corrected
from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.facts.stored import coherent_fact
from domain.doctor.intake.plain import normal
from domain.store import LoggedFact
from domain.store.sealed.sealing import as_erased
from domain.values.refusals.refusal import Refused
from domain.values.texts import composed

_NAMING: Final = ("id", "corrects", "position", "leave", "service", "interruption", "affiliation", "agreement")


class StoredFact(NamedTuple):
    """A stored fact, and whether what was personal in it is erased."""

    fact: Fact
    erased: bool


class StoredFacts:
    """A doctor's stored facts, found by their ids however these are composed."""

    def __init__(self, by_id: Mapping[str, StoredFact], spelt: Mapping[str, str]) -> None:
        self._by_id = by_id
        self._spelt = spelt

    @classmethod
    def of(cls, logged: Iterable[LoggedFact]) -> Self:
        """The facts that were read of a doctor."""
        by_id = {composed(each.fact.id): StoredFact(each.fact, each.erased) for each in logged}
        names = {name for each in by_id.values() for name in _names(each.fact) if not name.isascii()}
        return cls(by_id, {short: name for name in names if (short := composed(name)) != name})

    def and_also(self, fact: Fact) -> "StoredFacts":
        """These facts and one that was stored just now."""
        return StoredFacts({**self._by_id, fact.id: StoredFact(fact, erased=False)}, self._spelt)

    def holds(self, fact: Fact) -> bool:
        """Whether a fact is stored with this content."""
        found = self._by_id.get(composed(fact.id))
        return found is not None and _is_same(found, fact, self._corrected_by(fact))

    def holds_but_for_the_moment(self, fact: Fact) -> bool:
        """Whether a fact is stored with this content, whenever it became known."""
        found = self._by_id.get(composed(fact.id))
        return found is not None and self.holds(fact.model_copy(update={"recorded_at": found.fact.recorded_at}))

    def has_erased(self, fact: Fact) -> bool:
        """Whether what was personal in the stored fact with this id is erased."""
        found = self._by_id.get(composed(fact.id))
        return found is not None and found.erased

    def _corrected_by(self, fact: Fact) -> Fact | None:
        """The stored fact that a correction corrects."""
        found = self._by_id.get(composed(fact.corrects)) if isinstance(fact, FactCorrected) else None
        return found and found.fact

    def as_spelt(self, fact: Fact) -> Fact:
        """A new fact with ids and names composed as those that it builds on were stored."""
        return _respelt(fact, self._spelt) if self._spelt else fact


def _is_same(held: StoredFact, fact: Fact, original: Fact | None) -> bool:
    if held.fact == fact:
        return True
    if type(held.fact) is not type(fact):
        return False
    one, other = _normal(held.fact), _normal(fact)
    if held.erased:
        one, other = as_erased(one), as_erased(other)
    return one == other or (original is not None and _replaces_the_same(one, other, original))


def _replaces_the_same(one: Fact, other: Fact, original: Fact) -> bool:
    """Whether two corrections name the same fields and make the same of them, however the values are written."""
    if not (isinstance(one, FactCorrected) and isinstance(other, FactCorrected)):
        return False
    if one.replacement is None or other.replacement is None or one.replacement.keys() != other.replacement.keys():
        return False
    try:
        makes_the_same = corrected(original, one) == corrected(original, other)
    except Refused:
        return False
    return makes_the_same and one.model_copy(update={"replacement": other.replacement}) == other


def _names(fact: Fact) -> Iterator[str]:
    yield fact.id
    yield from (name for _, name in fact.names())


def _normal(fact: Fact) -> Fact:
    return coherent_fact(to_json(normal(fact.as_json())))


def _respelt(fact: Fact, spelt: Mapping[str, str]) -> Fact:
    plain = fact.as_json()
    found = {name: spelt[value] for name in _NAMING if isinstance(value := plain.get(name), str) and value in spelt}
    return coherent_fact(to_json({**plain, **found})) if found else fact
