"""What can be wrong with a rule set: every problem at once, each with its key and a reason in Norwegian."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails, to_json

from domain.rules.sets.content import DIGEST_PATTERN, KEY_PATTERN, VALUE_PATTERN, WORDS_PATTERN, Content
from domain.rules.sets.newer_values import NEWER_VALUES
from domain.rules.sets.options import OPTIONS, Choosable, token
from domain.values.days.calendar import first_of, last_of, month_number
from domain.values.refusals.refusal import Refused, refused


class Flaw(NamedTuple):
    """One thing wrong: where, and why."""

    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.key}: {self.reason}"


Plain = Mapping[str, Any]

_ALWAYS: Final = frozenset({"duration_months", "full_time_percent", "locum_months", "months_per_year"})
"""The values that sections 3 and 4 of the rules need, regardless of the elements."""
_BY_FLAG: Final = {"window": "window_months", "centrality": "centrality_class"}
"""The values that an element of a kind asks for."""
_MOST: Final = 1_200
"""Months of a hundred years: more is a slip, and would be counted for a long time."""
_LONGEST: Final = 24
"""So many months has a round at most."""
_LATEST: Final = date(2199, 12, 31)
_REASONS: Final[Mapping[str, str]] = {
    "missing": "mangler",
    "extra_forbidden": "er en ukjent nøkkel",
    "literal_error": "må være {expected}",
    "enum": "må være {expected}",
    "string_type": "skal være tekst",
    "bool_type": "skal være true eller false",
    "dict_type": "skal være en tabell",
    "model_type": "skal være en tabell",
    "tuple_type": "skal være en liste",
    "too_short": "kan ikke være tom",
    "string_too_long": "er for lang",
    "day": "er ikke en gyldig dag (ÅÅÅÅ-MM-DD)",
}
_PATTERNS: Final[Mapping[str, str]] = {
    DIGEST_PATTERN: "må være sha256: og 64 heksadesimale sifre",
    VALUE_PATTERN: "må være et tall i sifre, uten fortegn, med punktum foran desimaler (som 57.5)",
    KEY_PATTERN: "må være små bokstaver, sifre og understrek, og begynne med en bokstav",
    WORDS_PATTERN: "kan ikke være tom eller begynne med mellomrom",
}
"""What each way of writing asks for."""
_DAYS: Final = frozenset(name for name, value in NEWER_VALUES.items() if value.day)
"""The values that are days; all others are numbers."""
_FLOAT: Final = "er et flyttall, som ikke er nøyaktig (skriv tallet som tekst i anførselstegn)"


def checked(content: Plain) -> Content:
    """The content as a model; raises `Refused` (bad-rule-set) with all that is wrong with it."""
    if found := flaws(content):
        raise bad_rule_set(str(content.get("id")), found)
    return Content.model_validate_json(to_json(content))


def bad_rule_set(file: str, found: Iterable[Flaw]) -> Refused:
    """The refusal of a file, with every flaw."""
    problems = [each._asdict() for each in found]
    detail = "; ".join("{key}: {reason}".format_map(each) for each in problems)
    return refused("bad-rule-set", file=file, detail=detail, problems=problems)


def flaws(content: Plain) -> list[Flaw]:
    """All that is wrong with a rule set in itself: its form, its choices, its numbers, its elements, its round."""
    found = [*_form(content), *(flaw for check in _CHECKS for flaw in check(content))]
    return list({flaw.key: flaw for flaw in reversed(found)}.values())[::-1]


def _form(content: Plain) -> Iterator[Flaw]:
    """What the model says; whether a choice has a value that exists, and a day is one, is asked below."""
    try:
        Content.model_validate_json(to_json(content))
    except ValidationError as error:
        for each in error.errors():
            match each["loc"]:
                case ("options", _, "value", _):
                    continue
                case ("values", name, "value") if name in _DAYS:
                    continue
                case place:
                    yield Flaw(_key(place, content), _reason(each))


def _options(content: Plain) -> Iterator[Flaw]:
    for name, option in _table(content, "options").items():
        value = option.get("value") if isinstance(option, dict) else None
        if name not in OPTIONS:
            yield Flaw(f"options.{name}", "er ikke et valg som finnes")
        elif value is not None and not _is_one_of(value, OPTIONS[name].values):
            yield Flaw(f"options.{name}.value", f"valget {name} = {token(value)} finnes ikke ({_either(name)})")


def _values(content: Plain) -> Iterator[Flaw]:
    elements = _tables(content, "elements")
    asked = _ALWAYS | {value for flag, value in _BY_FLAG.items() if any(each.get(flag) is True for each in elements)}
    factors = {factor for each in elements for factor in _factors(each)}
    given = _table(content, "values")
    for name in sorted(asked - given.keys()):
        yield Flaw(f"values.{name}", "mangler")
    for name in sorted(given.keys() - asked - factors - NEWER_VALUES.keys()):
        yield Flaw(f"values.{name}", "brukes ikke av noe element eller noen regel")
    for name in sorted(asked & given.keys()):
        number = given[name].get("value") if isinstance(given[name], dict) else None
        if isinstance(number, str) and not (number.isdecimal() and 0 < int(number) <= _MOST):
            yield Flaw(f"values.{name}.value", f"må være et helt tall over null, høyst {_MOST}")


def _numbers_and_days(content: Plain) -> Iterator[Flaw]:
    """Each value is a number, or a day where the rules ask for one."""
    for name, value in _table(content, "values").items():
        written = value.get("value") if isinstance(value, dict) else None
        if name in _DAYS and (flaw := _of_day(written)):
            yield Flaw(f"values.{name}.value", flaw)
        elif name not in _DAYS and isinstance(written, str) and "-" in written:
            yield Flaw(f"values.{name}.value", _PATTERNS[VALUE_PATTERN])


def _of_day(written: object) -> str | None:
    """What is wrong with a day, if anything."""
    found = _day(written)
    if found is None or found.isoformat() != written:
        return _REASONS["missing" if written is None else "day"]
    return f"ligger etter {_LATEST}" if found > _LATEST else None


def _factors(element: Plain) -> Iterator[str]:
    for factors in ({"": _list(element, "factors")} | _table(element, "factors_for")).values():
        yield from (str(each) for each in factors if isinstance(factors, list))


def _elements(content: Plain) -> Iterator[Flaw]:
    before: list[Any] = []
    for number, element in enumerate(_tables(content, "elements")):
        name = element.get("id")
        if name in before:
            yield Flaw(_key(("elements", number, "id"), content), "står to ganger")
        for factor in _DAYS.intersection(_factors(element)):
            yield Flaw(_key(("elements", number, "factors"), content), f"«{factor}» er en dag, ikke et tall")
        for other in _list(element, "of"):
            if other not in before:
                yield Flaw(_key(("elements", number, "of"), content), f"«{other}» er ikke et element over dette")
        before.append(name)


def _round(content: Plain) -> Iterator[Flaw]:
    days = _table(content, "round")
    first, last = (_day(days.get(name)) for name in ("first_day", "last_day"))
    if first and first.toordinal() != first_of(month_number(first)):
        yield Flaw("round.first_day", "er ikke den første dagen i en måned")
    if last and last.toordinal() != last_of(month_number(last)):
        yield Flaw("round.last_day", "er ikke den siste dagen i en måned")
    if first and last and last < first:
        yield Flaw("round.last_day", "ligger før første dag")
    elif first and last and month_number(last) - month_number(first) >= _LONGEST:
        yield Flaw("round.last_day", f"gjør perioden lengre enn {_LONGEST} måneder")
    if last and last > _LATEST:
        yield Flaw("round.last_day", f"ligger etter {_LATEST}")


def left_open(content: Plain) -> list[Flaw]:
    """The values and choices that a rule set does not write: a new one must, an older one cannot know of them."""
    known = {"values": NEWER_VALUES, "options": OPTIONS}
    return [
        Flaw(f"{table}.{name}", "mangler")
        for table, names in known.items()
        for name in names
        if name not in _table(content, table)
    ]


def check_nothing_open(content: Plain) -> None:
    """Refuse (bad-rule-set) a new rule set that leaves a value or choice open, be it one that came after it."""
    if found := left_open(content):
        raise bad_rule_set(str(content["id"]), found)


def beside(content: Plain, others: Iterable[Plain]) -> Iterator[Flaw]:
    """Where a round has other days than another rule set of it has, or overlaps another round."""
    mine = _table(content, "round")
    if not isinstance(mine.get("id"), str) or not all(map(_day, _days(mine))):
        return
    for other in others:
        theirs = _table(other, "round")
        if not isinstance(theirs.get("id"), str) or not all(map(_day, _days(theirs))):
            continue
        days = " til ".join(_days(theirs))
        if theirs["id"] == mine["id"] and _days(theirs) != _days(mine):
            yield Flaw("round", f"tilskuddsperioden {theirs['id']} er {days} i {other['id']}")
        if theirs["id"] != mine["id"] and _overlap(_days(theirs), _days(mine)):
            yield Flaw("round", f"overlapper tilskuddsperioden {theirs['id']}, som er {days}")


def superseding(content: Plain, others: Mapping[str, Plain]) -> Iterator[Flaw]:
    """Where a rule set supersedes one that there is not, one of another round, or in the end itself."""
    former = content.get("supersedes")
    if not isinstance(former, str):
        return
    if former == content.get("id"):
        yield Flaw("supersedes", "et regelsett kan ikke avløse seg selv")
    elif former not in others:
        yield Flaw("supersedes", f"regelsettet «{former}» finnes ikke")
    elif _table(others[former], "round").get("id") != _table(content, "round").get("id"):
        yield Flaw("supersedes", f"regelsettet «{former}» gjelder en annen tilskuddsperiode")
    elif content.get("id") in _superseded(former, others):
        yield Flaw("supersedes", f"regelsettet «{former}» avløser dette igjen, så ingen av dem kommer sist")


def _superseded(name: str, others: Mapping[str, Plain]) -> list[object]:
    """What a rule set supersedes, and what that supersedes, to the end."""
    found: list[object] = []
    former = others[name].get("supersedes")
    while former is not None and former not in found:
        found.append(former)
        former = others.get(str(former), {}).get("supersedes")
    return found


def _days(round_: Plain) -> tuple[Any, Any]:
    return round_.get("first_day"), round_.get("last_day")


def _overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


_CHECKS: Final[tuple[Callable[[Plain], Iterator[Flaw]], ...]] = (
    _options,
    _values,
    _numbers_and_days,
    _elements,
    _round,
)


def _key(place: tuple[int | str, ...], content: Plain) -> str:
    """A place as one reads it: an element by its id where it has one."""
    match place:
        case ("elements", int(number), *rest):
            name = _tables(content, "elements")[number].get("id") or number + 1
            return ".".join(map(str, ("elements", name, *rest)))
        case _:
            return ".".join(str(part) for part in place if part != "[key]") or "regelsettet"


def _reason(error: ErrorDetails) -> str:
    if isinstance(error["input"], float):
        return _FLOAT
    told = error.get("ctx", {})
    words = _PATTERNS.get(str(told.get("pattern"))) or _REASONS.get(error["type"], "er ikke skrevet slik det skal")
    expected = str(told.get("expected", ""))
    return words.format(expected=expected.replace("'", "").replace(" or ", " eller "))


def _is_one_of(value: object, allowed: tuple[Choosable, ...]) -> bool:
    """Whether a value is allowed; 1 is not true, and "true" is not either."""
    return any(value == each and type(value) is type(each) for each in allowed)


def _either(option: str) -> str:
    return "velg " + " eller ".join(map(token, OPTIONS[option].values))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _table(content: Plain, name: str) -> dict[str, Any]:
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def _list(content: Plain, name: str) -> list[Any]:
    found = content.get(name)
    return found if isinstance(found, list) else []


def _tables(content: Plain, name: str) -> list[dict[str, Any]]:
    return [each if isinstance(each, dict) else {} for each in _list(content, name)]
