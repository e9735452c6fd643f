"""Why a file cannot be read or written, in words."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from domain.values.refusals.refusal import Refused, refused

_DIRECTORY: Final = "det er en mappe"
_NO_FILE: Final = "det er ikke en vanlig fil; lagre innholdet først"
_WHY: Final[dict[type[OSError], str]] = {
    FileNotFoundError: "den finnes ikke",
    IsADirectoryError: _DIRECTORY,
    NotADirectoryError: "en del av stien er ikke en mappe",
    FileExistsError: "det ligger en fil der fra før",
    PermissionError: "du har ikke rettigheter til den",
}
_WHY_BY_NUMBER: Final = {
    errno.ENOSPC: "disken er full",
    errno.EDQUOT: "kvoten er brukt opp",
    errno.EFBIG: "filen er blitt for stor",
    errno.EROFS: "disken kan bare leses",
    errno.ENAMETOOLONG: "navnet er for langt",
    errno.EBADF: "utgangen er lukket",
}
_FAILING: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


MOST_BYTES: Final = 512 * 1024 * 1024
"""More than the whole country's facts of ten years, and what can be read with some gigabytes of memory."""


def read_input(name: str, most_bytes: int = MOST_BYTES) -> bytes:
    """The content of a file up to a size; raises `Refused` (unreadable-file)."""
    content = beginning_of(name, most_bytes + 1)
    if len(content) > most_bytes:
        because = f"den er større enn {most_bytes // 1024 // 1024} MiB; del den opp"
        raise refused("unreadable-file", file=name, because=because)
    return content


def beginning_of(name: str, most_bytes: int) -> bytes:
    """At most this many bytes of a plain file, without waiting; raises `Refused` (unreadable-file)."""
    with plain_file(name) as file:
        try:
            return file.read(most_bytes)
        except OSError as error:
            raise refused("unreadable-file", file=name, because=why_unreadable(error)) from None


def plain_file(name: str) -> BinaryIO:
    """A plain file to read, without waiting for who would write it; raises `Refused` (unreadable-file)."""
    try:
        file = open(name, "rb", opener=_at_once)  # noqa: SIM115 - the caller closes it
    except OSError as error:
        raise refused("unreadable-file", file=name, because=why_unreadable(error)) from None
    except ValueError:  # a name with U+0000
        raise refused("unreadable-file", file=name, because="navnet kan ikke brukes") from None
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise refused("unreadable-file", file=name, because=_NO_FILE)


def _at_once(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NONBLOCK)


def why_unreadable(error: OSError) -> str:
    """Why a file cannot be read."""
    return _why(error, "lesefeil")


def why_unwritable(error: OSError) -> str:
    """Why a file cannot be written: it need not be there, but its folder must."""
    if isinstance(error, FileNotFoundError):
        return "mappen finnes ikke"
    return _why(error, "skrivefeil")


def unwritable(file: Path | str, error: OSError) -> Refused:
    """The refusal of a file that cannot be written: the name that was given is bad, or the writing failed."""
    code = "write-failed" if error.errno in _FAILING else "unwritable-file"
    return refused(code, file=file, because=why_unwritable(error))


def _why(error: OSError, otherwise: str) -> str:
    by_kind = (words for kind, words in _WHY.items() if isinstance(error, kind))
    return _WHY_BY_NUMBER.get(error.errno or 0) or next(by_kind, otherwise)
