"""Results computed from the log: what one is, and those of a whole round."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, NotRequired

from domain.casework.claims.claim_loading import claims_of_round
from domain.claim.lines.checking import Checked, check
from domain.claim.stream.state import GrantClaim
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Doctor, as_known
from domain.rules.compare.impact.impact import Impact, impact
from domain.rules.compare.impact.remarks import Compared
from domain.rules.hiding import line_as_told
from domain.rules.result import MonthsShape, Result, ResultShape, calculate, calculate_round, moment_text
from domain.rules.sets.rule_set import RuleSet
from domain.store import LoggedFact, Store
from domain.values.fields import RegisteredHpr, RegisteredId, Shape


class LineOf(NamedTuple):
    """Whose line it is: a municipality's, for a doctor."""

    municipality: str
    hpr: str


class StoredLater(Shape):
    """A fact that was known at the moment asked about, but was stored after it."""

    hpr: RegisteredHpr
    fact: RegisteredId
    recorded_at: datetime
    stored_at: datetime


class Months(MonthsShape):
    """The months of a round, one line for each doctor who held a post in the municipality.

    `municipality` is the code of today. `known_before_stored_after` is there when `known_at` was given.
    """

    known_before_stored_after: NotRequired[list[StoredLater]]


class Calculation(ResultShape):
    """The grant of a municipality in a round, in whole kroner.

    `municipality` is the code of today. `complete` is false where a line has no amount, and `total` sums the rest.
    `known_before_stored_after` is there when `known_at` was given. `assumptions` are the choices that decide any line.
    """

    known_before_stored_after: NotRequired[list[StoredLater]]


@dataclass(frozen=True, slots=True)
class Replay:
    """A result computed from the log, with the facts known at the moment but stored after it.

    `decision` is what was decided on the claim, checked against the result; it is asked for whole rounds alone.
    """

    result: Result
    stored_later: tuple[LoggedFact, ...]
    decision: Checked | None = None
    hidden: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By doctor, the ids of the facts that are other municipalities'."""

    def as_json(self, *, assumptions: bool = False, whole: bool = True) -> dict[str, Any]:
        """The result of contract.md section 3, and where a moment is given, what was stored later.

        With `assumptions` also the choices that decide the amount; where it was checked, the decision in force. Unless
        `whole`, as the municipality is told it.
        """
        decided = {} if self.decision is None else {"decision": self.decision.as_json()}
        found = self.result.as_json(assumptions=assumptions)
        if not whole:
            found["lines"] = [line_as_told(line, self.hidden.get(line["hpr"], ())) for line in found["lines"]]
        return {**found, **self._later(whole=whole), **decided}

    def months_as_json(self, *, whole: bool = True) -> dict[str, Any]:
        """The months alone, and where a moment is given, what was stored later."""
        return {**self.result.months_as_json(), **self._later(whole=whole)}

    def _later(self, *, whole: bool) -> dict[str, Any]:
        if self.result.known_at is None:
            return {}
        later = (each for each in self.stored_later if whole or not self._is_hidden(each.fact))
        return {"known_before_stored_after": later_as_json(later)}

    def _is_hidden(self, fact: Fact) -> bool:
        return fact.id in self.hidden.get(fact.hpr, ())


def replay_round(store: Store, rules: RuleSet, known_at: datetime | None, *, traced: bool) -> list[Replay]:
    """The results of all municipalities with a line in the round, each checked against its decision.

    The log of doctors is read once, at one moment, and after the claims, so that it holds all that they rest on. A
    municipality whose claim is decided has a result also where no line is left.
    """
    later: list[LoggedFact] = []
    logged = _noting(store.facts_of_all(), known_at, later)
    decided = {
        claim.municipality: claim for claim in claims_of_round(store, rules, known_at) if claim.decided is not None
    }
    found = calculate_round(_doctors(logged, known_at), rules, known_at, traced=traced)
    results = {result.municipality: result for result in found}
    for where in decided.keys() - results.keys():
        results[where] = calculate((), where, rules, known_at)
    return [_checked(_replay(results[where], later), decided.get(where)) for where in sorted(results)]


def impact_on_round(store: Store, compared: Compared) -> Impact:
    """What a rule set would do to every line of a round; the log is read once, at one moment."""
    return impact(_doctors(store.facts_of_all(), None), compared)


def _doctors(logged: Iterable[LoggedFact], known_at: datetime | None) -> Iterator[tuple[str, Doctor]]:
    """The doctors of events that stand together doctor by doctor, as known at a moment."""
    for _, events in groupby(logged, key=attrgetter("doctor")):
        facts: list[Fact] = [each.fact for each in events]
        yield facts[0].hpr, as_known(facts, known_at)


def _noting(logged: Iterable[LoggedFact], known_at: datetime | None, later: list[LoggedFact]) -> Iterator[LoggedFact]:
    """The same events, with those that were stored later noted on the way."""
    for each in logged:
        if is_stored_later(each, known_at):
            later.append(each)
        yield each


def later_as_json(later: Iterable[LoggedFact]) -> list[dict[str, Any]]:
    """Facts that were known at a moment but stored after it, each with both moments."""
    return [
        {
            "hpr": each.fact.hpr,
            "fact": each.fact.id,
            "recorded_at": moment_text(each.fact.recorded_at),
            "stored_at": moment_text(each.stored_at),
        }
        for each in later
    ]


def is_stored_later(each: LoggedFact, moment: datetime | None) -> bool:
    """Whether something was known at a moment, but stored after it."""
    return moment is not None and each.fact.recorded_at <= moment < each.stored_at


def _checked(replay: Replay, claim: GrantClaim | None) -> Replay:
    return replay if claim is None else replace(replay, decision=check(claim, replay.result))


def _replay(result: Result, later: Iterable[LoggedFact]) -> Replay:
    """A result with what was stored later of its doctors."""
    doctors = {line.hpr for line in result.lines}
    return Replay(result, tuple(each for each in later if each.fact.hpr in doctors))
