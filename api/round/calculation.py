"""Municipalities: the months and the calculation of a round."""

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from api.access.guarded import Guarded
from api.described import responses as doc
from api.door.patience import computing
from api.http.conditions import answer, etag_of
from api.http.identity import seen_place
from api.http.parameters import AsCalculated, Hpr, IfNoneMatch, Municipality, Round, UnderRules
from api.http.services import Services
from api.round.asker import Asker
from domain.casework.calculating import Question
from domain.casework.replaying import Calculation, LineOf, Months
from domain.values.refusals.refusal import refused

PREFIX: Final = "/api/v1/municipalities/{municipality}/rounds/{round}"
router = APIRouter(prefix=PREFIX, tags=["municipalities"], route_class=Guarded)
_PROBLEMS: Final = ("takes-too-long", "unknown-municipality", "unknown-rule-set", "no-rule-set", "wrong-round")


@dataclass(frozen=True, slots=True)
class Place:
    """The municipality and round that an address names."""

    municipality: Municipality
    round_id: Round


@router.get(
    "/calculation",
    summary="Read the calculation of a round",
    operation_id="read_calculation",
    response_model=Calculation,
    responses=doc.reading(*_PROBLEMS),
)
def calculation(
    request: Request,
    municipality: Municipality,
    round_id: Round,
    query: AsCalculated,
    asking: Annotated[Asker, Depends()],
    _seen: IfNoneMatch = None,
) -> Response:
    """Read the months and kroner of a municipality in a round, exactly as `alis replay` prints them.

    With `known_at` come also the facts that were known at the moment but stored after it. The answer says which choices
    of the rule set decide the amounts, and by how many kroner against each alternative, unless `assumptions=false`;
    with `trace=true` each line has the reasons for every krone, down to the sources and the ids of the facts.

    A municipality, its revisor and its ALIS office read their own, and in it of other municipalities' facts only what
    the lines need; a doctor reads the own line.
    """
    asked = _asked(Place(municipality, round_id), query, asking)
    return _calculated(request, asking, asked, query)


@router.get(
    "/calculation/{hpr}",
    summary="Read the calculation of one doctor's line",
    operation_id="read_line_calculation",
    response_model=Calculation,
    responses=doc.reading(*_PROBLEMS, "no-line"),
)
def line(
    request: Request,
    where: Annotated[Place, Depends()],
    hpr: Hpr,
    query: AsCalculated,
    asking: Annotated[Asker, Depends()],
    _seen: IfNoneMatch = None,
) -> Response:
    """Read the calculation with one doctor's line alone; with `trace=true` the reasons for every krone of it."""
    asked = _asked(where, query, asking, hpr)
    if asking.sight.doctor not in {None, hpr}:
        raise refused("no-line", hpr=hpr, round=asked.rules.round.id)
    return _calculated(request, asking, asked, query)


@router.get(
    "/months",
    summary="Read the months of a round",
    operation_id="read_months",
    response_model=Months,
    responses=doc.reading(*_PROBLEMS),
)
def months(
    request: Request,
    municipality: Municipality,
    round_id: Round,
    query: UnderRules,
    asking: Annotated[Asker, Depends()],
    _seen: IfNoneMatch = None,
) -> Response:
    """Read the calculation with the months only."""
    asked, serving = _asked(Place(municipality, round_id), query, asking), asking.serving

    def made() -> dict[str, Any]:
        with computing(request, serving):
            return serving.casework.calculating.replay(asked, traced=False).months_as_json(whole=asking.whole)

    return _once(request, serving, asked, ("months", asking.whole), made)


def _asked(where: Place, query: AsCalculated | UnderRules, asking: Asker, hpr: str | None = None) -> Question:
    """What is asked about a municipality, or one line there, for somebody who sees so far: a doctor, the own line.

    Rule sets are found by id, for nobody reads files through HTTP. Raises `Refused` (unknown-municipality).
    """
    rules = asking.serving.casework.book.rule_set(query.rules, where.round_id)
    municipality, calculating = seen_place(asking.sight, where.municipality), asking.serving.casework.calculating
    if (one := asking.sight.doctor or hpr) is None:
        return calculating.municipality(municipality, rules, query.known_at)
    return calculating.line(LineOf(municipality, one), rules, query.known_at)


def _calculated(request: Request, asking: Asker, asked: Question, query: AsCalculated) -> Response:
    """A calculation, as much of it as is asked for and may be seen."""
    serving, whole = asking.serving, asking.whole

    def made() -> dict[str, Any]:
        with computing(request, serving):
            replay = serving.casework.calculating.replay(asked, traced=query.trace)
            return replay.as_json(assumptions=query.assumptions, whole=whole)

    return _once(request, serving, asked, (query.trace, query.assumptions, whole), made)


def _once(
    request: Request, serving: Services, asked: Question, shape: Hashable, make: Callable[[], dict[str, Any]]
) -> Response:
    """What was answered to the same question in the same shape, where nothing that it follows from has changed."""

    def made() -> tuple[bytes, str]:
        content = json.dumps(make(), ensure_ascii=False).encode()
        return content, etag_of(content)

    return answer(request, *serving.calculations.once((asked.question, shape), asked.heads, made))
