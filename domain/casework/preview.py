"""Previews: what facts would change, checked as if they were recorded, with nothing stored.

The decisions are those of `recording` and `importing`, so a preview is refused exactly where the registration would be.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.casework.book import Book
from domain.casework.cases import case_of
from domain.casework.claims import Claims
from domain.casework.recording import is_new
from domain.casework.store import Store, Told
from domain.claim.name import name_of
from domain.claim.touched import ClaimTouched, touched
from domain.errors import Problem, Rejected
from domain.facts import Fact
from domain.history import Doctor, Reference, as_known, judge
from domain.intake import Placed
from domain.rulebook import RuleBook
from domain.rules.changes import LineChange, changes
from domain.rules.rule_set import RuleSet
from domain.streams import track_id

Judged = tuple[str, Sequence[Fact], Sequence[Fact]]
"""A doctor's number, the facts that are stored, and the new ones that would be."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What facts would change: every line, in each municipality and round, that would be another, and every claim."""

    facts: int
    new: int
    doctors: int
    changes: tuple[LineChange, ...]
    claims: tuple[ClaimTouched, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The counts, and the lines before and after."""
        return {
            "facts": self.facts,
            "would_store": self.new,
            "already_stored": self.facts - self.new,
            "doctors": self.doctors,
            "changes": [change.as_json() for change in self.changes],
            "claims": [touched.as_json() for touched in self.claims],
        }

    def seen_from(self, municipality: str) -> "Preview":
        """What one municipality sees: its own lines and claims, whatever else the facts would change."""
        changes = (each for each in self.changes if municipality in _codes(each))
        claims = (each for each in self.claims if each.claim.municipality == municipality)
        return replace(self, changes=tuple(changes), claims=tuple(claims))


class Previewing:
    """Asks what facts would change; it only reads."""

    def __init__(self, store: Store, book: Book, claims: Claims, reference: Reference) -> None:
        self._claims = claims
        self._store = store
        self._book = book
        self._reference = reference

    def of_fact(self, fact: Fact) -> Preview:
        """What recording a fact now would change; raises `Refused` as the recording would.

        A fact that is known but for the moment, which is ours to state, is known.
        """
        case = case_of(self._store.told([track_id(fact.hpr)]))
        known = case.history.recorded.get(fact.id)
        told = fact if known is None else fact.model_copy(update={"recorded_at": known.recorded_at})
        new = [told] if is_new(case, told, self._reference) else []
        return self._preview(1, [(fact.hpr, case.facts, new)])

    def of_file(self, read: tuple[Sequence[Placed], Sequence[Problem]]) -> Preview:
        """What importing a file would change; raises `Rejected` with every problem, as the import would."""
        placed, problems = read
        by_doctor: dict[str, list[tuple[int | None, Fact]]] = defaultdict(list)
        for place, fact in placed:
            by_doctor[fact.hpr].append((place, fact))
        stored = self._stored(by_doctor)
        judged: list[Judged] = []
        found = list(problems)
        for hpr, facts in by_doctor.items():
            before = [each.fact for each in stored.get(track_id(hpr), ())]
            new, wrong = judge(before, facts, self._reference)
            found.extend(wrong)
            judged.append((hpr, before, new))
        if found:
            raise Rejected(sorted(found, key=lambda problem: problem.place or 0))
        return self._preview(len(placed), judged)

    def _stored(self, doctors: Iterable[str]) -> Mapping[UUID, Sequence[Told]]:
        by_doctor: dict[UUID, list[Told]] = defaultdict(list)
        for each in self._store.told([track_id(hpr) for hpr in doctors]):
            by_doctor[each.doctor].append(each)
        return by_doctor

    def _preview(self, facts: int, judged: Sequence[Judged]) -> Preview:
        rule_sets = _in_force(self._book.current())
        changes, claims = list[LineChange](), list[ClaimTouched]()
        for hpr, stored, new in judged:
            before, after = (as_known(stored), as_known([*stored, *new]))
            for change in changes_of(hpr, before, after, rule_sets) if new else ():
                changes.append(change)
                claims.extend(self._touched(change, before, after))
        count = sum(len(new) for _, _, new in judged)
        return Preview(facts, count, len(judged), tuple(sorted(changes, key=_in_order)), tuple(claims))

    def _touched(self, change: LineChange, before: Doctor, after: Doctor) -> Iterator[ClaimTouched]:
        """The claim in which a line that changes stands."""
        events = self._claims.known_events(name_of(change.municipality, change.rules.round.id))
        found = touched(events, change, before, after)
        if found is not None:
            yield found


def changes_of(hpr: str, before: Doctor, after: Doctor, rule_sets: Iterable[RuleSet]) -> Iterator[LineChange]:
    """The lines of a doctor that would be others, in every round."""
    for rules in rule_sets:
        yield from changes(hpr, before, after, rules)


def _codes(change: LineChange) -> Collection[str]:
    return change.rules.municipalities.codes_of(change.municipality)


def _in_force(book: RuleBook) -> list[RuleSet]:
    """The rule set in force for each round."""
    return [book.of_round(round_id) for round_id in {rules.round.id: None for rules in book.published.values()}]


def _in_order(change: LineChange) -> tuple[object, ...]:
    return change.rules.round.first_day, change.municipality, int(change.hpr), change.hpr
