"""All streams of one kind folded into one state: only what came since the last time is read from the log."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, Protocol, Self, TypeVar
from uuid import UUID

import structlog

from domain.casework.commands.carrying_out import KeptAnswer, carry_out, keep, kept_with
from domain.casework.commands.commands import Command
from domain.store import Event, Recorded, Store


class Folded(Protocol):
    """A state that an event makes another of."""

    def and_then(self, event: Any, /) -> Self:  # noqa: ANN401 - events of its own kind
        """The state after one more event."""


S = TypeVar("S", bound=Folded)


@dataclass(frozen=True, slots=True)
class RegisterReceipt(KeptAnswer):
    """The answer to a command: what it was about, the version of its stream then, and whether it was new."""

    subject: str
    name: str
    version: int
    stored: bool


@dataclass(frozen=True, slots=True)
class About:
    """What a command is about: the subject that the stream is of, and what in it has a name of its own."""

    subject: str
    name: str
    stream: UUID


@dataclass(frozen=True, slots=True)
class _Read(Generic[S]):
    """What is in the log up to a position: the state, and how many events each stream has."""

    state: S
    epoch: int
    position: int = 0
    versions: dict[UUID, int] = field(default_factory=dict)

    def and_then(self, recorded: Recorded) -> "_Read[S]":
        stream, version, position = recorded.originator_id, recorded.originator_version, recorded.position or 0
        return _Read(self.state.and_then(recorded.event), self.epoch, position, {**self.versions, stream: version})


class Register(Generic[S]):
    """The streams of one kind; `read` gives their events after a position of the log."""

    def __init__(self, store: Store, empty: S, read: Callable[[int], Sequence[Recorded]]) -> None:
        self._store = store
        self._empty = empty
        self._events_after = read
        self._read: _Read[S] = _Read(empty, store.epoch)
        self._lock = threading.Lock()
        self._asked = count(1)
        self._last_asked = 0
        self._answers = 0
        self._log: Any = structlog.get_logger("casework")

    def current(self) -> S:
        """The state as it is now."""
        return self.at_position()[0]

    def at_position(self) -> tuple[S, int]:
        """The state as it is now, and the position of the last event in it."""
        read = self._read_on()
        return read.state, read.position

    def carry_out(self, about: About, decide: Callable[[S], Sequence[Event]], command: Command) -> RegisterReceipt:
        """Decide on the state as it is, and append to the stream; a repeated command gets its first answer."""

        def attempt() -> RegisterReceipt:
            read = self._read_on()
            events, version = decide(read.state), read.versions.get(about.stream, 0)
            answer = RegisterReceipt(about.subject, about.name, version + len(events), stored=bool(events))
            if not events:
                return keep(self._store, command, answer)
            origin = command.origin()
            new = [Recorded(about.stream, version + n, event, origin) for n, event in enumerate(events, start=1)]
            self._store.append(new, kept_with(command, answer))
            self._log.info("command", type=events[-1].event_topic, outcome="stored", **command.about)
            return answer

        return carry_out(self._store, command, RegisterReceipt, attempt)

    def _read_on(self) -> _Read[S]:
        """Read what is new; whoever asked before another's reading began takes what that found."""
        mine = self._last_asked = next(self._asked)
        with self._lock:
            if self._answers >= mine:
                return self._read
            answers = self._last_asked
            while True:
                epoch = self._store.epoch
                read = self._read if self._read.epoch == epoch else _Read(self._empty, epoch)
                for each in self._events_after(read.position):
                    read = read.and_then(each)
                if epoch == self._store.epoch:
                    self._read, self._answers = read, answers
                    return read
