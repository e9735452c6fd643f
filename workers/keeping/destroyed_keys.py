"""The list of destroyed keys, in a file outside the database: what a backup from before an erasing cannot know.

A line names a key, by what is no part of it, and has a hash over the line before. It is on the disk before the key is
destroyed. A list with nothing but its first line says that nothing was erased; where there is none, nobody knows.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from deploy.folder import make
from deploy.problems import DatabaseProblem, InputProblem
from deploy.settings import Settings
from domain.casework.commands.commands import Actor
from domain.casework.service import Casework
from domain.doctor.key import ErasureReason, KeyDestroyed
from domain.store import Store
from domain.store.log.recorder import NEWEST
from domain.values.norwegian_time import norwegian_day
from workers.access.reads import system_user
from workers.shell.files import why_unreadable, why_unwritable
from workers.shell.session import command

_FORMAT: Final = "alis/destroyed-keys/1"
Line = dict[str, object]
"""What a line says, without its hash."""


def list_file(settings: Settings) -> Path:
    """Where the list is."""
    return (settings.evidence_folder or settings.data_folder / "evidence") / "destroyed-keys.jsonl"


def listed(settings: Settings) -> Mapping[str, ErasureReason] | None:
    """Why each key on the list was destroyed, by its name; None where there is no list.

    Raises `InputProblem` (list-changed), or `DatabaseProblem` (list-unreadable).
    """
    file = list_file(settings)
    try:
        lines = _lines(file, file.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        sentence = f"Listen over slettede nøkler kan ikke leses fra {file} ({why_unreadable(error)})."
        raise DatabaseProblem("list-unreadable", sentence) from None
    return {str(each["key"]): ErasureReason(str(each["reason"])) for each in lines if "key" in each} if lines else None


def list_logged(settings: Settings, store: Store, now: datetime, *further: Line) -> None:
    """See that every key stands on the list that the log says is destroyed."""
    add(settings, [each for _, each in store.destroyed(0, NEWEST)], now, *further)


def add(settings: Settings, destroyed: Iterable[KeyDestroyed], now: datetime, *further: Line) -> None:
    """See that keys stand on the list, each once, and are on the disk; makes the list where there is none.

    Raises `InputProblem` (list-changed), or `DatabaseProblem` (list-unreadable, list-unwritable).
    """
    known = listed(settings)
    wanted = {each.key: each for each in destroyed}
    if known is not None and known.keys() >= wanted.keys() and not further:
        return
    file = list_file(settings)
    try:
        with _alone(file) as opened:
            _add(file, opened, wanted, [*further], now)
    except OSError as error:
        sentence = f"Listen over slettede nøkler kan ikke skrives til {file} ({why_unwritable(error)})."
        raise DatabaseProblem("list-unwritable", sentence) from None


def tell_again(casework: Casework, destroyed: Mapping[UUID, tuple[str, ErasureReason]], now: datetime) -> None:
    """Have the log say which keys were destroyed again, and why the first time, by whoever works at this machine."""
    for doctor, (key, reason) in destroyed.items():
        casework.erasing.again(doctor, key, reason, command(Actor.named(system_user()), "terminal"), now)


def _add(
    file: Path, opened: BinaryIO, wanted: Mapping[str, KeyDestroyed], further: Sequence[Line], now: datetime
) -> None:
    content = opened.read()
    whole = _whole(content)
    before = _lines(file, whole)
    known = {each.get("key") for each in before}
    made: Line = {"list": _FORMAT, "day": _day(now)}
    keys = [_line(each) for name, each in wanted.items() if name not in known]
    if len(whole) < len(content):
        opened.truncate(len(whole))
    opened.write(_written(whole, [*([] if before else [made]), *keys, *further]))
    opened.flush()
    os.fsync(opened.fileno())


def _line(destroyed: KeyDestroyed) -> Line:
    return {"key": destroyed.key, "day": _day(destroyed.recorded_at), "reason": destroyed.reason}


def _day(moment: datetime) -> str:
    return norwegian_day(moment).isoformat()


@contextmanager
def _alone(file: Path) -> Iterator[BinaryIO]:
    """The file, made where it is missing; nobody else adds to it meanwhile. Its name is on the disk afterwards."""
    make(file.parent.parent)
    make(file.parent)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600), "r+b") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield opened
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _whole(content: bytes) -> bytes:
    """The content up to the end of its last whole line: nobody went on after one that was begun."""
    return content[: content.rfind(b"\n") + 1]


def _lines(file: Path, content: bytes) -> list[Line]:
    """The lines; raises `InputProblem` (list-changed) with the first one that is not as it was written."""
    found: list[Line] = []
    before = ""
    for number, text in enumerate(_whole(content).splitlines(), 1):
        try:
            line: Line = json.loads(text)
            given = line.pop("hash")
            if "key" in line:
                ErasureReason(str(line["reason"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            line, given = {}, None
        before = _hash(before, line)
        if given != before or (line.get("list") == _FORMAT) is not (number == 1):
            raise InputProblem(
                "list-changed",
                f"Listen over slettede nøkler i {file} er endret i linje {number}; legg en urørt kopi av den der.",
            )
        found.append(line)
    return found


def _written(before: bytes, lines: Iterable[Line]) -> bytes:
    """Lines as they are added to those before."""
    last = json.loads(before.splitlines()[-1])["hash"] if before else ""
    text = b""
    for line in lines:
        last = _hash(last, line)
        text += json.dumps({**line, "hash": last}).encode() + b"\n"
    return text


def _hash(before: str, line: Line) -> str:
    return hashlib.sha256(f"{before}{json.dumps(line, sort_keys=True)}".encode()).hexdigest()
