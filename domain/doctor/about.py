"""Which municipalities a fact is about: those whose posts, agreements, guidance, costs or supervisors it concerns."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from domain.doctor.facts.fact import Fact
from domain.doctor.facts.supervision import SupervisorAssigned, SupervisorReplaced
from domain.values.places import municipality_of

Places = frozenset[str]


def places_of(facts: Iterable[Fact]) -> dict[str, Places]:
    """By the id of each fact of a doctor, in order; none where it is about the doctor alone."""
    things: dict[tuple[str, str], set[str]] = defaultdict(set)
    found: dict[str, Places] = {}
    for fact in facts:
        _remember(things, fact)
        about = (
            things.get((kind, str(fact.__dict__.get(kind))), ())
            for kind in ("position", "agreement", "supervisor", "session")
        )
        codes = frozenset((*fact.municipalities(), *(code for some in about for code in some)))
        found[fact.id] = codes or found.get(str(fact.__dict__.get("corrects")), codes)
    return found


def is_elsewhere(fact: Fact, about: Places, here: Collection[str]) -> bool:
    """Whether a fact is another municipality's than this (by all its codes): recorded by it, or about what it has."""
    recorder = municipality_of(fact.recorded_by)
    return recorder not in here if recorder is not None else bool(about) and about.isdisjoint(here)


def elsewhere(facts: Sequence[Fact], here: Collection[str]) -> frozenset[str]:
    """The ids of the facts of a doctor that are other municipalities' than this one's."""
    places = places_of(facts)
    return frozenset(fact.id for fact in facts if is_elsewhere(fact, places[fact.id], here))


def _remember(things: dict[tuple[str, str], set[str]], fact: Fact) -> None:
    """Remember the municipalities of what a fact brings, for later facts about the same thing."""
    for thing in fact.names():
        things[thing].update(fact.municipalities())
    match fact:
        case SupervisorAssigned(municipality=str(code)):
            things["supervisor", fact.supervisor].add(code)
        case SupervisorReplaced():
            things["supervisor", fact.replaced_by] |= things["supervisor", fact.supervisor]
