"""JSON as people send it: read strictly, each key once and each number exact, and put in the form that is compared."""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from domain.values.refusals.refusal import Refused, refused
from domain.values.texts import WANTED, composed, shown, unseen

Json = dict[str, Any]
MOST_DEPTH: Final = 16
_NO_END: Final = "9999-12-31"
"""What some systems write for «no end»."""
_DECIMALS: Final = frozenset({"percent", "hours"})
"""The fields whose numbers may also be written as texts."""
_MOST_DIGITS: Final = 60


class Digits(str):
    """A number that no float holds, as it was written."""

    __slots__ = ()


def read_object(text: str) -> Json:
    """One JSON object; a number that no float holds becomes `Digits`. Raises `Refused` for anything else."""
    try:
        plain = _READER.decode(text)
    except json.JSONDecodeError as error:
        raise not_json(error) from None
    except RecursionError:
        raise too_deep() from None
    if not isinstance(plain, dict):
        raise refused("not-an-object")
    _check_depth(plain, MOST_DEPTH)
    return plain


def normal(plain: Json) -> Json:
    """An object in the form in which it is stored and compared: texts composed, what is missing left out."""
    return {
        name: _replaced(value) if name == "replacement" else _normal(value)
        for name, value in plain.items()
        if name == "replacement" or not _is_missing(name, value)
    }


def with_texts_composed(value: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON of any kind with its texts composed, and nothing else changed."""
    match value:
        case str():
            return composed(value)
        case dict():
            return {composed(name): with_texts_composed(each) for name, each in value.items()}
        case list():
            return [with_texts_composed(each) for each in value]
        case _:
            return value


def unreadable(value: object, place: str = "", name: str = "") -> Iterator[Refused]:
    """Fields that no value can be read from: half a surrogate pair, a number with more digits than any field has."""
    match value:
        case Digits() if name not in _DECIMALS:
            yield refused("bad-number", field=place)
        case str() if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            yield refused("bad-text", field=shown(place), wanted="uten halve surrogatpar")
        case dict():
            for key, each in value.items():
                within = f"{place}.{key}" if place else key
                if unseen(key):
                    yield refused("bad-text", field=shown(within), wanted=WANTED)
                yield from unreadable(each, within, key)
        case list():
            for number, each in enumerate(value):
                yield from unreadable(each, f"{place}.{number}")


def not_json(error: json.JSONDecodeError) -> Refused:
    """The refusal of what is no JSON."""
    return refused("bad-json", detail=f"feil ved tegn {error.colno}")


def too_deep() -> Refused:
    """The refusal of endless nesting."""
    return refused("bad-json", detail="for dypt nøstet")


def _is_missing(name: str, value: object) -> bool:
    return value is None or (name == "last_day" and value == _NO_END)


def _replaced(value: object) -> object:
    """What a correction says: null takes a field away, and no replacement at all withdraws the fact."""
    if not isinstance(value, dict):
        return value
    return {name: None if _is_missing(name, each) else _normal(each) for name, each in value.items()}


def _normal(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case str():
            return composed(value)
        case dict():
            return {name: _normal(each) for name, each in value.items() if not _is_missing(name, each)}
        case list():
            return [_normal(each) for each in value]
        case _:
            return value


def _check_depth(value: object, depth: int) -> None:
    if not isinstance(value, dict | list):
        return
    if depth == 0:
        raise too_deep()
    for each in value.values() if isinstance(value, dict) else value:
        _check_depth(each, depth - 1)


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise refused("duplicate-key", field=twice, id=found.get("id"))
    return found


def _exact(text: str) -> float | Digits:
    try:
        is_exact = Decimal(text) == Decimal(repr(number := float(text)))
    except InvalidOperation:
        return Digits(text)
    return number if is_exact else Digits(text)


def _whole(text: str) -> int | Digits:
    """Python reads no whole number of more than some thousands of digits."""
    return int(text) if len(text) <= _MOST_DIGITS else Digits(text)


_READER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_exact, parse_int=_whole, parse_constant=Digits
)
