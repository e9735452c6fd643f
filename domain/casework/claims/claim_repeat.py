"""Every decision of a claim computed again from exactly what its assessment rests on, and compared byte for byte.

Facts and rule sets that came later change nothing: what is read ends at the position and the versions that the
assessment names, and the rule set is found by its digest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from domain.casework.claims.claim_basis import compute_of, told_of
from domain.casework.commands.book import Book
from domain.claim.lines.assessing import Computed, ReadUpTo
from domain.claim.steps.gaps import Gap, first_gap
from domain.claim.stream.events import ClaimAssessed, ClaimEvent, DecisionApproved
from domain.claim.stream.numbering import Decision, NumberName, decisions_in
from domain.claim.stream.state import GrantClaim, claim_of, limits_in
from domain.rules.sets.rule_set import digest_of_plain, plain_bytes
from domain.store import LoggedFact, Recorded, Store


@dataclass(frozen=True, slots=True)
class RepeatedDecision:
    """A decision and what it comes to when repeated; `difference` is the first place where these are not the same.

    `decided` and `repeated` are what stands in that place.
    """

    number: NumberName
    assessment: NumberName
    engine_version: str
    difference: str | None
    decided: Any
    repeated: Any
    result: Mapping[str, Any]

    def of_line(self, hpr: str) -> "RepeatedDecision":
        """The decision as the doctor of a line is told it: whether it came out alike, and the line."""
        lines = [line for line in self.result.get("lines", ()) if line["hpr"] == hpr]
        place = None if self.difference is None else "$"
        return replace(self, difference=place, decided=None, repeated=None, result={**self.result, "lines": lines})

    def as_json(self) -> dict[str, Any]:
        """As contract.md section 2 writes it."""
        differs = {} if self.difference is None else {"decided": self.decided, "repeated": self.repeated}
        return {
            "decision": self.number,
            "assessment": self.assessment,
            "engine_version": self.engine_version,
            "identical": self.difference is None,
            "first_difference": self.difference,
            **differs,
            "result": self.result,
        }


@dataclass(frozen=True, slots=True)
class Repeated:
    """All decisions of a claim, repeated."""

    claim: str
    decisions: tuple[RepeatedDecision, ...]
    gap: Gap | None = None
    """Where something is missing among the claim's own events, such as a decision or a payment."""

    @property
    def identical(self) -> bool:
        """Whether nothing is missing, and every decision came out as it was made."""
        return self.gap is None and all(each.difference is None for each in self.decisions)

    def of_line(self, hpr: str) -> "Repeated":
        """The decisions as the doctor of a line is told them."""
        return replace(self, decisions=tuple(each.of_line(hpr) for each in self.decisions), gap=None)

    def as_json(self) -> dict[str, Any]:
        """As contract.md section 2 writes it."""
        return {
            "claim": self.claim,
            "identical": self.identical,
            **({"missing": asdict(self.gap)} if self.gap else {}),
            "decisions": [each.as_json() for each in self.decisions],
        }


def repeat(store: Store, book: Book, name: str, recorded: Sequence[Recorded]) -> Repeated:
    """Repeat every approved decision of a claim."""
    events = [each.event for each in recorded if isinstance(each.event, ClaimEvent)]
    decisions = []
    for decision in decisions_in(events):
        if not isinstance(decision.settled, DecisionApproved):
            continue
        assessed = decision.assessed
        again = _computed_again(store, book, claim_of(events[: assessed.rests_on.claim_version]), assessed)
        if again is None:
            decisions.append(_without_rules(decision))
            continue
        then = _shown(assessed.rests_on, assessed.lines) | {"total": decision.settled.total}
        now = _as_then(again, assessed.rests_on.engine_version) | {"total": decision.total}
        decisions.append(_compared(decision, then, now))
    return Repeated(name, tuple(decisions), first_gap(events))


def _computed_again(store: Store, book: Book, claim: GrantClaim, assessed: ClaimAssessed) -> Computed | None:
    """The claim computed under the same rules from the same versions; None if the book lacks the rules."""
    on = assessed.rests_on
    rules = next((each for each in book.current().published.values() if each.digest == on.rule_set_digest), None)
    if rules is None:
        return None
    logged = [each for each in told_of(store, claim.lines, on.position) if _was_read(each, on.streams)]
    read = ReadUpTo(on.position, on.claim_version, on.rule_book_version)
    return compute_of(logged, claim.municipality, limits_in(claim, type(assessed)), rules, read)


def _without_rules(decision: Decision) -> RepeatedDecision:
    """The book does not have the rules that a decision rests on: nothing can be computed."""
    on = decision.assessed.rests_on
    place, digest = "$.rule_set_digest", on.rule_set_digest
    return RepeatedDecision(decision.name, decision.assessment, on.engine_version, place, digest, None, {})


def _compared(decision: Decision, then: Mapping[str, Any], now: Mapping[str, Any]) -> RepeatedDecision:
    where, decided, repeated = first_difference(then, now) or (None, None, None)
    engine = then["engine_version"]
    return RepeatedDecision(decision.name, decision.assessment, engine, where, decided, repeated, now["result"])


def _was_read(each: LoggedFact, streams: Mapping[str, int]) -> bool:
    return each.version <= streams.get(str(each.stream), 0)


def _as_then(again: Computed, engine_version: str) -> dict[str, Any]:
    """What was computed now, under the name of the engine that decided: only the result is compared."""
    result = {**again.rests_on.result, "engine_version": engine_version}
    rests_on = again.rests_on.model_copy(
        update={"engine_version": engine_version, "result": result, "result_digest": digest_of_plain(result)}
    )
    return _shown(rests_on, again.lines)


def _shown(rests_on: Any, lines: Any) -> dict[str, Any]:  # noqa: ANN401 - models
    return {**rests_on.model_dump(mode="json"), "lines": [line.model_dump(mode="json") for line in lines]}


def first_difference(one: Any, other: Any) -> tuple[str, Any, Any] | None:  # noqa: ANN401 - JSON
    """The first place, as a JSON path, where two JSON values are not the same byte for byte; None where they are."""
    if plain_bytes(one) == plain_bytes(other):
        return None
    return next(_differences(one, other, "$"))


def _differences(one: Any, other: Any, path: str) -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401 - JSON
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            place = f"{path}.{name}" if name.isidentifier() else f"{path}['{name}']"
            if name not in one or name not in other:
                yield place, one.get(name), other.get(name)
            else:
                yield from _differences(one[name], other[name], place)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for n, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            yield from _differences(mine, theirs, f"{path}[{n}]")
    elif plain_bytes(one) != plain_bytes(other):
        yield path, one, other
