"""The shapes of answers about municipalities."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, JsonValue

from api.municipalities.sentences import told
from domain.doctor.facts.fact import is_personal
from domain.municipality.access import Access, access_on
from domain.municipality.events import Entry
from domain.municipality.state import EntryHistory, EntryState, Municipality

Content = Annotated[dict[str, JsonValue], Field(description="What was registered, by the names of `NewEntry`.")]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as it was registered, and all that was said of it, in order: first that, then its ends.

    It holds from its first day to `last_day`, where there is one; withdrawn it holds on no day. Names, addresses and
    reasons are left out for those who may not see them.
    """

    entry: str
    type: str
    sentence: str
    content: Content
    last_day: date | None
    withdrawn: bool
    states: tuple[EntryState, ...]


@dataclass(frozen=True, slots=True)
class MunicipalityView:
    """A municipality by its code of today, and the entries that hold on a day, as known at a moment or (null) now."""

    municipality: str
    on: date
    known_at: datetime | None
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class MunicipalityHistory:
    """All entries of a municipality in the order registered, ended and withdrawn ones too."""

    municipality: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class MunicipalityAccess:
    """The revisor firms, ALIS offices and coordinators that had access at any time of a day, by what was known then.

    `since` is the first day of the access, which is not before it was registered; `last_day` what was known of its end.
    """

    municipality: str
    on: date
    access: tuple[Access, ...]


def entry_view(kept: EntryHistory[Entry], *, personal: bool) -> EntryView:
    """An entry, with what is personal or without."""
    given, now = kept.given, kept.now
    hidden = () if personal else (name for name, field in type(given).model_fields.items() if is_personal(field))
    ours = {"type", "municipality", "entry", "recorded_at", "recorded_by", *hidden}
    content = given.model_dump(mode="json", exclude_none=True, exclude=ours)
    states = (
        kept.states
        if personal
        else tuple(EntryState(each.at, each.by, each.last_day, each.withdrawn) for each in kept.states)
    )
    return EntryView(given.entry, given.type, told(given), content, now.last_day, now.withdrawn, states)


def municipality_view(
    code: str, found: Municipality, on: date, known_at: datetime | None, *, personal: bool
) -> MunicipalityView:
    """What holds of a municipality on a day."""
    held = (each for each in found.entries.values() if each.holds_on(on))
    return MunicipalityView(code, on, known_at, tuple(entry_view(each, personal=personal) for each in held))


def municipality_history(code: str, found: Municipality, *, personal: bool) -> MunicipalityHistory:
    """All that was registered on a municipality."""
    return MunicipalityHistory(code, tuple(entry_view(each, personal=personal) for each in found.entries.values()))


def municipality_access(code: str, found: Municipality, on: date) -> MunicipalityAccess:
    """Who had access on a day."""
    return MunicipalityAccess(code, on, access_on(found, on))
