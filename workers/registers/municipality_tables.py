"""Municipalities as texts that a person likes to read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from api.municipalities.view import EntryView, MunicipalityAccess, MunicipalityHistory, MunicipalityView
from domain.municipality.access import Access
from domain.municipality.state import EntryState
from domain.values.norwegian_time import norwegian_day
from domain.values.places import place, someone
from domain.values.words import day, span

_ACCESS: Final = {
    "revisor_engaged": "revisor",
    "office_invited": "ALIS-kontor",
    "coordinator_appointed": "koordinator",
}
_ACTS_AS: Final = {"revisor": "som revisor", "alis_office": "som ALIS-kontor", "coordinator": "som koordinator"}
_PERSONAL: Final = {"name": "navn", "e_mail": "e-post", "phone": "telefon"}


def municipality_table(view: MunicipalityView) -> str:
    """What holds of a municipality on a day."""
    head = f"{place(view.municipality)} per {day(view.on)}"
    lines = [line for each in view.entries for line in _entry(each)]
    return "\n".join([head, "", *(lines or ["Ingenting er registrert."]), ""])


def history_table(view: MunicipalityHistory) -> str:
    """All entries, with all that was said of each."""
    lines = [line for each in view.entries for line in (*_entry(each), *map(_state, each.states))]
    return "\n".join([place(view.municipality), "", *(lines or ["Ingenting er registrert."]), ""])


def access_table(view: MunicipalityAccess) -> str:
    """Who had access on a day."""
    head = f"Tilgang til det {place(view.municipality)} ser, {day(view.on)}"
    return "\n".join([head, "", *(map(_access, view.access) if view.access else ["Ingen andre hadde tilgang."]), ""])


def acting_table(number: str, on: date, found: Mapping[str, Sequence[str]]) -> str:
    """Which municipalities an organisation acts for on a day, as what."""
    who = someone(number) if ":" in number else f"organisasjonsnummer {number}"
    head = f"Kommuner som {who} kan handle for {day(on)}"
    lines = [f"{_ACTS_AS[role]}: {', '.join(map(place, codes))}" for role, codes in found.items() if codes]
    return "\n".join([head, "", *(lines or ["Ingen."]), ""])


def _entry(view: EntryView) -> Iterator[str]:
    first = date.fromisoformat(str(view.content["first_day"]))
    days = "trukket tilbake" if view.withdrawn else span(first, view.last_day)
    yield f"{view.sentence} ({days})"
    if personal := _personal(view):
        yield f"  {personal}"


def _personal(view: EntryView) -> str:
    """The names and addresses of an entry; the person of a coordinator stands in the sentence."""
    named = {**_PERSONAL, "person": "kontaktperson"} if view.type == "revisor_engaged" else _PERSONAL
    return ", ".join(f"{words}: {view.content[name]}" for name, words in named.items() if name in view.content)


def _state(state: EntryState) -> str:
    by = f"{day(norwegian_day(state.at))} av {someone(state.by)}"
    if state.withdrawn:
        return f"  trukket tilbake {by}: {state.reason}"
    ends = f"gjelder til og med {day(state.last_day)}" if state.last_day else "gjelder inntil videre"
    return f"  {ends}; registrert {by}"


def _access(access: Access) -> str:
    who = someone(access.person) if access.person else f"organisasjonsnummer {access.organisation_number}"
    given = f"registrert {day(norwegian_day(access.given_at))} av {someone(access.given_by)}"
    return f"{_ACCESS[access.type]}: {who} {span(access.since, access.last_day)}; {given}"
