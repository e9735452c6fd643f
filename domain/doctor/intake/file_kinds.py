"""What a file is that is no file of facts, by how it begins: a spreadsheet, a picture, a text in another encoding."""

import re
from collections.abc import Callable
from typing import Final

from domain.values.refusals.refusal import Refused, refused

_MARK: Final = b"\xef\xbb\xbf"
_LOOKED_AT: Final = 65_536
_LINES_LOOKED_AT: Final = 5
_SHEET: Final = "Eksporter opplysningene fra fagsystemet som JSON Lines."
_TEXT: Final = "Lagre filen på nytt som UTF-8."
_PACKED: Final = "Pakk den ut, og les inn filene som ligger i den."
_OTHER: Final = "Opplysningene må stå i en fil med JSON Lines eller en JSON-liste."
_SEPARATORS: Final = ";\t,|"
Looks = Callable[[bytes], bool]


def _begins(*marks: bytes) -> Looks:
    return lambda head: head.startswith(marks)


def _holds(begins: bytes, *parts: bytes) -> Looks:
    return lambda head: head.startswith(begins) and any(part in head for part in parts)


def _is_utf_16(head: bytes) -> bool:
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or re.match(rb"(\0[^\0]|[^\0]\0){4}", head) is not None


_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS: Final[tuple[tuple[Looks, str, str], ...]] = (
    (_holds(_ZIP, b"xl/", b"opendocument.spreadsheet"), "et regneark", _SHEET),
    (_holds(_OLE, "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")), "et regneark", _SHEET),
    (_holds(b"<?xml", b"Workbook", b"opendocument.spreadsheet", b"office:spreadsheet"), "et regneark", _SHEET),
    (_holds(_ZIP, b"word/", b"opendocument.text"), "et tekstdokument", _OTHER),
    (_begins(_OLE), "et dokument fra et kontorprogram", _OTHER),
    (_begins(rb"{\rtf"), "et tekstdokument", _OTHER),
    (_begins(_ZIP, b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
     "et pakket arkiv", _PACKED),
    (_begins(b"%PDF-"), "en PDF", _OTHER),
    (_begins(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"), "et bilde", _OTHER),
    (lambda head: head[:4] == b"RIFF" or head[4:8] == b"ftyp", "et bilde eller en film", _OTHER),
    (_begins(b"<"), "en nettside eller XML", _OTHER),
    (_begins(b"SQLite format 3"), "en database", _OTHER),
    (_is_utf_16, "lagret som UTF-16", _TEXT),
    (lambda head: b"\0" in head[:1_024], "ingen tekstfil", _OTHER),
)  # fmt: skip


def check_kind_of_bytes(content: bytes) -> None:
    """Raise `Refused` (not-facts) for a file whose beginning says that it is something else."""
    head = content[:_LOOKED_AT].removeprefix(_MARK).lstrip()
    end = content[-_LOOKED_AT:] if head.startswith((_ZIP, _OLE)) else b""
    for looks, what, instead in _KINDS:
        if looks(head) or (end and looks(head[:8] + end)):
            raise _not_facts(what, instead)


def check_kind_of_text(text: str) -> None:
    """Raise `Refused` (not-facts) for a table of values with separators, as CSV."""
    head = text[:_LOOKED_AT].lstrip("\ufeff \r\n")
    lines = [line for line in head.splitlines() if line.strip()][:_LINES_LOOKED_AT]
    if not lines or lines[0].lstrip().startswith(("{", "[")):
        return
    columns = {mark: [line.count(mark) for line in lines] for mark in _SEPARATORS}
    if any(counts[0] and (len(set(counts)) == 1) for counts in columns.values()):
        raise _not_facts("en tabell (CSV)", _SHEET)


def _not_facts(what: str, instead: str) -> Refused:
    return refused("not-facts", what=what, detail=instead)
