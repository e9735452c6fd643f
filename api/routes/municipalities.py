"""Municipalities: the months and the calculation of a round."""

import json
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api import documentation as doc
from api.etags import answer
from api.parameters import IfNoneMatch, Municipality, Round, RulesQuery, UnderRules
from api.result_shapes import Calculation, Months
from api.services import Services, Serving
from domain.casework.replaying import Replay

router = APIRouter(prefix="/api/v1/municipalities/{municipality}/rounds/{round}", tags=["municipalities"])
_PROBLEMS: Final = ("unknown-municipality", "unknown-rule-set", "no-rule-set", "wrong-round")


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
    query: UnderRules,
    serving: Serving,
    _seen: IfNoneMatch = None,
) -> Response:
    """Months and kroner, exactly as `alis replay` prints them."""
    return answer(request, _as_bytes(_replay(serving, municipality, round_id, query).as_json()))


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
    whole = _replay(serving, municipality, round_id, query).as_json()
    kept = {name: value for name, value in whole.items() if name not in {"total", "complete"}}
    kept["lines"] = [{"hpr": line["hpr"], "months": line["months"]} for line in whole["lines"]]
    return answer(request, _as_bytes(kept))


def _replay(serving: Services, municipality: str, round_id: str, query: RulesQuery) -> Replay:
    """The result under the rule set asked for: by id, for nobody reads files through HTTP."""
    rules = serving.casework.book.rule_set(query.rules, round_id)
    return serving.casework.replay(municipality, rules, query.known_at)


def _as_bytes(result: dict[str, Any]) -> bytes:
    return json.dumps(result, ensure_ascii=False).encode()
