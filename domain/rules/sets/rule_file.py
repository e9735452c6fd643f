"""A rule set as a file: TOML, that may extend a rule set and name only what differs.

The bounds of a new rule set, beyond its form, stand here too: what it can come to, and which characters it has. A rule
set that is in the book already is never asked for them.
"""

import re
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from pydantic import JsonValue

from domain.doctor.intake.plain import with_texts_composed
from domain.rules.sets.checks import Flaw, bad_rule_set, beside, checked, flaws, left_open, superseding
from domain.rules.sets.municipalities import MunicipalityList
from domain.rules.sets.rule_set import RuleSet
from domain.values import words
from domain.values.refusals.refusal import Problem, Refused, Rejected
from domain.values.texts import LINE_BREAKS, WANTED, shown, unseen

Content = Mapping[str, JsonValue]
Contents = Mapping[str, Content]
"""The contents of rule sets by id."""
_OF_ITS_OWN: Final = frozenset({"id", "status", "adopted_on", "published_on", "supersedes"})
"""What a rule set does not take over from the one it extends."""
_AUTHORITY: Final = frozenset({"basis", "source", "note"})
_TELLS: Final = _AUTHORITY | {"name"}
"""What tells of a value, a choice, an element or a round, and decides nothing."""
_EXTENDS: Final = re.compile(r"^extends\b", re.MULTILINE)
_PLACE: Final = re.compile(r"at line (\d+), column (\d+)")

MOST_KRONER: Final = 100_000_000
"""What a year of full time may come to on the dearest terms; a rate with four noughts too many comes to more."""
_NUMBER: Final = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)
_YEAR: Final = 12
_FULL: Final = 100


def read_content(file: str, text: str, known: Contents, lists: Container[object]) -> Content:
    """The whole content of a rule set file; raises `Refused` (bad-rule-set) with all that is wrong.

    `known` are the rule sets that it may extend, and whose rounds it must not overlap; `lists`
    are the digests of the municipality lists that there are.
    """
    return whole_content(file, _parsed(file, text), known, lists)


def whole_content(file: str, written: Content, known: Contents, lists: Container[object]) -> Content:
    """As `read_content`, of what stands in the file."""
    content = _extended(file, with_texts_composed(written), known)
    _check(file, content, known, lists)
    return content


def read_contents(texts: Mapping[str, str], lists: Container[object]) -> list[Content]:
    """The contents of files that belong together, in the order of their names.

    Raises `Rejected` with what is wrong with each file.
    """
    read: dict[str, Content] = {}
    problems = {}
    for file in sorted(texts, key=lambda name: (_EXTENDS.search(texts[name]) is not None, name)):
        try:
            read[file] = _extended(file, _parsed(file, texts[file]), _by_id(read.values()))
        except Refused as refusal:
            problems[file] = refusal
    known = _by_id(read.values())
    for file, content in read.items():
        try:
            _check(file, content, known, lists)
        except Refused as refusal:
            problems[file] = refusal
    if problems:
        raise Rejected([Problem(None, None, problems[file]) for file in sorted(problems)])
    return [read[file] for file in sorted(texts)]


def _by_id(contents: Iterable[Content]) -> Contents:
    return {str(each["id"]): each for each in contents if "id" in each}


def _check(file: str, content: Content, known: Contents, lists: Container[object]) -> None:
    others = {name: each for name, each in known.items() if name != content.get("id")}
    is_known = content == known.get(str(content.get("id")))
    found = [*flaws(content), *([] if is_known else left_open(content))]
    found += [*beside(content, others.values()), *superseding(content, others)]
    if isinstance(content.get("municipalities"), str) and content["municipalities"] not in lists:
        found.append(Flaw("municipalities", "kommunelisten finnes ikke"))
    if found := found or _beyond_bounds(content):
        raise bad_rule_set(file, dict.fromkeys(found))


def _parsed(file: str, text: str) -> dict[str, Any]:
    try:
        written: dict[str, Any] = plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise bad_rule_set(file, [Flaw("filen", _not_toml(error))]) from None
    return written


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds, as JSON
    """TOML's values as JSON: days as ISO texts."""
    match value:
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case date():
            return value.isoformat()
        case _:
            return value


