"""Municipalities: the months and the calculation of a round."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from api import documentation as doc
from api.calculation_shapes import Calculation
from api.etags import answer
from api.parameters import AsCalculated, Hpr, IfNoneMatch, Municipality, Round, UnderRules
from api.result_shapes import Months
from api.services import Services, Serving
from domain.casework.replaying import LineOf
from domain.rules.rule_set import RuleSet

router = APIRouter(prefix="/api/v1/municipalities/{municipality}/rounds/{round}", tags=["municipalities"])
_PROBLEMS: Final = ("unknown-municipality", "unknown-rule-set", "no-rule-set", "wrong-round")


@dataclass(frozen=True, slots=True)
class Place:
    """The municipality and round that an address names."""

    municipality: Municipality
    round_id: Round


@router.get(
    "/calculation",
    summary="Read the calculation of a round",
    description=doc.READ_CALCULATION,
    response_model=Calculation,
    responses=doc.reading(*_PROBLEMS),
)
def calculation(
    request: Request,
    municipality: Municipality,
    round_id: Round,
    query: AsCalculated,
    serving: Serving,
    _seen: IfNoneMatch = None,
) -> Response:
    """Months and kroner, exactly as `alis replay` prints them."""
    rules = _rules(serving, round_id, query.rules)
    replay = serving.casework.replay(municipality, rules, query.known_at, traced=query.trace)
    return answer(request, _as_bytes(replay.as_json(assumptions=query.assumptions)))


@router.get(
    "/calculation/{hpr}",
    summary="Read the calculation of one doctor's line",
    description=doc.READ_LINE,
    response_model=Calculation,
    responses=doc.reading(*_PROBLEMS, "no-line"),
)
def line(
    request: Request,
    where: Annotated[Place, Depends()],
    hpr: Hpr,
    query: AsCalculated,
    serving: Serving,
    _seen: IfNoneMatch = None,
) -> Response:
    """The calculation with one line alone."""
    rules = _rules(serving, where.round_id, query.rules)
    of = LineOf(where.municipality, hpr)
    replay = serving.casework.replay_line(of, rules, query.known_at, traced=query.trace)
    return answer(request, _as_bytes(replay.as_json(assumptions=query.assumptions)))


@router.get(
    "/months",
    summary="Read the months of a round",
    description=doc.READ_MONTHS,
    response_model=Months,
    responses=doc.reading(*_PROBLEMS),
)
def months(
    request: Request,
    municipality: Municipality,
    round_id: Round,
    query: UnderRules,
    serving: Serving,
    _seen: IfNoneMatch = None,
) -> Response:
    """The lines with their months only."""
    rules = _rules(serving, round_id, query.rules)
    replay = serving.casework.replay(municipality, rules, query.known_at)
    return answer(request, _as_bytes(replay.months_as_json()))


def _rules(serving: Services, round_id: str, rules: str | None) -> RuleSet:
    """The rule set asked for: by id, for nobody reads files through HTTP."""
    return serving.casework.book.rule_set(rules, round_id)


def _as_bytes(result: dict[str, Any]) -> bytes:
    return json.dumps(result, ensure_ascii=False).encode()
