"""Who may see or do what of which municipality: whom a firm or a person acts for today, and who did on a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from domain.municipality.events import CoordinatorAppointed, MunicipalityEvent, OfficeInvited, RevisorEngaged
from domain.municipality.state import Municipality, evolve
from domain.values.norwegian_time import norwegian_day
from domain.values.refusals.person import same_person

_GIVES_ACCESS: Final = (CoordinatorAppointed, RevisorEngaged, OfficeInvited)
_NOBODY: Final = Municipality()


@dataclass(frozen=True, slots=True)
class Municipalities:
    """Every municipality with an entry, by the first code known of it; and by number, who was given access where.

    `by_number` has the municipalities in which an organisation number stands in any entry, `with_persons` those that
    appointed a person: few are looked at, whoever asks.
    """

    by_code: Mapping[str, Municipality] = field(default_factory=dict)
    by_number: Mapping[str, frozenset[str]] = field(default_factory=dict)
    with_persons: frozenset[str] = frozenset()

    def municipality(self, first_code: str) -> Municipality:
        """A municipality, by the first code known of it."""
        return self.by_code.get(first_code, _NOBODY)

    def and_then(self, event: MunicipalityEvent) -> "Municipalities":
        """All municipalities after one more event."""
        code = event.municipality
        number, person = event.__dict__.get("organisation_number"), event.__dict__.get("person")
        numbers = {} if number is None else {number: self.by_number.get(number, frozenset()) | {code}}
        appoints = person is not None and isinstance(event, CoordinatorAppointed)
        return Municipalities(
            {**self.by_code, code: evolve(self.municipality(code), event)},
            {**self.by_number, **numbers},
            self.with_persons | {code} if appoints else self.with_persons,
        )


def engaged_on(known: Municipalities, number: str, day: date) -> tuple[str, ...]:
    """The municipalities, by first code, that have engaged a firm as revisor on a day."""
    return _with(known, number, RevisorEngaged, day)


def invited_on(known: Municipalities, number: str, day: date) -> tuple[str, ...]:
    """The municipalities, by first code, that have invited an ALIS office on a day."""
    return _with(known, number, OfficeInvited, day)


def coordinated_on(known: Municipalities, person: str | None, number: str | None, day: date) -> tuple[str, ...]:
    """The municipalities, by first code, that a person may act for on a day, also as one of another municipality's.

    `number` is the organisation number that the person comes from.
    """
    near = known.with_persons | known.by_number.get(number or "", frozenset())
    return tuple(code for code in sorted(near) if _coordinates(known.by_code[code], person, number, day))


def _with(known: Municipalities, number: str, kind: type[RevisorEngaged | OfficeInvited], day: date) -> tuple[str, ...]:
    return tuple(
        code
        for code in sorted(known.by_number.get(number, ()))
        if any(each.organisation_number == number for each in known.by_code[code].in_force(kind, day))
    )


def _coordinates(municipality: Municipality, person: str | None, number: str | None, day: date) -> bool:
    appointed = municipality.in_force(CoordinatorAppointed, day)
    return any(
        (person is not None and same_person(each.person, person))
        if each.person is not None
        else each.organisation_number == number
        for each in appointed
    )


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody's access on a day: by which entry, from which day it was in force, and who gave it when.

    `last_day` is what was known of its end on that day.
    """

    entry: str
    type: str
    organisation_number: str | None
    person: str | None
    since: date
    last_day: date | None
    given_at: datetime
    given_by: str


def access_on(municipality: Municipality, day: date) -> tuple[Access, ...]:
    """Who had access at any time of a day, by what was known on that day."""
    return tuple(_accesses(municipality, day))


def _accesses(municipality: Municipality, day: date) -> Iterator[Access]:
    for each in municipality.entries.values():
        state = each.state_on(day) if isinstance(each.given, _GIVES_ACCESS) else None
        if state is not None:
            given, first = each.given, each.states[0]
            yield Access(
                given.entry,
                given.type,
                given.__dict__["organisation_number"],
                given.__dict__["person"] if isinstance(given, CoordinatorAppointed) else None,
                max(given.first_day, norwegian_day(first.at)),
                state.last_day,
                first.at,
                first.by,
            )
