"""Reading facts from text: JSON Lines or a JSON array, all problems at once.

Numbers are read as decimals. A place is a line number of JSON Lines, or an element number of an
array; both count from 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails, to_json

from domain.doctor.facts.fact import Fact
from domain.doctor.facts.facts import BY_TYPE, FACT
from domain.doctor.facts.stored import coherent_fact
from domain.doctor.intake.file_form import pieces, text_of
from domain.doctor.intake.plain import Json, normal, read_object, too_deep, unreadable
from domain.values.fields import WORDS
from domain.values.refusals.refusal import Problem, Refused, refused
from domain.values.texts import WANTED

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
    "one-of": "one-of",
    "signed-on-differs": "signed-on-differs",
    "funding-without-gross": "funding-without-gross",
    "costs-do-not-add-up": "costs-do-not-add-up",
    "unseen": "bad-text",
    "recorded-too-early": "recorded-too-early",
}
_LIMITS: Final[Mapping[str, str]] = {
    "decimal_max_places": "høyst to desimaler",
    "greater_than": "over {gt}",
    "greater_than_equal": "minst {ge}",
    "less_than_equal": "høyst {le}",
}


@dataclass(frozen=True, slots=True)
class BeyondBounds(Problem):
    """Wrong with a fact as new input; the very same fact may be stored from before these bounds."""

    read: Fact


def read_facts(content: bytes) -> tuple[list[Placed], list[Problem]]:
    """Read a history: the facts with their places, and every problem of form."""
    facts, problems = list[Placed](), FormProblems()
    try:
        for place, piece in pieces(text_of(content)):
            _read_one(place, piece, facts, problems)
    except Refused as refusal:
        line = refusal.details.get("line")
        problems.add(Problem(line if isinstance(line, int) else None, None, refusal))
    except RecursionError:
        problems.add(Problem(None, None, too_deep()))
    if not facts and not problems.found:
        problems.add(Problem(None, None, refused("empty-file")))
    return facts, problems.all()


class FormProblems:
    """The problems of a file as they are found: the first are kept, the others counted."""

    KEPT: Final = 1_000

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._hard = 0

    def add(self, problem: Problem) -> None:
        """Keep a problem; of those that nothing stored can excuse, only the first."""
        if not isinstance(problem, BeyondBounds):
            self._hard += 1
            if self._hard > self.KEPT:
                return
        self.found.append(problem)

    def all(self) -> list[Problem]:
        """Every problem kept, and last how many were not."""
        left = self._hard - self.KEPT
        return [*self.found, *([Problem(None, None, refused("more-errors", count=left))] if left > 0 else [])]


def read_fact(plain: Json) -> Fact:
    """The fact of an object as somebody sent it; raises `ValidationError`."""
    return FACT.validate_json(to_json(normal(plain)))


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
    if kind == "unseen":
        return f"{WANTED}; her står {context['character']}"
    if kind == "alphabets":
        return "bokstaver fra ett alfabet"
    if kind == "string_pattern_mismatch":
        return WORDS.get(str(context["pattern"]), "et annet mønster")
    if kind in {"string_too_long", "string_too_short"}:
        most = context.get("max_length")
        return f"lengde 1 til {most} tegn" if most else "minst ett tegn"
    return "en tekst" if kind == "string_type" else "rett slag verdi"


def _read_one(place: int, text: str, facts: list[Placed], problems: FormProblems) -> None:
    try:
        plain = read_object(text)
    except Refused as refusal:
        known = refusal.details.get("id")
        problems.add(Problem(place, str(known) if known else None, refusal))
        return
    name = plain["id"] if isinstance(plain.get("id"), str) else None
    if broken := list(unreadable(plain)):
        for each in broken:
            problems.add(Problem(place, name, each))
        return
    try:
        facts.append((place, read_fact(plain)))
    except ValidationError as error:
        _add(place, name, error, _without_bounds(plain), problems)


def _add(place: int, name: str | None, error: ValidationError, read: Fact | None, problems: FormProblems) -> None:
    for each in error.errors():
        refusal = refusal_of(each)
        problems.add(BeyondBounds(place, name, refusal, read) if read else Problem(place, name, refusal))


def _without_bounds(plain: Json) -> Fact | None:
    """The fact as it could once be stored."""
    try:
        return coherent_fact(to_json(normal(plain)))
    except ValidationError:
        return None
