"""Ties in the store: declared, ended, and asked who is disqualified from what."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any, Final

from domain.casework.commands.book import Book
from domain.casework.commands.commands import Actor, Command
from domain.casework.registers.links import StoredLinks
from domain.casework.registers.register import About, Register, RegisterReceipt
from domain.doctor.intake.plain import Json
from domain.doctor.intake.typed import read_typed
from domain.municipality.codes import all_codes, first_code
from domain.store import IfNoTieSince, Store
from domain.ties.events import TIE_TYPES, TieEvent
from domain.ties.ties import HANDLERS, NOT_DISQUALIFIED, Disqualification, Tie, Ties, decide
from domain.values.norwegian_time import norwegian_day
from domain.values.streams import tie_id

Precondition = Callable[[Ties], None]
"""Looks at the ties as they stand; raises `Refused` where they are not as the caller saw them."""
_PERSON: Final = "person"
"""The kind of somebody who is compared by name."""
_DECLARED: Final = "tie_declared"


class StoredTies:
    """The ties as stored."""

    def __init__(self, store: Store, book: Book, links: StoredLinks) -> None:
        self._store = store
        self._links = links
        self._book = book
        self._register = Register(store, Ties(), store.of_ties)

    def current(self) -> Ties:
        """All ties as they stand."""
        return self._register.current()

    def at(self, tie: str, version: int) -> Tie:
        """A tie as it stood after its first events."""
        recorded = self._store.stream(tie_id(tie))[:version]
        return reduce(
            Ties.and_then, (each.event for each in recorded if isinstance(each.event, TieEvent)), Ties()
        ).by_id[tie]

    def register(
        self, given: Json, now: datetime, command: Command, precondition: Precondition | None = None
    ) -> RegisterReceipt:
        """Declare a tie, of oneself where nobody is named, or end one; once however often it is sent.

        Raises `Refused` with what is wrong, or `Rejected` with all that is wrong with what is given.
        """
        event = self._read(given, now, command)

        def decided(ties: Ties) -> tuple[TieEvent, ...]:
            if precondition is not None:
                precondition(ties)
            return decide(ties, event, command.actor.role, command.actor.called)

        return self._register.carry_out(About(event.tie, event.tie, tie_id(event.tie)), decided, command)

    def of(self, actor: Actor, now: datetime) -> tuple[Disqualification, Sequence[IfNoTieSince]]:
        """Whose cases somebody may not handle now, and on which condition what rests on that is appended.

        It is asked of those alone who handle cases.
        """
        if actor.role not in HANDLERS:
            return NOT_DISQUALIFIED, ()
        called = [actor.subject, *(f"{_PERSON}:{each}" for each in actor.called)]
        ties, position = self._register.at_position()
        return ties.in_force(called, norwegian_day(now), self.codes_of), [IfNoTieSince(position)]

    def called(self, subjects: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """All that persons are called: as they are written, by all their ids, and by names that issuers gave last."""
        links = self._links.current()
        ids = {subject: links.ids_of(subject.partition(":")[2]) for subject in subjects}
        names = self._store.persons.names({each for several in ids.values() for each in several})
        return {subject: (subject, *_called(several, names)) for subject, several in ids.items()}

    def codes_of(self, first: str) -> frozenset[str]:
        """Every code of a municipality, in all lists."""
        return all_codes(self._book.current().lists.values(), first)

    def current_code(self, municipality: str | None) -> str | None:
        """The code of today of the municipality of a tie; None of a tie to a doctor."""
        return None if municipality is None else self._book.current().newest_list.current(municipality)

    def _read(self, given: Json, now: datetime, command: Command) -> TieEvent:
        by = command.actor.subject
        ours: dict[str, Any] = {"recorded_at": now, "recorded_by": by}
        defaults: dict[str, Any] = {"tie": str(command.id)}
        if given.get("type") == _DECLARED:
            defaults["person"] = by
        event = read_typed(given, TIE_TYPES, ours, defaults)
        code = event.__dict__.get("municipality")
        if code is None:
            return event
        return event.model_copy(update={"municipality": first_code(self._book.current().lists.values(), code)})


def _called(ids: Sequence[str], names: Mapping[str, str]) -> Iterator[str]:
    """All ids of a person, and the names of all of them, as they are compared."""
    yield from (f"{_PERSON}:{each}" for each in ids)
    yield from (f"{_PERSON}:{names[each]}" for each in ids if names.get(each))
