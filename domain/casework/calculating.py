"""Results of municipalities and of single lines; a line is computed again only if something has changed.

A line is cached with the head of its doctor's log. Everything else that it follows from is in the question.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from domain.casework.commands.recent import Recent
from domain.casework.replaying import LineOf, Replay, is_stored_later
from domain.doctor.about import elsewhere
from domain.doctor.history import as_known
from domain.rules.result import Line, line_for, result_of, with_trace
from domain.rules.sets.rule_set import RuleSet
from domain.store import LoggedFact, LogHead, Store
from domain.values.patience import ask
from domain.values.refusals.refusal import refused
from domain.values.streams import track_id

ROOM: Final = 50_000
"""How much is cached: a fact weighs one, about 1.1 KB with all that was computed from it, and a line ten more."""
_LINE: Final = 10


class Under(NamedTuple):
    """What a line follows from besides its doctor: where, under which rules, and as known at which moment."""

    municipality: str
    rules: tuple[str, str, str]
    rulings: tuple[str, ...]
    known_at: datetime | None


class DoctorPart(NamedTuple):
    """What a doctor adds to a result: a line, unless no post was held there, and what was stored later."""

    line: Line | None
    later: tuple[LoggedFact, ...]
    elsewhere: frozenset[str]
    """The ids of the facts that are other municipalities'."""
    room: int
    """How much it weighs in the cache."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about what is stored, with the head of the log of every doctor that it concerns."""

    under: Under
    rules: RuleSet
    hpr: str | None
    heads: tuple[LogHead, ...]

    @property
    def question(self) -> Hashable:
        """What is asked; together with the heads it decides the answer."""
        return self.under, self.hpr


class Calculating:
    """Computes from the log and caches lines; one for the whole process."""

    def __init__(self, store: Store, remembered: int = ROOM) -> None:
        self._store = store
        self._parts: Recent[DoctorPart] = Recent(remembered, attrgetter("room"))

    @property
    def remembered(self) -> int:
        """How much the cached lines weigh."""
        return self._parts.weighs

    def municipality(self, code: str, rules: RuleSet, known_at: datetime | None) -> Question:
        """Ask for the result of a municipality; raises `Refused` (unknown-municipality)."""
        rules = rules.as_known(known_at)
        under = _under(code, rules, known_at)
        codes = rules.municipalities.codes_of(under.municipality)
        return Question(under, rules, None, tuple(self._store.heads(codes)))

    def line(self, of: LineOf, rules: RuleSet, known_at: datetime | None) -> Question:
        """Ask for the result with one doctor's line alone; raises `Refused` (unknown-municipality)."""
        rules = rules.as_known(known_at)
        under = _under(of.municipality, rules, known_at)
        codes = rules.municipalities.codes_of(under.municipality)
        return Question(under, rules, of.hpr, tuple(self._store.heads(codes, track_id(of.hpr))))

    def replay(self, asked: Question, *, traced: bool) -> Replay:
        """The result; raises `Refused` (no-line) where one line is asked for and there is none."""
        where, rules, known_at = asked.under.municipality, asked.rules, asked.under.known_at
        found = [part for part in self._all(asked) if part.line]
        if asked.hpr is not None and not found:
            raise refused("no-line", hpr=asked.hpr, round=rules.round.id)
        lines = (part.line for part in found if part.line)
        logged = (with_trace(line, where, rules) if traced else line for line in lines)
        later = tuple(each for part in found for each in part.later)
        hidden = {part.line.hpr: part.elsewhere for part in found if part.line}
        return Replay(result_of(where, rules, known_at, logged), later, hidden=hidden)

    def _all(self, asked: Question) -> list[DoctorPart]:
        """What each doctor adds, in the order of the heads; what is not cached is read in one question."""
        known = {head: self._parts.get((head.doctor, asked.under), head) for head in asked.heads}
        missing = [head for head, part in known.items() if part is None]
        made = dict(zip(missing, self._made(missing, asked), strict=True))
        return [part or made[head] for head, part in known.items()]

    def _made(self, heads: Sequence[LogHead], asked: Question) -> Iterator[DoctorPart]:
        logged = groupby(self._store.facts_at(heads), key=attrgetter("doctor")) if heads else ()
        for head, (_, events) in zip(heads, logged, strict=True):
            ask()
            yield self._parts.keep((head.doctor, asked.under), head, _part(list(events), asked))


def _under(code: str, rules: RuleSet, known_at: datetime | None) -> Under:
    named, rulings = (rules.id, rules.status, rules.digest), tuple(each.id for each in rules.rulings)
    return Under(rules.municipalities.current(code), named, rulings, known_at)


def _part(logged: Sequence[LoggedFact], asked: Question) -> DoctorPart:
    where, known_at = asked.under.municipality, asked.under.known_at
    facts = [each.fact for each in logged]
    line = line_for(facts[0].hpr, as_known(facts, known_at), where, asked.rules)
    later = tuple(each for each in logged if is_stored_later(each, known_at))
    hidden = elsewhere(facts, asked.rules.municipalities.codes_of(where)) if line else frozenset()
    return DoctorPart(line, later, hidden, _LINE + len(logged))
