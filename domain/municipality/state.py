"""A municipality as it stands: its entries, each with all that was ever said of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from typing import Generic, TypeVar

from domain.municipality.events import Entry, EntryEnded, EntryWithdrawn, MunicipalityEvent
from domain.values.norwegian_time import norwegian_day

E_co = TypeVar("E_co", bound=Entry, covariant=True)
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class EntryState:
    """What was said of an entry, by whom and when; it holds on no day where it was withdrawn."""

    at: datetime
    by: str
    last_day: date | None
    withdrawn: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EntryHistory(Generic[E_co]):
    """An entry as it was given, and all that was said of it since, in order."""

    given: E_co
    states: tuple[EntryState, ...]

    @property
    def now(self) -> EntryState:
        """What was said last."""
        return self.states[-1]

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day, by what is known now."""
        return self._lies_in(self.now, day)

    def state_on(self, day: date) -> EntryState | None:
        """The last state by which it was in force at any time of a day, by what was known at that time.

        What was registered too late was not in force on the days before; what was withdrawn later was, until then.
        """
        ends = [*(norwegian_day(each.at) for each in self.states[1:]), date.max]
        spans = [*zip(self.states, ends, strict=True)]
        return next((each for each, end in reversed(spans) if self._was(each, day, end)), None)

    def as_known(self, moment: datetime) -> "EntryHistory[E_co] | None":
        """The same with what was said up to a moment; None where it was not given yet."""
        states = tuple(each for each in self.states if each.at <= moment)
        return EntryHistory(self.given, states) if states else None

    def and_then(self, state: EntryState) -> "EntryHistory[E_co]":
        """The same after something more was said of it."""
        return EntryHistory(self.given, (*self.states, state))

    def _was(self, state: EntryState, day: date, end: date) -> bool:
        return norwegian_day(state.at) <= day <= end and self._lies_in(state, day)

    def _lies_in(self, state: EntryState, day: date) -> bool:
        begun = not state.withdrawn and self.given.first_day <= day
        return begun and (state.last_day is None or day <= state.last_day)


@dataclass(frozen=True, slots=True)
class Municipality:
    """All entries of a municipality by their ids, in the order given."""

    entries: Mapping[str, EntryHistory[Entry]] = field(default_factory=dict)

    def of(self, kind: type[E]) -> Iterator[EntryHistory[E]]:
        """The entries of a kind, withdrawn ones too."""
        for each in self.entries.values():
            if isinstance(each.given, kind):
                yield EntryHistory(each.given, each.states)

    def as_known(self, moment: datetime) -> "Municipality":
        """The municipality as it was known at a moment."""
        known = {name: each.as_known(moment) for name, each in self.entries.items()}
        return Municipality({name: each for name, each in known.items() if each})

    def in_force(self, kind: type[E], day: date) -> list[E]:
        """The entries of a kind that hold on a day, by what is known now."""
        return [each.given for each in self.of(kind) if each.holds_on(day)]


def evolve(municipality: Municipality, event: MunicipalityEvent) -> Municipality:
    """Fold an event into the state."""
    entries, at, by = municipality.entries, event.recorded_at, event.recorded_by
    match event:
        case Entry():
            made = EntryHistory(event, (EntryState(at, by, event.last_day),))
        case EntryEnded(last_day=last_day):
            made = entries[event.entry].and_then(EntryState(at, by, last_day))
        case EntryWithdrawn(reason=reason):
            made = entries[event.entry].and_then(EntryState(at, by, None, withdrawn=True, reason=reason))
        case _:
            return municipality
    return Municipality({**entries, event.entry: made})


def municipality_of(events: Iterable[MunicipalityEvent]) -> Municipality:
    """The municipality that some events make."""
    return reduce(evolve, events, Municipality())
