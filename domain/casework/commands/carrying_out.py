"""Carrying out a command once, however often it is sent: attempt it, and on a conflict attempt it again.

The first answer is kept with the command. It is asked for only when an attempt fails, so a new command costs no
question more; a repeated one fails because its id is known, or because what it asks for is done already.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final, Self, TypeVar

from domain.casework.commands.commands import Command
from domain.store import CommandRecord, Conflict, Store
from domain.values.refusals.refusal import OF_THE_STORE, Refused, refused

ATTEMPTS: Final = 50


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to a command as it is kept with the command; nothing personal stands in it."""

    def as_text(self) -> str:
        """The answer as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """The answer that was kept."""
        return cls(**json.loads(text))


A = TypeVar("A", bound=KeptAnswer)


def carry_out(store: Store, command: Command, kind: type[A], attempt: Callable[[], A], busy: str = "busy") -> A:
    """Attempt a command until it is stored; one that was stored before gets its first answer.

    Raises `Refused`: as the attempt does, `busy` when others are always faster, command-id-reused.
    """
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except (Conflict, Refused) as hindrance:
            if isinstance(hindrance, Refused) and hindrance.code in OF_THE_STORE:
                raise
            first = store.first_result(command.id, command.request)
            if first is not None:
                return kind.read(first)
            if isinstance(hindrance, Refused):
                raise
    raise refused(busy)


def kept_with(command: Command, answer: KeptAnswer) -> CommandRecord:
    """What is kept of a command with its answer."""
    return CommandRecord(command.id, command.request, answer.as_text(), command.actor.subject)


def keep(store: Store, command: Command, answer: A) -> A:
    """Keep the answer to a command that has nothing to append; gives the first answer if the command is repeated.

    Raises `Refused` (command-id-reused) if the id stood for another request.
    """
    return answer.read(store.keep(kept_with(command, answer)))
