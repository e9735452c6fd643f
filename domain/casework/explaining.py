"""The explained difference between two calculations of what is stored, and of what is only supposed.

Each side is at a moment, under a rule set, and may suppose some more facts. It is read in one transaction that can
change nothing, so nothing that is supposed can come to be stored.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from domain.casework.access.sight import Sight
from domain.casework.facts.seeing import seen_by
from domain.casework.replaying import is_stored_later, later_as_json
from domain.doctor.about import elsewhere
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Reference, history_of, in_order, known
from domain.doctor.intake.intake import Placed
from domain.doctor.judging import judge
from domain.rules.compare.explain import Difference, Side, explained
from domain.rules.sets.rule_set import RuleSet
from domain.store import LoggedFact, Store
from domain.values.fields import Moment
from domain.values.refusals.refusal import Problem, Refused, Rejected, refused
from domain.values.streams import track_id

_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(Moment)
_NOW: Final = "now"


@dataclass(frozen=True, slots=True)
class AskedSide:
    """One side as it is asked for: a moment (None: now), a rule set by id or file, a file of supposed facts."""

    known_at: datetime | None = None
    rules: str | None = None
    facts: str | None = None


@dataclass(frozen=True, slots=True)
class WantedSide:
    """One side ready to compute: what was known at a moment (None: now), the rules, and facts that are supposed."""

    rules: RuleSet
    known_at: datetime | None = None
    supposed: Sequence[Placed] = ()


class SideRejected(Rejected):
    """What a side supposes cannot be so; `side` is 0 for the side explained from, 1 for that to."""

    def __init__(self, side: int, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.side = side


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explained difference, with what each side had known at its moment but was stored after it."""

    difference: Difference
    stored_later: tuple[tuple[LoggedFact, ...], tuple[LoggedFact, ...]]
    hidden: Mapping[str, Collection[str]]
    """By doctor, the ids of the facts that are other municipalities'."""

    def as_json(self, *, whole: bool = False) -> dict[str, Any]:
        """The difference, whole or as one municipality sees it; a side with a moment lists what was stored later."""
        found = self.difference.as_json(whole=whole)
        for name, side, later in zip(("from", "to"), self.difference.sides, self.stored_later, strict=True):
            if side.known_at is not None:
                seen = (each for each in later if whole or each.fact.id not in self.hidden[each.fact.hpr])
                found[name]["known_before_stored_after"] = later_as_json(seen)
        return found


def asked_side(text: str, now: datetime) -> AskedSide:
    """A side as it is written: `2026-03-01T00:00:00Z,rules:ID,facts:FILE`, each part once and none needed but one.

    Raises `Refused` (bad-side), also for a moment later than `now`.
    """
    found: dict[str, Any] = {}
    for part in text.split(","):
        name, value = _part(part, text)
        if name in found:
            raise _bad_side(text, f"«{part}» kommer etter noe annet av samme slag")
        found[name] = value
    side = AskedSide(**found)
    if side.known_at is not None and side.known_at > now:
        raise _bad_side(text, "tidspunktet er ikke kommet ennå")
    return side


def _part(part: str, text: str) -> tuple[str, Any]:
    kind, colon, name = part.partition(":")
    if colon and kind in {"rules", "facts"}:
        if not name:
            raise _bad_side(text, f"det mangler noe etter «{part}»")
        return kind, name
    try:
        return "known_at", None if part == _NOW else _MOMENT.validate_python(part)
    except ValidationError:
        raise _bad_side(text, f"«{part}» er verken now, et tidspunkt med tidssone, rules: eller facts:") from None


def _bad_side(text: str, because: str) -> Refused:
    return refused("bad-side", side=text, because=because)


def explain_stored(
    store: Store, reference: Reference, municipality: str, sides: tuple[WantedSide, WantedSide], sight: Sight
) -> Explanation:
    """The difference between two calculations of a municipality and round, of the doctors who somebody sees there.

    A doctor who is not seen is as one of whom nothing is stored.

    Raises `Refused` (unknown-municipality, wrong-round, too-much-to-explain), or `SideRejected` with what is wrong
    with the supposed facts.
    """
    lists = [each.rules.municipalities for each in sides]
    codes = {code for each in lists for code in each.codes_of(each.current(municipality))}
    doctors = {fact.hpr for each in sides for _, fact in each.supposed} if sight.whole else {sight.doctor} - {None}
    logged = store.facts_of_these([track_id(str(hpr)) for hpr in doctors], () if sight.doctor else sorted(codes))
    stored, judging = _by_doctor(logged), Judging(reference, sight)
    before, after = (_side(number, stored, each, judging) for number, each in enumerate(sides))
    found = explained(municipality, before, after)
    lines = found.lines[1].keys()
    of_before, of_after = (
        tuple(one for one in logged if one.fact.hpr in lines and is_stored_later(one, each.known_at)) for each in sides
    )
    hidden = {hpr: elsewhere(facts, codes) for hpr, facts in stored.items()}
    return Explanation(found, (of_before, of_after), hidden)


def _by_doctor(logged: Sequence[LoggedFact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for each in logged:
        found[each.fact.hpr].append(each.fact)
    return found


@dataclass(frozen=True, slots=True)
class Judging:
    """How supposed facts are checked: against what somebody sees, so that no problem tells of anything else."""

    reference: Reference
    sight: Sight

    def of(self, known: Sequence[Fact], new: Sequence[tuple[int | None, Fact]]) -> tuple[list[Fact], list[Problem]]:
        """The supposed facts of a doctor that are accepted, and what is wrong with the others."""
        accepted, problems = judge(known, new, self.reference)
        if not problems or self.sight.doctor is not None or self.sight.places is None:
            return accepted, problems
        seen = [*seen_by(history_of(known), self.sight.places).recorded.values()]
        _, told = judge(seen, new, self.reference)
        return accepted, told or [Problem(each.place, each.fact, refused("built-on-elsewhere")) for each in problems]


def _side(number: int, stored: Mapping[str, Sequence[Fact]], wanted: WantedSide, judging: Judging) -> Side:
    """What was known at the moment, and what is supposed besides; raises `SideRejected`."""
    facts = {hpr: known(each, wanted.known_at) for hpr, each in stored.items()}
    supposed: dict[str, list[tuple[int | None, Fact]]] = defaultdict(list)
    for place, fact in wanted.supposed:
        supposed[fact.hpr].append((place, fact))
    problems: list[Problem] = []
    new: list[Fact] = []
    for hpr, more in supposed.items():
        accepted, found = judging.of(facts.get(hpr, []), more)
        facts[hpr] = in_order([*facts.get(hpr, []), *accepted])
        problems += found
        new += accepted
    if problems:
        raise SideRejected(number, sorted(problems, key=lambda problem: problem.place or 0))
    return Side(facts, wanted.rules, wanted.known_at, frozenset((fact.hpr, fact.id) for fact in new))
