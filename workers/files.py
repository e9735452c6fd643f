"""Why a file cannot be read or written, in words."""

import errno
from pathlib import Path
from typing import Final

from domain.errors import Refused, refused

_WHY: Final[dict[type[OSError], str]] = {
    FileNotFoundError: "den finnes ikke",
    IsADirectoryError: "det er en mappe",
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
