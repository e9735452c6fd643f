"""Checking new facts of one doctor among those that are stored.

Facts about one leave, agreement, service or affiliation are decided on by themselves, since nothing else depends on
them: a correction is checked by folding only those facts again.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import FactCorrected
from domain.doctor.history import (
    Doctor,
    History,
    Reference,
    decide,
    decide_again,
    evolve_doctor,
    folded,
    in_order,
    named,
    stand,
)
from domain.values.patience import ask
from domain.values.refusals.refusal import Problem, Refused, refused


def judge(
    stored: Sequence[Fact], new: Sequence[tuple[int | None, Fact]], reference: Reference
) -> tuple[list[Fact], list[Problem]]:
    """Check new facts of one doctor among the stored ones: those to store, and all problems.

    `new` pairs each fact with its place in the input. A stored fact that a new one makes invalid
    is blamed on the last new fact before it.
    """
    places: dict[int, int | None] = {id(fact): place for place, fact in new}
    known, accepted, problems = _Known(), [], []
    blamed: tuple[int | None, str] | None = None
    for fact in in_order([*stored, *(fact for _, fact in new)]):
        ask()
        is_new = id(fact) in places
        blamed = (places[id(fact)], fact.id) if is_new else blamed
        try:
            events = (decide if is_new else decide_again)(known.about(fact), fact, reference)
        except Refused as refusal:
            if is_new:
                problems.append(Problem(places[id(fact)], fact.id, refusal))
            elif blamed:
                because = refused("makes-stored-invalid", name=fact.id, because=refusal)
                problems.append(Problem(*blamed, because))
            continue
        for event in events:
            known.add(event)
            if is_new:
                accepted.append(event)
    return accepted, problems


@dataclass(slots=True)
class _Part:
    """The facts about one thing as they stand, corrections left out, and what they make."""

    standing: dict[str, Fact | None] = field(default_factory=dict)
    doctor: Doctor = field(default_factory=Doctor)


_KINDS: Final = frozenset({"agreement", "leave", "service", "affiliation"})
"""The fields that name what a fact is about, where that is a part by itself."""


class _Known:
    """What is known of a doctor after some facts; it grows with each, and is never copied."""

    def __init__(self) -> None:
        self._recorded: dict[str, Fact] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._parts: dict[tuple[str, str], _Part] = defaultdict(_Part)
        self._part_of: dict[str, _Part] = {}

    def about(self, fact: Fact) -> History:
        """As much of the history as a fact can depend on."""
        part = self._part(fact)
        return History(self._recorded, part.standing, self._names, part.doctor)

    def add(self, fact: Fact) -> None:
        """Add a fact that was decided on."""
        part = self._part(fact)
        stands = stand(part.standing, fact)
        if isinstance(fact, FactCorrected):
            del part.standing[fact.id]
            part.doctor = folded(part.standing.values())
        else:
            part.doctor = evolve_doctor(part.doctor, fact)
            self._part_of[fact.id] = part
        self._recorded[fact.id] = fact
        self._names |= named(stands)

    def _part(self, fact: Fact) -> _Part:
        if not isinstance(fact, FactCorrected):
            return self._parts[_thing(fact)]
        of_it = self._part_of.get(fact.corrects)
        if of_it is None:
            correction = self._recorded.get(fact.corrects)
            return _Part({} if correction is None else {correction.id: correction})
        for kind in _KINDS & (fact.replacement or {}).keys():
            of_it = self._joined(of_it, self._parts[kind, str((fact.replacement or {})[kind])])
        return of_it

    def _joined(self, one: _Part, other: _Part) -> _Part:
        """One part of two, as where a correction says that a fact is about something else."""
        if one is other:
            return one
        both = one.standing | other.standing
        standing = {name: both[name] for name in self._recorded if name in both}
        joined = _Part(standing, folded(standing.values()))
        self._part_of |= dict.fromkeys(standing, joined)
        self._parts |= {thing: joined for thing, part in self._parts.items() if part is one or part is other}
        return joined


def _thing(fact: Fact) -> tuple[str, str]:
    """What a fact is about: the track with its posts is one thing, since those depend on one another."""
    fields = fact.__dict__
    return next(((kind, fields[kind]) for kind in _KINDS if kind in fields), ("track", ""))