def _extended(file: str, written: Content, known: Contents) -> Content:
    """What is written, merged into the rule set that it extends; a draft unless it says otherwise."""
    if "extends" not in written:
        return written
    if not isinstance(written["extends"], str):
        raise bad_rule_set(file, [Flaw("extends", "skal være tekst")])
    base = known.get(written["extends"])
    if base is None:
        raise bad_rule_set(file, [Flaw("extends", f"regelsettet «{written['extends']}» finnes ikke")])
    over = {name: value for name, value in written.items() if name != "extends"}
    kept = {name: value for name, value in base.items() if name not in _OF_ITS_OWN}
    whole: Content = _merged_into({"status": "draft", **kept}, over, written["extends"])
    return whole


def _merged_into(base: Any, over: Any, of: str) -> Any:  # noqa: ANN401 - JSON
    """Tables are merged key by key, lists of tables by their ids; all else replaces."""
    match base, over:
        case dict(), dict():
            merged = {**base, **{name: _merged_into(base.get(name), value, of) for name, value in over.items()}}
            return {**merged, **_unfounded(base, over, merged, of)}
        case [{"id": str()}, *_], [{"id": str()}, *_]:
            named = {str(each.get("id")): each for each in over if isinstance(each, dict)}
            kept = [_merged_into(each, named.pop(each["id"], {}), of) for each in base]
            return [*kept, *named.values()]
        case _:
            return over


def _unfounded(base: Mapping[str, Any], over: Mapping[str, Any], merged: Mapping[str, Any], of: str) -> dict[str, str]:
    """The authority of what decides otherwise than in the rule set that is extended, where the file names none.

    What that one rests on says nothing of it: it is assumed, without a source, and says so wherever it is shown.
    """
    if not base.keys() >= _AUTHORITY or _deciding(base) == _deciding(merged):
        return {}
    note = f"Annerledes enn i {of}, uten egen begrunnelse."
    own = {"basis": "assumed", "source": "ingen kilde oppgitt", "note": note}
    return {name: words for name, words in own.items() if name not in over}


def _deciding(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in _TELLS}


def _not_toml(error: tomllib.TOMLDecodeError) -> str:
    place = _PLACE.search(str(error))
    where = " (linje {}, kolonne {})".format(*place.groups()) if place else ""
    return f"er ikke gyldig TOML{where}"


def _beyond_bounds(content: Mapping[str, Any]) -> list[Flaw]:
    """Everything in a rule set, whole in itself, that is beyond the bounds."""
    found = [*_unseen(content, ""), *_digits(content)]
    return found or list(_dear(content))


def _unseen(value: object, place: str) -> Iterator[Flaw]:
    match value:
        case str() if character := unseen(value, LINE_BREAKS):
            yield Flaw(shown(place), f"må være {WANTED}; her står {character}")
        case dict():
            for name, each in value.items():
                yield from _unseen(each, f"{place}.{name}" if place else name)
        case list():
            for number, each in enumerate(value, start=1):
                yield from _unseen(each, f"{place}.{number}")


def _digits(content: Mapping[str, Any]) -> Iterator[Flaw]:
    for name, value in content["values"].items():
        if "-" not in value["value"] and not _NUMBER.fullmatch(value["value"]):
            yield Flaw(f"values.{name}.value", "kan ha høyst ni sifre foran og seks bak punktumet")


def _dear(content: Mapping[str, Any]) -> Iterator[Flaw]:
    rules = RuleSet(checked(content), "", "draft", MunicipalityList("", {}, {}))
    whole = max(Fraction(1), _FULL / rules.numbers["full_time_percent"])
    year = max(rules.rates.total.values()) * _YEAR * whole / rules.rates.parts
    if year > MOST_KRONER:
        told = f"et år på heltid blir {words.kroner(year)}, som er mer enn {words.kroner(Fraction(MOST_KRONER))}"
        yield Flaw("values", f"{told}; kontroller satsene")
