"""How far somebody sees in an operation."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from domain.casework.access.table import OPERATIONS, Width, roles_of
from domain.casework.commands.commands import Actor
from domain.doctor.about import Places, places_of
from domain.doctor.facts.fact import Fact
from domain.rulebook.release import release_reference
from domain.values.places import number_of
from domain.values.refusals.refusal import refused


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees: one municipality by all its codes (None: all of them), or the doctor who asks."""

    places: Places | None = None
    doctor: str | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is hidden."""
        return self.places is None and self.doctor is None

    @property
    def rows(self) -> Places | None:
        """Whose rows the database shows, None for all: those of a doctor who asks are chosen by the service alone."""
        return None if self.doctor is not None else self.places

    @property
    def words(self) -> Collection[str] | None:
        """What stands in whatever is theirs to see, as numbers are written; None where nothing is hidden."""
        return self.places if self.doctor is None else [self.doctor.lstrip("0")]

    def sees_municipality(self, code: str) -> bool:
        """Whether a municipality's cases are seen."""
        return self.whole or code in (self.places or ())

    def sees_doctor(self, hpr: str, facts: Iterable[Fact]) -> bool:
        """Whether a doctor is seen of whom these facts stand: a municipality sees those that it has to do with."""
        if self.doctor is not None:
            return self.doctor == hpr
        here = self.places
        return here is None or any(codes & here for codes in places_of(facts).values())


EVERYTHING: Final = Sight()
"""What is seen by whoever runs the program."""


def sight_of(actor: Actor, operation: str) -> Sight:
    """How far somebody sees; raises `Refused` (wrong-role) where the role may not do it at all."""
    match OPERATIONS[operation].get(actor.role or ""):
        case Width.ALL:
            return Sight()
        case Width.OWN:
            return Sight(places=codes_of(actor.organisation) if actor.organisation else frozenset())
        case Width.SELF:
            return Sight(places=frozenset(), doctor=number_of(actor.subject) or "")
    raise refused("wrong-role", role=actor.role, wanted=roles_of(operation))


def codes_of(municipality: str) -> Places:
    """Every code of a municipality, also by one that has ended, in all lists of the release."""
    lists = release_reference().lists
    now = {municipality, *(each.successors.get(municipality, municipality) for each in lists)}
    return frozenset([*now, *(code for each in lists for name in now for code in each.codes_of(name))])
