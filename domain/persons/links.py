"""Links between persons as they stand: who is one person with whom, and what still waits for another operator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from domain.persons.events import LinkApproved, LinkDeclared, LinkEvent, LinkWithdrawn
from domain.values.refusals.person import check_another_person
from domain.values.refusals.refusal import refused

_OPERATOR: Final = "operator"
_KIND: Final = "person"
"""The kind of somebody who is compared by id."""
Pair = tuple[str, str]
"""Two persons; they act under the id of the first once they are linked."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands; it waits until it is settled."""

    declared: LinkDeclared
    settled: LinkApproved | LinkWithdrawn | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """The last link of each pair, in the order declared; and of each person that was linked, every id."""

    by_pair: Mapping[Pair, Link] = field(default_factory=dict)
    linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def ids_of(self, person: str) -> tuple[str, ...]:
        """Every id of a person: first the one under which the person acts now."""
        return self.linked.get(person, (person,))

    def waiting(self, pair: Pair) -> bool:
        """Whether a link is declared and not settled."""
        return pair in self.by_pair and self.by_pair[pair].settled is None

    def and_then(self, event: LinkEvent) -> "Links":
        """All links after one more event."""
        pair = event.person, event.other
        match event:
            case LinkDeclared():
                return replace(self, by_pair={**self.by_pair, pair: Link(event)})
            case LinkApproved():
                one = tuple(dict.fromkeys((*self.ids_of(event.person), *self.ids_of(event.other))))
                return Links(self._settled(pair, event), {**self.linked, **dict.fromkeys(one, one)})
            case LinkWithdrawn():
                return replace(self, by_pair=self._settled(pair, event))
        return self

    def _settled(self, pair: Pair, event: LinkApproved | LinkWithdrawn) -> Mapping[Pair, Link]:
        return {**self.by_pair, pair: replace(self.by_pair[pair], settled=event)}


def decide(links: Links, event: LinkEvent, role: str | None, called: Iterable[str] = ()) -> LinkEvent:
    """The event that declares, approves or withdraws a link; `called` is what else the one who does it is called.

    Raises `Refused` (wrong-role, already-linked, link-declared, unknown-link, link-settled, own-link).
    """
    if role != _OPERATOR:
        raise refused("wrong-role", role=role, wanted=(_OPERATOR,))
    pair = event.person, event.other
    if isinstance(event, LinkDeclared):
        _check_new(links, pair)
        return event
    if pair not in links.by_pair:
        raise refused("unknown-link", person=event.person, other=event.other)
    if not links.waiting(pair):
        raise refused("link-settled")
    if isinstance(event, LinkApproved):
        declared_by = links.by_pair[pair].declared.recorded_by
        for each in (declared_by, *(f"{_KIND}:{one}" for one in pair)):
            check_another_person(event.recorded_by, each, refused("own-link"), *called)
    return event


def _check_new(links: Links, pair: Pair) -> None:
    person, other = pair
    if other in links.ids_of(person):
        raise refused("already-linked")
    if links.waiting(pair) or links.waiting((other, person)):
        raise refused("link-declared")
