"""Municipalities in the store: registered on, read as of a day, and asked who acts for which of them today."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from domain.casework.commands.book import Book
from domain.casework.commands.commands import Command
from domain.casework.registers.register import About, Register, RegisterReceipt
from domain.doctor.intake.plain import Json
from domain.doctor.intake.typed import read_typed
from domain.municipality.access import Municipalities, coordinated_on, engaged_on, invited_on
from domain.municipality.codes import first_code
from domain.municipality.deciding import Known, decide
from domain.municipality.events import BY_TYPE, MunicipalityEvent
from domain.municipality.offers import OfferedCapacity, closed_posts, offered_on
from domain.municipality.state import Municipality, municipality_of
from domain.rules.sets.municipalities import MunicipalityList
from domain.store import Store
from domain.values.days.calendar import Days
from domain.values.streams import municipality_id

Precondition = Callable[[Municipality], None]
"""Looks at a municipality as it stands; raises `Refused` where that is not what the caller saw."""


class StoredMunicipalities:
    """The municipalities as stored; each is found by any of its codes."""

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book
        self._register = Register(store, Municipalities(), store.of_municipalities)

    def register(
        self, code: str, given: Json, now: datetime, command: Command, precondition: Precondition | None = None
    ) -> RegisterReceipt:
        """Register an entry, its end or that it was wrong, once however often it is sent.

        Raises `Refused` with what is wrong, or `Rejected` with all that is wrong with what is given.
        """
        first = self.first_code(code)
        ours = {"municipality": first, "recorded_at": now, "recorded_by": command.actor.subject}
        event = read_typed(given, BY_TYPE, ours, {"entry": str(command.id)})
        known = self._known(code)

        def decided(all_of_them: Municipalities) -> tuple[MunicipalityEvent, ...]:
            before = all_of_them.municipality(first)
            if precondition is not None:
                precondition(before)
            return decide(before, event, command.actor.role, known)

        about = About(first, event.entry, municipality_id(first))
        return self._register.carry_out(about, decided, command)

    def municipality(self, code: str, known_at: datetime | None = None) -> Municipality:
        """A municipality as it stands, or as it was known at a moment; raises `Refused` (unknown-municipality)."""
        found = self._register.current().municipality(self.first_code(code))
        return found if known_at is None else found.as_known(known_at)

    def at(self, code: str, version: int) -> Municipality:
        """A municipality as it stood after its first events; raises `Refused` (unknown-municipality)."""
        recorded = self._store.stream(municipality_id(self.first_code(code)))[:version]
        return municipality_of(each.event for each in recorded if isinstance(each.event, MunicipalityEvent))

    def engaged(self, number: str, day: date) -> tuple[str, ...]:
        """The municipalities, by their codes of today, that a firm may act for as revisor on a day."""
        return self._today(engaged_on(self._register.current(), number, day))

    def invited(self, number: str, day: date) -> tuple[str, ...]:
        """The municipalities, by their codes of today, that have let an ALIS office read on a day."""
        return self._today(invited_on(self._register.current(), number, day))

    def coordinated(self, person: str | None, number: str | None, day: date) -> tuple[str, ...]:
        """The municipalities, by their codes of today, that a person may act for as coordinator on a day."""
        return self._today(coordinated_on(self._register.current(), person, number, day))

    def closed_posts(self, known_at: datetime | None = None) -> dict[str, list[Days]]:
        """The days on which posts are closed, as known now or at a moment: by today's code and name, `1804/name`."""
        found = dict[str, list[Days]]()
        for first, each in self._register.current().by_code.items():
            code = self.current_code(first)
            known = each if known_at is None else each.as_known(known_at)
            found |= {f"{code}/{post}": days for post, days in closed_posts(known).items()}
        return found

    def offered(self, county: str, guides: Mapping[str, int], day: date) -> dict[str, OfferedCapacity]:
        """The places that the municipalities of a county offer on a day, by code of today; none where none is offered.

        `guides` says how many doctors each supervisor guides on it.
        """
        known = self._register.current().by_code
        codes = {self.current_code(first): each for first, each in known.items()}
        found = {code: offered_on(each, guides, day) for code, each in sorted(codes.items()) if code.startswith(county)}
        return {code: each for code, each in found.items() if each.places}

    def first_code(self, code: str) -> str:
        """The first code known of a municipality; raises `Refused` (unknown-municipality)."""
        return first_code(self._lists(), code)

    def current_code(self, code: str) -> str:
        """The code of today of a municipality; raises `Refused` (unknown-municipality)."""
        return self._book.current().newest_list.current(code)

    def _lists(self) -> Collection[MunicipalityList]:
        return self._book.current().lists.values()

    def _today(self, first_codes: Collection[str]) -> tuple[str, ...]:
        return tuple(self.current_code(code) for code in first_codes)

    def _known(self, code: str) -> Known:
        newest = self._book.current().newest_list
        own = newest.by_code[newest.current(code)]
        numbers = {each.organisation_number: each.code for each in newest.by_code.values() if each.organisation_number}
        return Known(own.name, own.organisation_number, numbers)
