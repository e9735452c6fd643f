"""The form of a file of facts: UTF-8, and JSON Lines or one JSON array."""

import json
from collections.abc import Iterator
from typing import Final

from domain.doctor.intake.file_kinds import check_kind_of_bytes, check_kind_of_text
from domain.values.refusals.refusal import refused

_MARK: Final = "\ufeff"
_SPACE: Final = " \t\r\n"


def text_of(content: bytes) -> str:
    """The text of a file; raises `Refused` (not-facts, bad-encoding)."""
    check_kind_of_bytes(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        check_kind_of_text(content.decode("cp1252", "replace"))
        raise refused("bad-encoding", byte=error.start) from None
    check_kind_of_text(text)
    return text


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """The place and text of each object: of an array's elements, or of each line that is not blank.

    Raises `Refused` (lines-broken, mark-inside, several-lists, bad-json) for what is wrong with the file as a whole.
    """
    return _elements(text) if text.lstrip().startswith("[") else _lines(text)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at, looked = 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        said = line.strip(_SPACE)
        if said.startswith(_MARK):
            raise refused("mark-inside", line=number)
        if said and not looked and not said.endswith("}"):
            looked = True
            _check_whole(text, at + line.index(said), number)
        if said:
            yield number, line
        at += len(line) + 1


def _check_whole(text: str, at: int, number: int) -> None:
    """Refuse an object that goes on over the lines after its first."""
    try:
        _, end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(text, at)
    except (json.JSONDecodeError, RecursionError):
        return
    if "\n" in text[at:end]:
        raise refused("lines-broken", line=number)


def _elements(text: str) -> Iterator[tuple[int, str]]:
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    _check_list(text, decoder)
    at, number = text.index("[") + 1, 0
    while True:
        while text[at] in _SPACE + ",":
            at += 1
        if text[at] == "]":
            return
        _, end = decoder.raw_decode(text, at)
        number += 1
        yield number, text[at:end]
        at = end


def _check_list(text: str, decoder: json.JSONDecoder) -> None:
    """The whole must be one JSON array before its parts are looked at."""
    try:
        decoder.decode(text)
    except json.JSONDecodeError as error:
        rest, line = text[error.pos : error.pos + 1], error.lineno
        if rest == _MARK:
            raise refused("mark-inside", line=line) from None
        if rest == "[" and error.msg == "Extra data":
            raise refused("several-lists", line=line) from None
        raise refused("bad-json", detail=f"feil ved tegn {error.colno}", line=line) from None
