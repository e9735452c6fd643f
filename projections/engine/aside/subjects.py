"""What can be set aside: a doctor, a claim, or an event of the rule book."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Self
from uuid import UUID

Kind = Literal["doctor", "claim", "rules"]


class Subject(NamedTuple):
    """A doctor or a claim by its id in the log, or an event of the rule book by its position."""

    kind: Kind
    id: UUID | int

    @classmethod
    def named(cls, kind: Kind, name: str) -> Self:
        """As the database names it."""
        return cls(kind, int(name) if kind == "rules" else UUID(name))


@dataclass(frozen=True, slots=True)
class Aside:
    """What a generation of a read model goes on without."""

    doctors: frozenset[UUID] = frozenset()
    claims: frozenset[UUID] = frozenset()
    rules: frozenset[int] = frozenset()

    def and_these(self, subjects: Iterable[Subject]) -> "Aside":
        """Some more."""
        found = list(subjects)
        return Aside(
            self.doctors | {each.id for each in found if each.kind == "doctor" and isinstance(each.id, UUID)},
            self.claims | {each.id for each in found if each.kind == "claim" and isinstance(each.id, UUID)},
            self.rules | {each.id for each in found if isinstance(each.id, int)},
        )

    def but_these(self, other: "Aside") -> "Aside":
        """Without some."""
        return Aside(self.doctors - other.doctors, self.claims - other.claims, self.rules - other.rules)

    def subjects(self) -> list[Subject]:
        """All of them, the rule book's events first, for doctors may be waiting for those."""
        rules = [Subject("rules", each) for each in sorted(self.rules)]
        doctors = [Subject("doctor", each) for each in sorted(self.doctors)]
        return [*rules, *doctors, *(Subject("claim", each) for each in sorted(self.claims))]


NOTHING_ASIDE: Final = Aside()


class Blamed(Exception):
    """Rows of others cannot be made because of this subject, which is to be set aside."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.who = subject


class TooMany(Exception):
    """Every subject tried fails, so the cause is not the subject."""


@contextmanager
def blaming(subject: Subject) -> Iterator[None]:
    """Whatever fails here is one's."""
    try:
        yield
    except Exception as error:
        raise Blamed(subject) from error
