"""Previews: what facts would change, checked as if they were recorded, with nothing stored.

The decisions are those of `recording` and `importing`, so a preview is refused exactly where the registration would be.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from domain.casework.access.sight import EVERYTHING, Sight
from domain.casework.claims.claims import StoredClaims
from domain.casework.commands.book import Book
from domain.casework.facts.cases import case_of
from domain.casework.facts.recording import new_in
from domain.casework.facts.seeing import seen_by
from domain.casework.facts.shown import has_to_do_with
from domain.casework.facts.sifting import by_doctor_of, candidates, sift
from domain.casework.facts.stored_facts import StoredFacts
from domain.claim.lines.touched import ClaimTouched, ClaimTouchedShape, touched
from domain.claim.parts.name import name_of
from domain.doctor.about import Places
from domain.doctor.facts.fact import Fact
from domain.doctor.history import Doctor, History, Reference, as_known, history_of, known
from domain.doctor.intake.intake import Placed
from domain.doctor.judging import judge
from domain.rules.compare.changes import LineChange, LineChangeShape, changes
from domain.rules.sets.rule_set import RuleSet
from domain.rules.switch.answer import BestSwitch, best_switch
from domain.rules.switch.computing import Place, Switching
from domain.rules.switch.planned import PlannedSwitch, possible_days
from domain.rules.switch.rounds import rules_of_switch
from domain.store import Store
from domain.values.fields import Shape
from domain.values.refusals.refusal import Problem, Rejected, refused
from domain.values.streams import track_id

Judged = tuple[str, Sequence[Fact], Sequence[Fact]]
"""A doctor's number, the facts that are stored, and the new ones that would be."""


class PreviewShape(Shape):
    """What facts would change. Nothing is stored."""

    facts: Annotated[int, Field(description="How many facts were sent.")]
    would_store: Annotated[int, Field(description="How many of them are new.")]
    already_stored: Annotated[int, Field(description="How many of them are known already.")]
    doctors: int
    changes: Annotated[
        list[LineChangeShape], Field(description="Every line that would differ, by round and municipality.")
    ]
    claims: Annotated[list[ClaimTouchedShape], Field(description="The claims that these lines stand in.")]


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

    def seen_from(self, here: Places) -> "Preview":
        """What one municipality sees, by all its codes: its own lines and claims alone."""
        changes = (each for each in self.changes if each.municipality in here)
        claims = (each for each in self.claims if each.claim.municipality in here)
        return replace(self, changes=tuple(changes), claims=tuple(claims))


class Previewing:
    """Asks what facts would change; it only reads."""

    def __init__(self, store: Store, book: Book, claims: StoredClaims, reference: Reference) -> None:
        self._claims = claims
        self._store = store
        self._book = book
        self._reference = reference

    def of_fact(self, fact: Fact, sight: Sight = EVERYTHING) -> Preview:
        """What recording a fact now would change, as far as somebody sees.

        Raises `Refused` as the recording would, but for the reason that it asks for. To a municipality that has nothing
        to do with the doctor it tells what it would tell of one who is not registered.
        """
        case = case_of(self._store.facts_concerning(track_id(fact.hpr), sight.words))
        case = case if has_to_do_with(case.history, sight.places) else case_of(())
        new = new_in(case, fact, self._reference, sight)
        found = self._preview(1, [(fact.hpr, case.facts, new)])
        return found if sight.places is None else found.seen_from(sight.places)

    def of_file(self, read: tuple[Sequence[Placed], Sequence[Problem]], now: datetime) -> Preview:
        """What importing a file would change; raises `Rejected` with every problem, as the import would."""
        by_doctor, found = candidates(read)
        stored = by_doctor_of(self._store, by_doctor)
        judged: list[Judged] = []
        for hpr, facts in by_doctor.items():
            logged = stored.get(track_id(hpr), ())
            before = [each.fact for each in logged]
            fresh, wrong = sift(StoredFacts.of(logged), facts, now)
            new, more = judge(before, fresh, self._reference)
            found += [*wrong, *more]
            judged.append((hpr, before, new))
        if found:
            raise Rejected(found)
        return self._preview(sum(map(len, by_doctor.values())), judged)

    def of_switch(
        self, hpr: str, plan: PlannedSwitch, known_at: datetime | None, sight: Sight = EVERYTHING
    ) -> BestSwitch:
        """Which days of a planned switch lose the fewest months, as far as somebody sees.

        Who does not see the post that is left asks of the new one alone; a municipality that has nothing to do with the
        doctor asks of one who is not registered. Raises `Refused` (unknown-position, unknown-municipality,
        before-all-rules), and as `possible_days` does.
        """
        self._reference.check_municipality(plan.new.municipality)
        history, seen = self._histories(hpr, known_at, sight)
        left = None if plan.position is None else seen.doctor.track.positions.get(plan.position)
        if left is None and plan.position is not None:
            raise refused("unknown-position", name=plan.position)
        days = possible_days(plan, left)
        begins, ends = plan.last_days.first_day, plan.first_days.last_day
        rules = rules_of_switch(self._book.current().all_in_force(), left, begins, ends)
        codes = (*([left.municipality] if left else []), plan.new.municipality)
        own = [
            Place(code, history.doctor, is_own=True)
            for code in dict.fromkeys(map(rules[-1].rules.municipalities.current, codes))
        ]
        places = tuple(_as_seen(each, sight.places, seen.doctor) for each in own)
        return best_switch(Switching(hpr, plan, places, rules), days, known_at)

    def _histories(self, hpr: str, known_at: datetime | None, sight: Sight) -> tuple[History, History]:
        """What is known of a doctor as far as it concerns whoever asks, and what of it they see."""
        here = sight.places
        told = [each.fact for each in self._store.facts_concerning(track_id(hpr), sight.words)]
        history = history_of(known(told, known_at) if has_to_do_with(history_of(told), here) else ())
        return history, history if here is None else seen_by(history, here)

    def _preview(self, facts: int, judged: Sequence[Judged]) -> Preview:
        rule_sets = self._book.current().all_in_force()
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


def _as_seen(place: Place, here: Places | None, seen: Doctor) -> Place:
    """A municipality of a switch to somebody who sees others: of another one they see what is no other's."""
    return place if here is None or place.code in here else Place(place.code, seen, is_own=False)


def _in_order(change: LineChange) -> tuple[object, ...]:
    return change.rules.round.first_day, change.municipality, int(change.hpr), change.hpr
