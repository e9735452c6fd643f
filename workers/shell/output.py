"""What every command writes with: a table in a terminal, JSON elsewhere, in whatever encoding it is printed."""

import codecs
import errno
import io
import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TextIO

from domain.values.texts import shown
from workers.shell.files import why_unwritable

_CLOSEST: Final = "closest"
_QUIET_SECONDS: Final = 1.0
_SIGNS: Final = {
    **dict(zip("–\u2212’«»·→×◆●○øØ", '--\'"".>x#*ooO', strict=True)),
    **dict(zip("±æåÆÅ", ("+/-", "ae", "aa", "Ae", "Aa"), strict=True)),
}
"""Replacements for signs that an encoding lacks. Letters lose their accents; thin spaces become spaces."""


def prepare_streams() -> None:
    """Let nothing that is printed end the program because the encoding lacks a sign.

    Raises `OSError` if standard output is closed.
    """
    codecs.register_error(_CLOSEST, _closest)
    closed = [name for name in ("stderr", "stdout") if getattr(sys, name) is None]
    for name in closed:
        setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
    if "stdout" in closed:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_CLOSEST)


def end_unwritten(error: OSError) -> None:
    """Say why the answer cannot be printed, but not to a reader who has gone; drop what is still to be printed."""
    _drop(sys.stdout)
    if not isinstance(error, BrokenPipeError):
        why = why_unwritable(error)
        say(f"alis: Får ikke skrive ut svaret ({why}). Det som skulle lagres, kan likevel være lagret.\n")


def say(sentence: str) -> None:
    """A message to standard error without anything unseen; whether it can be written there changes nothing else."""
    with suppress(OSError):
        sys.stderr.write(shown(sentence))
    end_messages()


def tell(sentence: str) -> None:
    """A message of the program itself."""
    say(f"alis: {sentence}\n")


class Progress:
    """Tells a person at most once a second how far a long command has come."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        """Say how many are done of all."""
        if time.monotonic() - self._told > _QUIET_SECONDS:
            self._told = time.monotonic()
            tell(f"{what} {done} av {of}")


def end_messages() -> None:
    """Write the messages that wait; drop those that cannot be written, which would change the exit code at the end."""
    try:
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def as_table(wanted: str | None) -> bool:
    """Whether a table is wanted, or is what fits where it goes."""
    return (wanted or ("table" if sys.stdout.isatty() else "json")) == "table"


def show(wanted: str | None, table: Callable[[], str], value: Callable[[], object]) -> None:
    """A result as the table or the JSON that is wanted."""
    if as_table(wanted):
        sys.stdout.write(table())
    else:
        print_json(value())


def print_json(value: object) -> None:
    """A value to standard output."""
    sys.stdout.write(json_text(value, indent=2) + "\n")


def json_text(value: object, indent: int | None = None) -> str:
    """JSON that loses nothing: with escapes unless standard output is UTF-8."""
    plain = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    return json.dumps(value, ensure_ascii=not plain, indent=indent)


def _closest(error: UnicodeError) -> tuple[str, int]:
    """Replace what cannot be encoded with what looks most like it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(letter: str) -> str:
    if letter in _SIGNS:
        return _SIGNS[letter]
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?"
