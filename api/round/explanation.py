"""The explained difference between two calculations of a municipality and round."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from api.access.guarded import Guarded
from api.described.body import JsonBody, schemas_of
from api.described.responses import reading, supposing
from api.door.patience import heavy
from api.http.bodies import Body
from api.http.conditions import FRESH, answer
from api.http.identity import seen_place
from api.http.parameters import IfNoneMatch, Municipality, NoQuery, Nothing, Round
from api.http.problems import FieldError, Problem
from api.http.services import Services
from api.round.asker import Asker
from api.round.explanation_shapes import ExplanationShape, SideBody, SidesBody
from deploy.clock import now
from domain.casework.explaining import AskedSide, SideRejected, WantedSide, asked_side
from domain.doctor.intake.intake import Placed, read_fact, refusal_of
from domain.rules.sets.rule_set import RuleSet
from domain.values.fields import RegisteredId
from domain.values.refusals.refusal import Refused, refused

PREFIX: Final = "/api/v1/municipalities/{municipality}/rounds/{round}/explanation"
router = APIRouter(prefix=PREFIX, tags=["municipalities"], route_class=Guarded)
_SIDES: Final = ("from", "to")
_MOST: Final = 200
_NAMED: Final = (
    "unknown-municipality",
    "unknown-rule-set",
    "no-rule-set",
    "wrong-round",
    "too-much-to-explain",
    "takes-too-long",
    "crowded",
)
_BODY: Final = JsonBody("SidesBody", "The two sides.", lambda: schemas_of("SidesBody", TypeAdapter(SidesBody)))


class SidesQuery(NoQuery):
    """The two sides, as the command line writes them, but for files."""

    from_: str = Field(
        alias="from",
        max_length=_MOST,
        description="The side to explain from: `now` or a moment, and after a comma `rules:` with a rule set's id.",
        examples=["2026-03-01T00:00:00Z"],
    )
    to: str = Field(
        default="now", max_length=_MOST, description="The side to explain to, written likewise.", examples=["now"]
    )
    rules: RegisteredId | None = Field(
        default=None,
        description="The id of the rule set of a side that names none; else the latest published one of the round.",
        examples=["nasjonal-alis-2026-provisional"],
    )


@router.get(
    "",
    summary="Explain why two calculations differ",
    operation_id="explain_difference",
    response_model=ExplanationShape,
    responses=reading(*_NAMED),
)
def stored(
    request: Request,
    municipality: Municipality,
    round_id: Round,
    query: Annotated[SidesQuery, Query()],
    asker: Annotated[Asker, Depends()],
    _seen: IfNoneMatch = None,
) -> Response:
    """Explain why two calculations of the round differ, krone by krone.

    The cause is what became known between two moments, what differs between two rule sets, or both. A side is `now` or
    a moment, and after a comma `rules:` with the id of a rule set: `now,rules:nasjonal-alis-2026-final`. The
    contributions sum exactly to the difference; the answer says in which order it is shared out. A municipality is told
    of another's facts only what they do to its lines, and a doctor of the own line alone.
    """
    serving = asker.serving
    asked = [_asked(name, text) for name, text in zip(_SIDES, (query.from_, query.to), strict=True)]
    if errors := [each for each in asked if isinstance(each, FieldError)]:
        raise Problem.invalid(errors)
    sides = [
        WantedSide(_rules(serving, each.rules or query.rules, round_id), each.known_at)
        for each in asked
        if isinstance(each, AskedSide)
    ]
    with heavy(request, serving):
        return answer(request, to_json(_explained(asker, municipality, sides)))


@router.post(
    "",
    summary="Explain what supposed facts would change",
    operation_id="explain_supposed_facts",
    response_model=ExplanationShape,
    responses=supposing(*_NAMED),
    openapi_extra=_BODY,
)
def supposed(
    request: Request,
    municipality: Municipality,
    round_id: Round,
    body: Body,
    _query: Nothing,
    asker: Annotated[Asker, Depends()],
) -> Response:
    """Explain the difference between two calculations, each of which may suppose some more facts.

    What is supposed is checked as a registration is, but it is never stored: all is read where nothing can be changed.
    An error in a fact is named by its place, `to.facts.0.first_day`.
    """
    sides, serving = _sides(body), asker.serving
    of_round = _of_address(asker, municipality, round_id)
    wanted = [_wanted(serving, each, round_id, of_round) for each in sides]
    facts, errors = _facts(sides)
    if errors:
        raise Problem.invalid(errors)
    try:
        with heavy(request, serving):
            asked = [replace(each, supposed=more) for each, more in zip(wanted, facts, strict=True)]
            found = _explained(asker, municipality, asked)
    except SideRejected as rejected:
        raise Problem.invalid(_errors(rejected)) from None
    return Response(to_json(found), headers={"Cache-Control": FRESH}, media_type="application/json")


def _asked(name: str, text: str) -> AskedSide | FieldError:
    """A side as the address has it; no file is read through HTTP."""
    try:
        side = asked_side(text, now())
        if side.facts is not None:
            raise refused("bad-side", side=text, because="forutsatte opplysninger sendes med POST, ikke i adressen")
    except Refused as refusal:
        return FieldError(name, refusal.code, str(refusal))
    return side


def _rules(serving: Services, rules: str | None, round_id: str) -> RuleSet:
    return serving.casework.book.rule_set(rules, round_id)


def _explained(asker: Asker, municipality: str, sides: Sequence[WantedSide]) -> dict[str, Any]:
    """The difference between two sides, as far as somebody sees it."""
    before, after = sides
    found = asker.serving.casework.explain(seen_place(asker.sight, municipality), before, after, sight=asker.sight)
    return found.as_json(whole=asker.whole)


def _of_address(asker: Asker, municipality: str, round_id: str) -> RuleSet:
    """The round's rule set in force; what the address names and is not there, or not theirs to see, is not found."""
    try:
        found = _rules(asker.serving, None, round_id)
        found.municipalities.current(seen_place(asker.sight, municipality))
    except Refused as refusal:
        raise Problem.of(refusal) from None
    return found


def _sides(body: dict[str, Any]) -> tuple[SideBody, SideBody]:
    try:
        read = SidesBody.model_validate_json(to_json(body))
    except ValidationError as error:
        raise Problem.invalid([FieldError.of(refusal_of(each)) for each in error.errors()]) from None
    return read.from_, read.to


def _wanted(serving: Services, side: SideBody, round_id: str, of_round: RuleSet) -> WantedSide:
    rules = of_round if side.rules is None else _rules(serving, side.rules, round_id)
    return WantedSide(rules, side.known_at)


def _facts(sides: tuple[SideBody, SideBody]) -> tuple[list[list[Placed]], list[FieldError]]:
    """The supposed facts of both sides with their places, counted from nought, and every error of them."""
    facts: list[list[Placed]] = [[], []]
    errors: list[FieldError] = []
    for number, side in enumerate(sides):
        for place, each in enumerate(side.facts):
            try:
                facts[number].append((place, read_fact(each)))
            except ValidationError as error:
                errors += [_placed(number, place, refusal_of(one)) for one in error.errors()]
    return facts, errors


def _errors(rejected: SideRejected) -> list[FieldError]:
    return [_placed(rejected.side, each.place, each.refusal) for each in rejected.problems]


def _placed(side: int, place: int | None, refusal: Refused) -> FieldError:
    """An error of a fact, named by where the fact stands."""
    field = FieldError.of(refusal).field
    parts = (_SIDES[side], "facts", place, field)
    return FieldError(".".join(str(part) for part in parts if part is not None), refusal.code, str(refusal))
