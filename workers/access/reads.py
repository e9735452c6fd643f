"""Commands that show cases: what they print is held until it is logged who reads it."""

import io
import os
import pwd
import sys
from argparse import Namespace
from collections.abc import Iterator
from concurrent.futures import TimeoutError as TooLate
from contextlib import contextmanager, redirect_stdout
from typing import Final, TextIO

import psycopg

from api.access.operations import WITHOUT_CASES
from deploy.clock import new_id
from deploy.problems import InputProblem
from deploy.settings import TOKEN
from domain.casework.access.sight import EVERYTHING, sight_of
from domain.casework.commands.commands import Actor
from domain.store import AccessLog, Entry, Store
from domain.store.access.doctors import doctors_in
from domain.values.refusals.kinds import Kind
from domain.values.refusals.refusal import OF_THE_STORE, Refused, refused
from workers.access.acting import actor_of
from workers.access.operations import OPERATIONS, READING, command_of
from workers.access.persons import by_name
from workers.shell.columns import numbers_in
from workers.shell.session import Session, opened, session, settings_read

_SECONDS: Final = 30
"""At a terminal one waits longer for the log than over HTTP."""
_JSON: Final = ("{", "[")


class _Held(io.StringIO):
    """What is printed, until it may be shown; it looks like the stream that it is for."""

    def __init__(self, shown_on: TextIO) -> None:
        super().__init__()
        self._shown_on = shown_on

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding in which it will be printed."""
        return self._shown_on.encoding

    def isatty(self) -> bool:
        """Whether a person will read it."""
        return self._shown_on.isatty()


@contextmanager
def reading(asked: Namespace, operation: str) -> Iterator[Session]:
    """A session of a command that shows cases; raises `Refused` (access-log-unavailable) with nothing shown."""
    with opened() as at, held(at.store, asked, operation):
        yield at


@contextmanager
def acting(asked: Namespace, *, as_owner: bool = False) -> Iterator[Session]:
    """A session of a command that somebody gives: who that is, and how far they see, is put into what is asked.

    Raises as `reading` and `actor_of` do, and `InputProblem` (not-signed-in) or `Refused` (wrong-role).
    """
    settings, operation = settings_read(), OPERATIONS[command_of(asked)]
    with session(settings, as_owner=as_owner) as at:
        asked.actor = actor_of(at.casework, settings, asked)
        if asked.actor is None and operation not in READING:
            raise InputProblem("not-signed-in", f"Si hvem du er, med --as eller {TOKEN}.")
        with held(at.store, asked, operation):
            asked.sight = sight_of(asked.actor, operation) if asked.actor else EVERYTHING
            yield at


def sees_small(asked: Namespace) -> bool:
    """Whether figures about few people are shown: to whoever works at this machine, and to caseworkers alone."""
    return not asked.hide_small and (asked.actor is None or asked.actor.role == "caseworker")


@contextmanager
def held(store: Store, asked: Namespace, operation: str) -> Iterator[None]:
    """Hold what is printed in the block until it is logged who reads it; it has persons by name."""
    printed, refusal = _Held(sys.stdout), None
    try:
        with redirect_stdout(printed):
            yield
    except Refused as error:
        refusal = error
        raise
    finally:
        text = printed.getvalue()
        if operation not in WITHOUT_CASES and (text or (refusal and refusal.code not in OF_THE_STORE)):
            log_read(store.access_log, asked, operation, text, None if text else refusal)
        sys.stdout.write(by_name(text, store.persons))


def log_read(log: AccessLog, asked: Namespace, operation: str, text: str, refusal: Refused | None = None) -> None:
    """Log who reads a text, or was refused; raises `Refused` (access-log-unavailable)."""
    try:
        log.put(_read(asked, operation, text, refusal)).result(_SECONDS)
    except (TooLate, psycopg.Error) as error:
        raise refused("access-log-unavailable") from error


def system_user() -> str:
    """Who works at this machine, as the system knows them."""
    number = os.getuid()
    try:
        return f"operator:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"operator:{number}"


def _read(asked: Namespace, operation: str, text: str, refusal: Refused | None) -> Entry:
    named = vars(asked)
    actor: Actor | None = named.get("actor")
    organisation = actor.organisation if actor else None
    claim: str | None = named.get("claim")
    in_json = text.lstrip().startswith(_JSON)
    doctors = doctors_in(text.encode("utf-8", "replace")) if in_json else numbers_in(text)
    wanted = {named[name] for name in ("hpr", "doctor", "switch") if named.get(name)}
    missing = refusal is not None and refusal.kind is Kind.NOT_FOUND
    return Entry(
        subject=actor.subject if actor else system_user(),
        role=actor.role if actor else "operator",
        organisation=organisation,
        on_behalf_of=named.get("on_behalf_of"),
        operation=operation,
        doctors=tuple(sorted(doctors | wanted)),
        municipality=organisation or named.get("municipality") or (claim and claim.partition("-")[0]),
        claim=claim,
        reason=(actor and actor.reason) or None,
        outcome="answered" if refusal is None else "not_found" if missing else "refused",
        code=None if refusal is None else refusal.code,
        channel="terminal",
        correlation_id=new_id(),
    )
