"""What kinds of documents are taken, and whether bytes are of the kind that they are said to be.

A document is looked at, never opened: nothing here parses what a stranger has sent. It is given out as a download only.
"""

from collections.abc import Callable, Mapping
from typing import Final

from domain.errors import refused

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LINES: Final = frozenset("\t\r\n")


def _begins(mark: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(mark)


def _is_workbook(content: bytes) -> bool:
    """A zip file with the parts that a workbook has, whose names stand in it as they are; and no macros."""
    parts = (b"[Content_Types].xml", b"xl/workbook.xml")
    return content.startswith(b"PK\x03\x04") and all(part in content for part in parts) and b"vbaProject" not in content


def _is_text(content: bytes) -> bool:
    """UTF-8, with or without a byte-order mark, of which every character can be read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all((letter >= " " and letter != "\x7f") or letter in _LINES for letter in set(text))


KINDS: Final[Mapping[str, tuple[str, Callable[[bytes], bool]]]] = {
    "application/pdf": ("pdf", _begins(b"%PDF-")),
    "image/png": ("png", _begins(b"\x89PNG\r\n\x1a\n")),
    "image/jpeg": ("jpg", _begins(b"\xff\xd8\xff")),
    _XLSX: ("xlsx", _is_workbook),
    "text/csv": ("csv", _is_text),
    "text/plain": ("txt", _is_text),
}
"""The ending of a file's name, and how the bytes look."""


def media_type(header: str) -> str:
    """The kind that a `Content-Type` states; raises `Refused` (document-type) for any that is not taken."""
    kind, *parameters = (part.strip() for part in header.lower().split(";"))
    charsets = {"charset=utf-8", 'charset="utf-8"'} if kind.startswith("text/") else set()
    if kind not in KINDS or not charsets.issuperset(parameters):
        raise refused("document-type")
    return kind


def check_content(kind: str, content: bytes) -> None:
    """Raise `Refused` where a document is empty (document-empty), or not what it is said to be (document-differs)."""
    if not content:
        raise refused("document-empty")
    if not KINDS[kind][1](content):
        raise refused("document-differs", kind=kind)


def filename(kind: str, digest: str) -> str:
    """What a document is called when it is saved: nothing personal."""
    return f"dokument-{digest[:12]}.{KINDS[kind][0]}"


def kind_of_file(name: str) -> str:
    """The kind that the ending of a file's name stands for; raises `Refused` (document-type) for any other."""
    ending = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    for kind, (own, _) in KINDS.items():
        if ending == own:
            return kind
    raise refused("document-type")
