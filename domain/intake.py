"""Reading facts from text: JSON Lines or a JSON array, all problems at once.

Numbers are read as decimals. A place is a line number of JSON Lines, or an element number of an
array; both count from 1.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.errors import Problem, Refused, refused
from domain.facts import BY_TYPE, FACT, Fact
from domain.values import WORDS

Placed = tuple[int, Fact]
_CODES: Final[Mapping[str, str]] = {
    "json_invalid": "bad-json",
    "missing": "missing-field",
    "extra_forbidden": "unknown-field",
    "union_tag_invalid": "unknown-type",
    "union_tag_not_found": "missing-field",
    "day": "bad-day",
    "moment": "bad-moment",
    "timezone_aware": "bad-moment",
    "moment-to-come": "moment-to-come",
    "number": "bad-number",
    "int_type": "bad-number",
    "decimal_max_places": "out-of-range",
    "greater_than": "out-of-range",
    "greater_than_equal": "out-of-range",
    "less_than_equal": "out-of-range",
    "enum": "bad-value",
    "bool_type": "bad-value",
    "last-before-first": "last-before-first",
    "new-before-old-ends": "new-before-old-ends",
    "nothing-changed": "nothing-changed",
}
_LIMITS: Final[Mapping[str, str]] = {
    "decimal_max_places": "høyst to desimaler",
    "greater_than": "over {gt}",
    "greater_than_equal": "minst {ge}",
    "less_than_equal": "høyst {le}",
}


_MOST_DIGITS: Final = 60


def read_facts(content: bytes) -> tuple[list[Placed], list[Problem]]:
    """Read a history: the facts with their places, and every problem of form."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(None, None, refused("bad-encoding", byte=error.start))]
    facts: list[Placed] = []
    problems: list[Problem] = []
    try:
        for place, piece in _pieces(text):
            _read_one(place, piece, facts, problems)
    except json.JSONDecodeError as error:
        problems.append(Problem(error.lineno, None, _not_json(error)))
    except RecursionError:
        problems.append(Problem(None, None, _too_deep()))
    if not facts and not problems:
        problems.append(Problem(None, None, refused("empty-file")))
    return facts, problems


def read_object(text: str) -> dict[str, Any]:
    """One JSON object, with each key once and each number exact; raises `Refused` for anything else."""
    try:
        plain = _READER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(error) from None
    except RecursionError:
        raise _too_deep() from None
    if not isinstance(plain, dict):
        raise refused("not-an-object")
    return plain


def refusal_of(error: ErrorDetails) -> Refused:
    """One of pydantic's errors as a refusal with a field and a sentence."""
    kind, context = error["type"], error.get("ctx", {})
    place = [str(part) for part in error["loc"] if part not in BY_TYPE]
    code = _CODES.get(kind, "bad-text")
    field = ".".join(place) or ("type" if code in {"missing-field", "unknown-type"} else "")
    return refused(code, field=field, **_details(code, kind, context))


def _details(code: str, kind: str, context: Mapping[str, Any]) -> dict[str, object]:
    """What a sentence says beyond the field."""
    match code:
        case "bad-json":
            return {"detail": "et tegn kan ikke leses"}
        case "unknown-type":
            return {"type": context.get("tag", "")}
        case "out-of-range":
            return {"limit": _LIMITS[kind].format_map(context)}
        case "bad-value":
            return {"allowed": _allowed(context)}
        case "bad-text":
            return {"wanted": _wanted(kind, context)}
        case _:
            return dict(context)


def _allowed(context: Mapping[str, Any]) -> str:
    expected = str(context.get("expected", "true, false"))
    return expected.split(", 'erased", maxsplit=1)[0].replace("'", "").replace(" or ", ", ")


def _wanted(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "string_pattern_mismatch":
        return WORDS.get(str(context["pattern"]), "et annet mønster")
    if kind in {"string_too_long", "string_too_short"}:
        return f"lengde {context.get('min_length', 1)} til {context.get('max_length', '…')} tegn"
    return "en tekst" if kind == "string_type" else "rett slag verdi"


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text of each object: of an array's elements, or of each line that is not blank."""
    if text.lstrip().startswith("["):
        yield from _elements(text)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _elements(text: str) -> Iterator[tuple[int, str]]:
    decoder, space = json.JSONDecoder(parse_int=str, parse_float=str), " \t\r\n"
    decoder.decode(text)  # the whole must be JSON before its parts are looked at
    at, number = text.index("[") + 1, 0
    while True:
        while text[at] in space + ",":
            at += 1
        if text[at] == "]":
            return
        _, end = decoder.raw_decode(text, at)
        number += 1
        yield number, text[at:end]
        at = end


def _read_one(place: int, text: str, facts: list[Placed], problems: list[Problem]) -> None:
    name: str | None = None
    try:
        plain = read_object(text)
        name = plain["id"] if isinstance(plain.get("id"), str) else None
        facts.append((place, FACT.validate_json(text)))
    except Refused as refusal:
        known = name or refusal.details.get("id")
        problems.append(Problem(place, str(known) if known else None, refusal))
    except ValidationError as error:
        problems.extend(Problem(place, name, refusal_of(each)) for each in error.errors())


def _not_json(error: json.JSONDecodeError) -> Refused:
    return refused("bad-json", detail=f"feil ved tegn {error.colno}")


def _too_deep() -> Refused:
    return refused("bad-json", detail="for dypt nøstet")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise refused("duplicate-key", field=twice, id=found.get("id"))
    return found


def _exact(text: str) -> Decimal:
    """Refuse a number that a reader of floats would round on the way in."""
    _refuse_endless(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise refused("bad-number", field=text) from None
    if number != Decimal(repr(float(text))):
        raise refused("bad-number", field=text)
    return number


def _whole(text: str) -> int:
    _refuse_endless(text)
    return int(text)


def _refuse_endless(text: str) -> None:
    """Nothing here has so many digits, and Python reads no more than some thousands."""
    if len(text) > _MOST_DIGITS:
        raise refused("bad-number", field=f"{text[:_MOST_DIGITS]}…")


def _constant(text: str) -> Decimal:
    raise refused("bad-number", field=text)


_READER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_exact, parse_int=_whole, parse_constant=_constant
)
