"""What may be registered on a municipality after what: pure decisions, events out or a named refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.municipality.events import (
    AccountGiven,
    CoordinatorAppointed,
    Entry,
    EntryEnded,
    EntryWithdrawn,
    MunicipalityEvent,
)
from domain.municipality.state import EntryHistory, Municipality
from domain.values.days.calendar import FOREVER
from domain.values.days.periods import ends_on
from domain.values.numbers.accounts import check_account
from domain.values.numbers.organisations import check_organisation_number
from domain.values.refusals.refusal import refused

_WHO_AND_WHEN: Final = {"recorded_at", "recorded_by"}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the municipality: its name, its own organisation number, and those of all municipalities."""

    name: str
    own: str | None
    municipalities: Mapping[str, str]
    """The code of each municipality by its organisation number."""


def decide(
    municipality: Municipality, event: MunicipalityEvent, role: str | None, known: Known
) -> tuple[MunicipalityEvent, ...]:
    """The events that register something: none where the same is registered already.

    Raises `Refused` (wrong-role, entry-id-used, entry-overlaps, unknown-entry, entry-withdrawn, ends-before-it-begins,
    bad-organisation-number, bad-account, other-organisation, no-municipality, own-coordinator).
    """
    match event:
        case Entry():
            _check_role(event, role)
            return _given(municipality, event, known)
        case EntryEnded():
            entry = _entry(municipality, event.entry, role)
            return _ended(municipality, entry, event)
        case EntryWithdrawn():
            before = _named(municipality, event.entry, role)
            return () if before.now.withdrawn else (event,)
    return ()


def _given(municipality: Municipality, event: Entry, known: Known) -> tuple[MunicipalityEvent, ...]:
    before = municipality.entries.get(event.entry)
    if before is not None:
        if _content(before.given) != _content(event):
            raise refused("entry-id-used", entry=event.entry)
        return ()
    _check_numbers(event, known)
    _check_alone(municipality, event, event.last_day)
    return (event,)


def _ended(municipality: Municipality, entry: EntryHistory[Entry], event: EntryEnded) -> tuple[MunicipalityEvent, ...]:
    ends_on(entry.given.first_day, event.last_day)
    if entry.now.last_day == event.last_day:
        return ()
    _check_alone(municipality, entry.given, event.last_day)
    return (event,)


def _entry(municipality: Municipality, name: str, role: str | None) -> EntryHistory[Entry]:
    """An entry that is not withdrawn."""
    found = _named(municipality, name, role)
    if found.now.withdrawn:
        raise refused("entry-withdrawn", entry=name)
    return found


def _named(municipality: Municipality, name: str, role: str | None) -> EntryHistory[Entry]:
    """An entry that somebody in a role may change."""
    found = municipality.entries.get(name)
    if found is None:
        raise refused("unknown-entry", entry=name)
    _check_role(found.given, role)
    return found


def _check_role(entry: Entry, role: str | None) -> None:
    if role not in entry.roles:
        raise refused("wrong-role", role=role, wanted=entry.roles)


def _content(event: Entry) -> dict[str, object]:
    """What an entry says, whoever says it and when."""
    return event.model_dump(exclude=_WHO_AND_WHEN)


def _check_alone(municipality: Municipality, event: Entry, last_day: date | None) -> None:
    """Raise `Refused` (entry-overlaps) where another entry on the same thing holds on one of the days."""
    if event.one_of is None:
        return
    for other in municipality.of(type(event)):
        is_other = other.given.entry != event.entry and other.given.one_of == event.one_of
        if is_other and not other.now.withdrawn and _meet(event.first_day, last_day, other):
            raise refused("entry-overlaps", entry=other.given.entry, first_day=other.given.first_day)


def _meet(first_day: date, last_day: date | None, other: EntryHistory[Entry]) -> bool:
    ends = (FOREVER if day is None else day.toordinal() for day in (last_day, other.now.last_day))
    return max(first_day, other.given.first_day).toordinal() <= min(ends)


def _check_numbers(event: Entry, known: Known) -> None:
    number = event.__dict__.get("organisation_number")
    if number is not None:
        check_organisation_number(number)
    match event:
        case AccountGiven(account=account):
            check_account(account)
            if known.own not in {None, number}:
                raise refused("other-organisation", number=number, municipality=known.name, own=known.own)
        case CoordinatorAppointed() if number is not None:
            if number not in known.municipalities:
                raise refused("no-municipality", number=number)
            if number == known.own:
                raise refused("own-coordinator", number=number)
