"""What kinds of documents are taken, and whether bytes are of the kind that they are said to be.

A document is looked at, never opened: nothing here parses what a stranger has sent. It is given out as a download only.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from domain.values.refusals.refusal import refused

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WITH_MACROS: Final = ("application/vnd.ms-excel.sheet.macroenabled.12", "xlsm")
_LINES: Final = frozenset("\t\r\n")
_PDF: Final = re.compile(rb"(\xef\xbb\xbf)?\s{0,1000}%PDF-")
"""Readers of PDF pass over a byte order mark and blank lines."""
_ZIP: Final = b"PK\x03\x04"
_MACROS: Final = b"vbaProject"


def _begins(mark: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(mark)


def _is_pdf(content: bytes) -> bool:
    return _PDF.match(content) is not None


def _is_workbook(content: bytes) -> bool:
    """A zip file with the parts that a workbook has, whose names stand in it as they are."""
    parts = (b"[Content_Types].xml", b"xl/workbook.xml")
    return content.startswith(_ZIP) and all(part in content for part in parts)


def _is_text(content: bytes) -> bool:
    """Whether every character can be read, in UTF-8, with or without a byte order mark, or in Windows-1252."""
    text = None if _is_binary(content) else _text(content)
    return text is not None and all((letter >= " " and letter != "\x7f") or letter in _LINES for letter in set(text))


def _is_binary(content: bytes) -> bool:
    """Whether it begins as something else does that is no UTF-8."""
    return not _is_utf8(content) and any(fits(content) for fits in _BINARY)


def _text(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


_BINARY: Final = (_begins(b"\x89PNG\r\n\x1a\n"), _begins(b"\xff\xd8\xff"), _is_pdf, _begins(_ZIP))
KINDS: Final[Mapping[str, tuple[str, str, Callable[[bytes], bool]]]] = {
    "application/pdf": ("pdf", "en PDF", _is_pdf),
    "image/png": ("png", "et PNG-bilde", _BINARY[0]),
    "image/jpeg": ("jpg", "et JPEG-bilde", _BINARY[1]),
    _XLSX: ("xlsx", "et Excel-regneark (xlsx)", _is_workbook),
    "text/csv": ("csv", "en CSV-fil", _is_text),
    "text/plain": ("txt", "ren tekst", _is_text),
}
"""The ending of a file's name, what it is called, and how the bytes look."""
_OTHERS: Final = (
    (b"\xff\xfe", "tekst i UTF-16"),
    (b"\xfe\xff", "tekst i UTF-16"),
    (b"\xd0\xcf\x11\xe0", "en eldre eller passordbeskyttet Office-fil"),
    (_ZIP, "en zip-fil eller et annet Office-dokument"),
)


UNNAMED: Final = "application/octet-stream"
"""What a sender calls a document of any kind, which is then known by its bytes."""


def media_type(header: str) -> str:
    """The kind that a `Content-Type` states; raises `Refused` for any that is not taken.

    The codes are document-type, document-macros and document-encoding.
    """
    kind, *parameters = (part.strip() for part in header.lower().split(";"))
    if kind in _WITH_MACROS:
        raise refused("document-macros")
    if kind == UNNAMED and not parameters:
        return kind
    charset = [each.removeprefix("charset=").strip('"') for each in parameters]
    if kind in KINDS and kind.startswith("text/") and charset and charset != ["utf-8"]:
        raise refused("document-encoding", found=charset[0])
    if kind not in KINDS or (parameters and not kind.startswith("text/")):
        raise refused("document-type")
    return kind


def kind_of_content(content: bytes) -> str:
    """The kind that bytes look like; text is plain text. Raises `Refused` (document-differs) for any other."""
    for kind, (_, _, fits) in KINDS.items():
        if kind != "text/csv" and fits(content):
            return kind
    raise refused(
        "document-differs", kind="en PDF, et bilde, et Excel-regneark (xlsx) eller tekst", found=_found(content)
    )


def check_content(kind: str, content: bytes) -> None:
    """Raise `Refused` where a document is empty, or not what it is said to be, each for a reason of its own.

    The codes are document-empty, document-differs, document-macros and document-encoding.
    """
    if not content:
        raise refused("document-empty")
    if not KINDS[kind][2](content):
        raise refused("document-differs", kind=KINDS[kind][1], found=_found(content))
    if kind == _XLSX and _MACROS in content:
        raise refused("document-macros")
    if kind.startswith("text/") and not _is_utf8(content):
        raise refused("document-encoding", found="Windows-1252")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _found(content: bytes) -> str:
    """What a document seems to be instead."""
    known = (name for _, name, fits in KINDS.values() if fits(content))
    others = (name for mark, name in _OTHERS if content.startswith(mark))
    return next(known, next(others, "noe annet"))


def filename(kind: str, digest: str) -> str:
    """What a document is called when it is saved: nothing personal."""
    return f"dokument-{digest[:12]}.{KINDS[kind][0]}"


def kind_of_file(name: str) -> str:
    """The kind that the ending of a file's name stands for.

    Raises `Refused` (document-type, document-macros) for any other.
    """
    ending = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if ending in _WITH_MACROS:
        raise refused("document-macros")
    for kind, (own, _, _) in KINDS.items():
        if ending == own:
            return kind
    raise refused("document-type")
