"""Why a file cannot be read or written, in words."""

from typing import Final

_WHY: Final[dict[type[OSError], str]] = {
    FileNotFoundError: "den finnes ikke",
    IsADirectoryError: "det er en mappe",
    NotADirectoryError: "en del av stien er ikke en mappe",
    FileExistsError: "det ligger en fil der fra før",
    PermissionError: "du har ikke rettigheter til den",
}


def why_unreadable(error: OSError) -> str:
    """Why a file cannot be read."""
    return next((words for kind, words in _WHY.items() if isinstance(error, kind)), "lesefeil")


def why_unwritable(error: OSError) -> str:
    """Why a file cannot be written: it need not be there, but its folder must."""
    if isinstance(error, FileNotFoundError):
        return "mappen finnes ikke"
    return next((words for kind, words in _WHY.items() if isinstance(error, kind)), "skrivefeil")
