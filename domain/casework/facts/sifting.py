"""What of a file is new: bounds are asked of nothing that is stored already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.casework.facts.stored_facts import StoredFacts
from domain.doctor.facts.fact import Fact
from domain.doctor.intake.intake import BeyondBounds, Placed
from domain.store import LoggedFact, Store
from domain.values.refusals.refusal import Problem, refused
from domain.values.streams import track_id

AHEAD: Final = timedelta(minutes=5)
"""The clocks of two systems differ by less; what became known later than this has not become known yet."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact of a file, where it stands, and what is wrong with it unless it is stored already."""

    place: int
    fact: Fact
    wrong: list[Problem] = field(default_factory=list)


def candidates(read: tuple[Sequence[Placed], Sequence[Problem]]) -> tuple[dict[str, list[Candidate]], list[Problem]]:
    """The facts of a file by doctor, and what is wrong no matter what is stored."""
    placed, problems = read
    by_place = {place: Candidate(place, fact) for place, fact in placed}
    certain: list[Problem] = []
    for each in problems:
        if isinstance(each, BeyondBounds) and each.place is not None:
            by_place.setdefault(each.place, Candidate(each.place, each.read)).wrong.append(each)
        else:
            certain.append(each)
    by_doctor: dict[str, list[Candidate]] = defaultdict(list)
    for _, candidate in sorted(by_place.items()):
        by_doctor[candidate.fact.hpr].append(candidate)
    return dict(by_doctor), certain


def by_doctor_of(store: Store, hprs: Iterable[str]) -> Mapping[UUID, Sequence[LoggedFact]]:
    """What is stored of some doctors."""
    found: dict[UUID, list[LoggedFact]] = defaultdict(list)
    for each in store.facts_of([track_id(hpr) for hpr in hprs]):
        found[each.doctor].append(each)
    return found


def sift(
    before: StoredFacts, doctor: Iterable[Candidate], now: datetime
) -> tuple[list[tuple[int | None, Fact]], list[Problem]]:
    """The facts of a doctor that are new, and what is wrong with any of them."""
    new: list[tuple[int | None, Fact]] = []
    problems: list[Problem] = []
    for each in doctor:
        if before.holds(each.fact):
            continue
        if each.fact.recorded_at > now + AHEAD:
            problems.append(Problem(each.place, each.fact.id, refused("recorded-too-late")))
        elif not each.wrong:
            new.append((each.place, before.as_spelt(each.fact)))
        problems += each.wrong
    return new, problems
